/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/scalar.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/json_number.h"
#include "base/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank(**text)) {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && is_blank((*text)[*length - 1]))
        (*length)--;
}

/* Copies digits without the underscores that Python allows between two of them. Returns how many
 * characters it read; 0 when an underscore stands elsewhere. */
static size_t copy_digits(const char *text, size_t length, struct parity_buffer *out)
{
    size_t i = 0;

    for (; i < length && (is_digit(text[i]) || text[i] == '_'); i++) {
        if (is_digit(text[i]))
            parity_buffer_add_char(out, text[i]);
        else if (i == 0 || i + 1 == length || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
            return 0;
    }
    return i;
}

static void drop_leading_zeros(struct parity_buffer *number, size_t start)
{
    size_t zeros = 0;

    while (start + zeros + 1 < number->length && number->data[start + zeros] == '0' &&
           is_digit(number->data[start + zeros + 1]))
        zeros++;
    memmove(number->data + start, number->data + start + zeros, number->length - start - zeros + 1);
    number->length -= zeros;
}

/* --- real numbers ------------------------------------------------------------------------------
 */

static bool read_named_real(const char *text, size_t length, double *out)
{
    bool negative = length > 0 && *text == '-';

    if (length > 0 && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    if (length == 3 && strncasecmp(text, "nan", 3) == 0)
        *out = NAN;
    else if ((length == 3 && strncasecmp(text, "inf", 3) == 0) ||
             (length == 8 && strncasecmp(text, "infinity", 8) == 0))
        *out = negative ? -INFINITY : INFINITY;
    else
        return false;
    return true;
}

/* Rewrites what float() takes in JSON's grammar: "+07.", ".5e3" become "7.0", "0.5e3". */
static bool normalize_real(const char *text, size_t length, struct parity_buffer *out)
{
    size_t at = 0, whole, fraction = 0, start;

    if (at < length && (text[at] == '-' || text[at] == '+')) {
        if (text[at] == '-')
            parity_buffer_add_char(out, '-');
        at++;
    }
    start = out->length;
    whole = copy_digits(text + at, length - at, out);
    if (whole == 0)
        parity_buffer_add_char(out, '0');
    else if (!out->failed)
        drop_leading_zeros(out, start);
    at += whole;
    if (at < length && text[at] == '.') {
        parity_buffer_add_char(out, '.');
        fraction = copy_digits(text + at + 1, length - at - 1, out);
        if (fraction == 0)
            parity_buffer_add_char(out, '0');
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        parity_buffer_add_char(out, text[at++]);
        if (at < length && (text[at] == '-' || text[at] == '+'))
            parity_buffer_add_char(out, text[at++]);
        whole = copy_digits(text + at, length - at, out);
        if (whole == 0)
            return false;
        at += whole;
    }
    return at == length;
}

int parity_python_real(const char *text, size_t length, double *out)
{
    struct parity_buffer number = {0};
    int rc = -1;

    trim(&text, &length);
    if (read_named_real(text, length, out))
        return 0;
    if (length > 0 && normalize_real(text, length, &number) && !number.failed)
        rc = parity_real_read(number.data, number.length, out);
    parity_buffer_clear(&number);
    return rc;
}

/* --- values of a response ----------------------------------------------------------------------
 */

static void fail_value(struct parity_error *err, const struct parity_member_path *path,
                       const char *text, size_t length, const char *wanted)
{
    parity_member_path_fail(err, PARITY_E_RESPONSE, path, "response", "'%.*s' is no %s",
                            (int)(length > 80 ? 80 : length), text, wanted);
}

json_t *parity_scalar_integer(const char *text, size_t length,
                              const struct parity_member_path *path, struct parity_error *err)
{
    struct parity_buffer number = {0};
    const char *at = text;
    size_t left = length, start;
    json_t *value = NULL;

    trim(&at, &left);
    if (left > 0 && (*at == '-' || *at == '+')) {
        if (*at == '-')
            parity_buffer_add_char(&number, '-');
        at++;
        left--;
    }
    start = number.length;
    if (left == 0 || copy_digits(at, left, &number) != left) {
        fail_value(err, path, text, length, "integer");
        goto out;
    }
    if (!number.failed) {
        drop_leading_zeros(&number, start);
        if (strcmp(number.data, "-0") == 0)
            value = json_integer(0);
        else
            value = parity_json_number(number.data, number.length);
    }
    if (!value)
        parity_fail_nomem(err);
out:
    parity_buffer_clear(&number);
    return value;
}

json_t *parity_scalar_from_real(double value)
{
    if (isnan(value))
        return parity_json_number("NaN", 3);
    if (isinf(value))
        return value > 0 ? parity_json_number("Infinity", 8) : parity_json_number("-Infinity", 9);
    return json_real(value);
}

json_t *parity_scalar_real(const char *text, size_t length, const struct parity_member_path *path,
                           struct parity_error *err)
{
    double number;
    json_t *value;

    if (parity_python_real(text, length, &number) < 0) {
        fail_value(err, path, text, length, "number");
        return NULL;
    }
    value = parity_scalar_from_real(number);
    if (!value)
        parity_fail_nomem(err);
    return value;
}

static json_t *from_timestamp(const struct parity_timestamp *timestamp, struct parity_error *err)
{
    struct parity_buffer text = {0};
    json_t *value = NULL;

    parity_timestamp_isoformat(timestamp, &text);
    if (!text.failed)
        value = parity_json_datetime(text.data);
    if (!value)
        parity_fail_nomem(err);
    parity_buffer_clear(&text);
    return value;
}

json_t *parity_scalar_timestamp(const char *text, size_t length,
                                const struct parity_member_path *path, struct parity_error *err)
{
    struct parity_timestamp timestamp;

    if (parity_timestamp_parse(text, length, &timestamp) < 0) {
        fail_value(err, path, text, length, "timestamp");
        return NULL;
    }
    return from_timestamp(&timestamp, err);
}

json_t *parity_scalar_timestamp_number(const json_t *number, const struct parity_member_path *path,
                                       struct parity_error *err)
{
    struct parity_timestamp timestamp;

    if (parity_input_timestamp(number, &timestamp) < 0) {
        parity_member_path_fail(err, PARITY_E_RESPONSE, path, "response",
                                "the number is no timestamp of the years 1 to 9999");
        return NULL;
    }
    return from_timestamp(&timestamp, err);
}

/* What Python's b64decode() makes of a text: other signs are skipped, padding may end it early. */
static int decode_leniently(const char *text, size_t length, struct parity_buffer *out)
{
    struct parity_buffer clean = {0};
    size_t pads = 0;
    int rc = -1;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
            c == '/') {
            parity_buffer_add_char(&clean, c);
            pads = 0;
        } else if (c == '=' && clean.length % 4 >= 2 && clean.length % 4 + ++pads >= 4) {
            parity_buffer_add(&clean, "==", pads);
            break;
        } else if ((unsigned char)c >= 0x80) {
            goto out;
        }
    }
    if (!clean.failed)
        rc = clean.length ? parity_base64_decode(out, clean.data, clean.length) : 0;
out:
    parity_buffer_clear(&clean);
    return rc;
}

