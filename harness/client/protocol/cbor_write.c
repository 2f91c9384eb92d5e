/* SPDX-License-Identifier: Apache-2.0 */
#include <cbor.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/json_const.h"
#include "client/protocol/scalar.h"

struct writer {
    struct parity_buffer *out;
    struct parity_error *err;
};

static int write_value(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path);

/* --- heads -------------------------------------------------------------------------------------
 */

enum { HEAD_BYTES = 16 }; /* more than any head takes */

static void add_head(const struct writer *w, size_t (*encode)(size_t, unsigned char *, size_t),
                     size_t number)
{
    unsigned char head[HEAD_BYTES];

    parity_buffer_add(w->out, head, encode(number, head, sizeof head));
}

static void add_unsigned(const struct writer *w, uint64_t number)
{
    unsigned char head[HEAD_BYTES];

    parity_buffer_add(w->out, head, cbor_encode_uint(number, head, sizeof head));
}

static void add_integer(const struct writer *w, int64_t number)
{
    unsigned char head[HEAD_BYTES];

    if (number >= 0)
        add_unsigned(w, (uint64_t)number);
    else
        parity_buffer_add(w->out, head,
                          cbor_encode_negint((uint64_t)(-1 - number), head, sizeof head));
}

static void add_text(const struct writer *w, const char *text, size_t length)
{
    add_head(w, cbor_encode_string_start, length);
    parity_buffer_add(w->out, text, length);
}

static void add_real(const struct writer *w, double number, bool single)
{
    unsigned char head[HEAD_BYTES];
    size_t length;

    if (isnan(number)) {
        parity_buffer_add(w->out, "\xf9\x7e\x00", 3); /* libcbor might choose another NaN */
        return;
    }
    if (isinf(number))
        length = cbor_encode_half((float)number, head, sizeof head);
    else if (single)
        length = cbor_encode_single((float)number, head, sizeof head);
    else
        length = cbor_encode_double(number, head, sizeof head);
    parity_buffer_add(w->out, head, length);
}

static void add_boolean(const struct writer *w, bool value)
{
    unsigned char head[HEAD_BYTES];

    parity_buffer_add(w->out, head, cbor_encode_bool(value, head, sizeof head));
}

/* --- scalars -----------------------------------------------------------------------------------
 */

static double real_value(const json_t *value)
{
    struct parity_buffer text = {0};
    double number = NAN;

    if (json_is_number(value))
        return json_number_value(value);
    if (json_is_string(value)) {
        (void)parity_python_real(json_string_value(value), json_string_length(value), &number);
        return number;
    }
    parity_json_number_text(&text, value);
    if (!text.failed)
        (void)parity_python_real(text.data, text.length, &number);
    parity_buffer_clear(&text);
    return number;
}

/* The names that the other protocols send for numbers which JSON has no text for. */
static bool is_named_real(const json_t *value)
{
    const char *text = json_string_value(value);

    return text && (strcmp(text, "NaN") == 0 || strcmp(text, "Infinity") == 0 ||
                    strcmp(text, "-Infinity") == 0);
}

/* Integers beyond int64 reach up to 2^64 - 1 in CBOR. */
static int write_integer(const struct writer *w, const json_t *value,
                         const struct parity_member_path *path)
{
    struct parity_buffer text = {0};
    unsigned long long number;
    int rc = -1;

    if (json_is_integer(value)) {
        add_integer(w, json_integer_value(value));
        return 0;
    }
    parity_json_number_text(&text, value);
    errno = 0;
    number = text.failed || text.data[0] == '-' ? 0 : strtoull(text.data, NULL, 10);
    if (number == 0 || errno == ERANGE)
        parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input",
                                "the integer is too large");
    else {
        add_unsigned(w, number);
        rc = 0;
    }
    parity_buffer_clear(&text);
    return rc;
}

static int write_bytes(const struct writer *w, const json_t *value)
{
    struct parity_buffer bytes = {0};

    if (parity_input_bytes(value, &bytes) < 0)
        return -1;
    add_head(w, cbor_encode_bytestring_start, bytes.length);
    parity_buffer_add(w->out, bytes.data, bytes.length);
    parity_buffer_clear(&bytes);
    return 0;
}

