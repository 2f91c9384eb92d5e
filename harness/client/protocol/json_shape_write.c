/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs as the JSON that is sent. */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "client/protocol/json_const.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/scalar.h"

static json_t *shared(const json_t *value)
{
    return json_incref(parity_unconst(value));
}

/* The two below set *out and return true where the value fits, even if memory lacks (then NULL). */
static bool to_base64(const json_t *value, json_t **out)
{
    struct parity_buffer bytes = {0}, text = {0};
    bool fits = parity_input_bytes(value, &bytes) == 0 || bytes.failed;

    *out = NULL;
    if (fits) {
        parity_base64_encode(&text, bytes.data ? bytes.data : "", bytes.length);
        if (!text.failed && !bytes.failed)
            *out = json_stringn_nocheck(text.data ? text.data : "", text.length);
    }
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&text);
    return fits;
}

static bool to_timestamp(const json_t *value, const char *format_name, json_t **out)
{
    enum parity_timestamp_format format =
        parity_timestamp_format(format_name, PARITY_TIMESTAMP_UNIX);
    struct parity_timestamp timestamp;
    struct parity_buffer text = {0};

    *out = NULL;
    if (parity_input_timestamp(value, &timestamp) < 0)
        return false;
    if (format == PARITY_TIMESTAMP_UNIX) {
        *out = json_integer(timestamp.seconds);
        return true;
    }
    parity_timestamp_write(&timestamp, format, &text);
    if (!text.failed)
        *out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return true;
}

static json_t *checked(json_t *value, struct parity_error *err)
{
    if (!value)
        parity_fail_nomem(err);
    return value;
}

static json_t *write_plain(const json_t *value, struct parity_error *err);

static json_t *write_plain_object(const json_t *value, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        json_t *written = write_plain(item, err);

        if (!written || json_object_setn_new_nocheck(result, name, length, written) < 0) {
            json_decref(result);
            return checked(NULL, err);
        }
    }
    return checked(result, err);
}

static json_t *write_plain_array(const json_t *value, struct parity_error *err)
{
    json_t *result = json_array(), *item;
    size_t i;

    json_array_foreach(value, i, item) {
        json_t *written = write_plain(item, err);

        if (!written || json_array_append_new(result, written) < 0) {
            json_decref(result);
            return checked(NULL, err);
        }
    }
    return checked(result, err);
}

/* A value without (fitting) shape: typed values take the form that most models give them. */
static json_t *write_plain(const json_t *value, struct parity_error *err)
{
    json_t *result;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_BYTES:
        if (to_base64(value, &result))
            return checked(result, err);
        break;
    case PARITY_JSON_DATETIME:
        if (to_timestamp(value, NULL, &result))
            return checked(result, err);
        break;
    case PARITY_JSON_OBJECT:
        return write_plain_object(value, err);
    case PARITY_JSON_ARRAY:
        return write_plain_array(value, err);
    default:
        return shared(value);
    }
    parity_fail(err, PARITY_E_INVALID, NULL,
                "a typed value cannot be sent: not a timestamp of the years 1 to 9999, or no "
                "base64");
    return NULL;
}

static json_t *write_structure(const struct parity_shape *shape, const json_t *value,
                               const struct parity_member_path *path, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        const struct parity_shape *member = parity_shape_member(shape, name);
        const char *wire_name = member ? parity_shape_location_name(member) : NULL;
        struct parity_member_path below = {path, name, 0};
        json_t *written =
            member ? parity_json_write_shape(member, item, &below, err) : write_plain(item, err);

        if (!written ||
            json_object_setn_new_nocheck(result, wire_name ? wire_name : name,
                                         wire_name ? strlen(wire_name) : length, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

static json_t *write_map(const struct parity_shape *shape, const json_t *value,
                         const struct parity_member_path *path, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        struct parity_member_path below = {path, name, 0};
        json_t *written = parity_json_write_shape(parity_shape_map_value(shape), item, &below, err);

        if (!written || json_object_setn_new_nocheck(result, name, length, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

static json_t *write_list(const struct parity_shape *shape, const json_t *value,
                          const struct parity_member_path *path, struct parity_error *err)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *result = json_array(), *item;

    json_array_foreach(value, below.index, item) {
        json_t *written =
            parity_json_write_shape(parity_shape_list_member(shape), item, &below, err);

        if (!written || json_array_append_new(result, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

/* JSON has no NaN: AWS spells it. */
static json_t *write_real(const json_t *value)
{
    struct parity_buffer text = {0};
    json_t *result;

    if (json_is_number(value) || parity_json_kind(value) != PARITY_JSON_REAL)
        return shared(value);
    parity_json_number_text(&text, value);
    result = text.failed ? NULL : json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return result;
}

static json_t *write_scalar(const struct parity_shape *shape, const json_t *value,
                            struct parity_error *err)
{
    const char *format = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    enum parity_json_kind kind = parity_json_kind(value);
    json_t *result;

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_BLOB:
        if (to_base64(value, &result))
            return checked(result, err);
        break;
    case PARITY_SHAPE_TIMESTAMP:
        if (to_timestamp(value, format, &result))
            return checked(result, err);
        break;
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        if (kind == PARITY_JSON_REAL || kind == PARITY_JSON_INTEGER)
            return checked(write_real(value), err);
        break;
    default:
        break;
    }
    return write_plain(value, err);
}

json_t *parity_json_write_shape(const struct parity_shape *shape, const json_t *value,
                                const struct parity_member_path *path, struct parity_error *err)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (kind == PARITY_JSON_OBJECT && !parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
            return write_structure(shape, value, path, err);
        return write_plain(value, err);
    case PARITY_SHAPE_MAP:
        return kind == PARITY_JSON_OBJECT ? write_map(shape, value, path, err)
                                          : write_plain(value, err);
    case PARITY_SHAPE_LIST:
        return kind == PARITY_JSON_ARRAY ? write_list(shape, value, path, err)
                                         : write_plain(value, err);
    default:
        return write_scalar(shape, value, err);
    }
}