json_t *parity_scalar_blob(const char *text, size_t length, const struct parity_member_path *path,
                           struct parity_error *err)
{
    struct parity_buffer bytes = {0};
    json_t *value = NULL;

    if (decode_leniently(text, length, &bytes) < 0) {
        fail_value(err, path, text, length, "base64");
    } else {
        value = parity_json_bytes(bytes.data ? bytes.data : "", bytes.length);
        if (!value)
            parity_fail_nomem(err);
    }
    parity_buffer_clear(&bytes);
    return value;
}

json_t *parity_scalar_string(const char *text, size_t length, const struct parity_member_path *path,
                             struct parity_error *err)
{
    json_t *value;

    if (!parity_utf8_is_valid(text, length)) {
        parity_member_path_fail(err, PARITY_E_RESPONSE, path, "response", "the text is no UTF-8");
        return NULL;
    }
    value = json_stringn_nocheck(text, length);
    if (!value)
        parity_fail_nomem(err);
    return value;
}

json_t *parity_scalar_body(const char *data, size_t length)
{
    if (length == 0)
        return json_string("");
    if (parity_utf8_is_valid(data, length))
        return json_stringn_nocheck(data, length);
    return parity_json_bytes(data, length);
}

/* --- values of an input ------------------------------------------------------------------------
 */

int parity_input_timestamp(const json_t *value, struct parity_timestamp *out)
{
    const char *text;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_DATETIME:
        text = parity_json_datetime_text(value);
        return parity_timestamp_parse(text, strlen(text), out);
    case PARITY_JSON_STRING:
        return parity_timestamp_parse(json_string_value(value), json_string_length(value), out);
    case PARITY_JSON_INTEGER:
        return json_is_integer(value)
                   ? parity_timestamp_from_integer(json_integer_value(value), out)
                   : -1;
    case PARITY_JSON_REAL:
        return json_is_real(value) ? parity_timestamp_from_real(json_real_value(value), out) : -1;
    default:
        return -1;
    }
}

int parity_input_bytes(const json_t *value, struct parity_buffer *out)
{
    if (json_is_string(value)) {
        parity_buffer_add(out, json_string_value(value), json_string_length(value));
        return 0;
    }
    return parity_json_kind(value) == PARITY_JSON_BYTES ? parity_json_bytes_get(value, out) : -1;
}

int parity_input_text(const json_t *value, struct parity_buffer *out)
{
    struct parity_buffer bytes = {0};
    struct parity_timestamp timestamp;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_STRING:
        parity_buffer_add(out, json_string_value(value), json_string_length(value));
        return 0;
    case PARITY_JSON_INTEGER:
    case PARITY_JSON_REAL:
        parity_json_number_text(out, value);
        return 0;
    case PARITY_JSON_BOOLEAN:
        parity_buffer_add_text(out, json_is_true(value) ? "True" : "False");
        return 0;
    case PARITY_JSON_NULL:
        parity_buffer_add_text(out, "None");
        return 0;
    case PARITY_JSON_BYTES:
        if (parity_json_bytes_get(value, &bytes) < 0)
            return -1;
        parity_base64_encode(out, bytes.data ? bytes.data : "", bytes.length);
        parity_buffer_clear(&bytes);
        return 0;
    case PARITY_JSON_DATETIME:
        if (parity_input_timestamp(value, &timestamp) < 0)
            return -1;
        parity_timestamp_write(&timestamp, PARITY_TIMESTAMP_ISO8601, out);
        return 0;
    default:
        return -1;
    }
}