static int write_timestamp(const struct writer *w, const json_t *value)
{
    struct parity_timestamp timestamp;

    if (parity_input_timestamp(value, &timestamp) < 0)
        return -1;
    parity_buffer_add_char(w->out, '\xc1'); /* tag 1 */
    add_integer(w, timestamp.seconds);
    return 0;
}

/* --- containers --------------------------------------------------------------------------------
 */

static size_t count_members(const json_t *value)
{
    size_t count = 0;
    const char *name;
    json_t *item;

    json_object_foreach(parity_unconst(value), name, item)
        count += !json_is_null(item);
    return count;
}

/* `shape` may be NULL, or of another type: then members have no shape. */
static int write_object(const struct writer *w, const struct parity_shape *shape,
                        const json_t *value, const struct parity_member_path *path)
{
    bool map = shape && parity_shape_type(shape) == PARITY_SHAPE_MAP;
    bool structure = shape && parity_shape_type(shape) == PARITY_SHAPE_STRUCTURE;
    const char *name;
    json_t *item;
    size_t length;

    add_head(w, cbor_encode_map_start, map ? json_object_size(value) : count_members(value));
    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        const struct parity_shape *member = structure ? parity_shape_member(shape, name) : NULL;
        const char *wire_name = member ? parity_shape_location_name(member) : NULL;
        struct parity_member_path below = {path, name, 0};

        if (!map && json_is_null(item))
            continue;
        if (wire_name)
            add_text(w, wire_name, strlen(wire_name));
        else
            add_text(w, name, length);
        if (write_value(w, map ? parity_shape_map_value(shape) : member, item, &below) < 0)
            return -1;
    }
    return 0;
}

static int write_array(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path)
{
    bool list = shape && parity_shape_type(shape) == PARITY_SHAPE_LIST;
    struct parity_member_path below = {path, NULL, 0};
    json_t *item;

    add_head(w, cbor_encode_array_start, json_array_size(value));
    json_array_foreach(value, below.index, item)
        if (write_value(w, list ? parity_shape_list_member(shape) : NULL, item, &below) < 0)
            return -1;
    return 0;
}

/* By the value's own type. */
static int write_plain(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path)
{
    int rc = 0;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_OBJECT:
        return write_object(w, shape, value, path);
    case PARITY_JSON_ARRAY:
        return write_array(w, shape, value, path);
    case PARITY_JSON_STRING:
        add_text(w, json_string_value(value), json_string_length(value));
        return 0;
    case PARITY_JSON_INTEGER:
        return write_integer(w, value, path);
    case PARITY_JSON_REAL:
        add_real(w, real_value(value), false);
        return 0;
    case PARITY_JSON_BOOLEAN:
        add_boolean(w, json_is_true(value));
        return 0;
    case PARITY_JSON_NULL:
        parity_buffer_add_char(w->out, '\xf6');
        return 0;
    case PARITY_JSON_BYTES:
        rc = write_bytes(w, value);
        break;
    case PARITY_JSON_DATETIME:
        rc = write_timestamp(w, value);
        break;
    }
    if (rc < 0)
        parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input", "cannot be sent as CBOR");
    return rc;
}

static int write_value(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (shape ? parity_shape_type(shape) : PARITY_SHAPE_STRING) {
    case PARITY_SHAPE_BLOB:
        if (write_bytes(w, value) == 0)
            return 0;
        break;
    case PARITY_SHAPE_TIMESTAMP:
        if (write_timestamp(w, value) == 0)
            return 0;
        break;
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        if (kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL || is_named_real(value)) {
            add_real(w, real_value(value), parity_shape_type(shape) == PARITY_SHAPE_FLOAT);
            return 0;
        }
        break;
    default:
        break;
    }
    return write_plain(w, shape, value, path);
}

int parity_cbor_write(const struct parity_shape *shape, const json_t *value,
                      struct parity_buffer *out, struct parity_error *err)
{
    const struct writer writer = {out, err};

    return write_value(&writer, shape, value, NULL);
}
