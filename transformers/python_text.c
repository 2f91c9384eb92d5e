/* SPDX-License-Identifier: Apache-2.0 */
#include "python_text.h"

#include <string.h>

#include "base/json.h"

/* Python writes microseconds as six digits, or not at all. */
static const char *write_fraction(struct parity_buffer *out, const char *at)
{
    char digits[7] = "000000";
    size_t count = 0;

    for (at++; *at >= '0' && *at <= '9'; at++)
        if (count < 6)
            digits[count++] = *at;
    if (strcmp(digits, "000000") != 0)
        parity_buffer_printf(out, ".%s", digits);
    return at;
}

void parity_python_datetime_text(struct parity_buffer *out, const char *iso8601)
{
    for (const char *at = iso8601; *at;) {
        if (*at == 'T' && at == iso8601 + strlen("2024-01-02")) {
            parity_buffer_add_char(out, ' ');
            at++;
        } else if (*at == '.') {
            at = write_fraction(out, at);
        } else if (*at == 'Z') {
            parity_buffer_add_text(out, "+00:00");
            at++;
        } else {
            parity_buffer_add_char(out, *at++);
        }
    }
}

static void write_quoted(struct parity_buffer *out, const char *text, size_t length, bool bytes)
{
    bool single = memchr(text, '\'', length) && !memchr(text, '"', length);
    char quote = single ? '"' : '\'';

    parity_buffer_add_char(out, quote);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == (unsigned char)quote || c == '\\')
            parity_buffer_printf(out, "\\%c", c);
        else if (c == '\n' || c == '\r' || c == '\t')
            parity_buffer_printf(out, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        else if (c < 0x20 || c == 0x7f || (bytes && c >= 0x80))
            parity_buffer_printf(out, "\\x%02x", c);
        else
            parity_buffer_add_char(out, (char)c);
    }
    parity_buffer_add_char(out, quote);
}

void parity_python_bytes_text(struct parity_buffer *out, const void *data, size_t length)
{
    parity_buffer_add_char(out, 'b');
    write_quoted(out, length ? data : "", length, true);
}

void parity_python_string_text(struct parity_buffer *out, const char *text, size_t length)
{
    write_quoted(out, text, length, false);
}

static int write_typed(struct parity_buffer *out, const json_t *value, struct parity_error *err)
{
    struct parity_buffer bytes = {0};
    int rc = 0;

    if (parity_json_kind(value) == PARITY_JSON_DATETIME) {
        parity_python_datetime_text(out, parity_json_datetime_text(value));
        return 0;
    }
    parity_buffer_add(&bytes, "", 0);
    if (parity_json_bytes_get(value, &bytes) == 0) {
        parity_python_bytes_text(out, bytes.data, bytes.length);
    } else {
        if (!bytes.failed)
            parity_fail(err, PARITY_E_INVALID, NULL, "a $bytes value is no base64: '%.60s'",
                        json_string_value(json_object_get(value, "$bytes")));
        rc = -1;
    }
    parity_buffer_clear(&bytes);
    return rc;
}

/* New string for a date or byte string. */
static json_t *untyped(const json_t *value, struct parity_error *err)
{
    struct parity_buffer text = {0};
    json_t *out = NULL;

    parity_buffer_add(&text, "", 0);
    if (write_typed(&text, value, err) == 0 && !text.failed)
        out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return out;
}

/* What `value` is to become: itself, or its text. New; NULL on failure. */
static json_t *replacement_of(json_t *value, struct parity_error *err)
{
    enum parity_json_kind kind = parity_json_kind(value);

    if (kind == PARITY_JSON_DATETIME || kind == PARITY_JSON_BYTES)
        return untyped(value, err);
    if (parity_json_is_container(value) && parity_python_text_untype(value, err) < 0)
        return NULL;
    return json_incref(value);
}

static int untype_members(json_t *object, struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        json_t *text = replacement_of(json_object_iter_value(m), err);

        if (!text || json_object_iter_set_new(object, m, text) < 0)
            return -1;
    }
    return 0;
}

static int untype_items(json_t *array, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t *text = replacement_of(json_array_get(array, i), err);

        if (!text || json_array_set_new(array, i, text) < 0)
            return -1;
    }
    return 0;
}

int parity_python_text_untype(json_t *container, struct parity_error *err)
{
    int rc =
        json_is_array(container) ? untype_items(container, err) : untype_members(container, err);

    if (rc < 0)
        parity_fail_nomem(err); /* unless there is a better reason */
    return rc;
}

bool parity_python_truth(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_NULL:
        return false;
    case PARITY_JSON_BOOLEAN:
        return json_is_true(value);
    case PARITY_JSON_INTEGER:
        return !json_is_integer(value) || json_integer_value(value) != 0;
    case PARITY_JSON_REAL:
        return !json_is_real(value) || json_real_value(value) != 0;
    case PARITY_JSON_STRING:
        return json_string_length(value) > 0;
    case PARITY_JSON_ARRAY:
        return json_array_size(value) > 0;
    case PARITY_JSON_OBJECT:
        return json_object_size(value) > 0;
    case PARITY_JSON_BYTES:
        return json_string_length(json_object_get(value, "$bytes")) > 0;
    default:
        return true;
    }
}
