/* SPDX-License-Identifier: Apache-2.0 */
#include <cbor.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/json_const.h"
#include "client/protocol/scalar.h"

enum { MAX_DEPTH = 500 };

/* The head of one item, as libcbor's callbacks tell it. */
struct token {
    enum token_type {
        TOKEN_UNSIGNED,
        TOKEN_NEGATIVE, /* the value is -1 - number */
        TOKEN_BYTES,
        TOKEN_BYTES_START, /* chunks follow, up to a break */
        TOKEN_TEXT,
        TOKEN_TEXT_START,
        TOKEN_ARRAY, /* number of items; `open`: up to a break */
        TOKEN_MAP,
        TOKEN_TAG,
        TOKEN_REAL,
        TOKEN_BOOLEAN,
        TOKEN_NULL,
        TOKEN_BREAK
    } type;
    uint64_t number;
    double real;
    const unsigned char *data;
    size_t length;
    bool open;
};

struct reader {
    const unsigned char *at, *end;
    int depth;
    struct parity_error *err;
};

/* --- tokens ------------------------------------------------------------------------------------
 */

static void on_uint8(void *token, uint8_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_UNSIGNED, .number = value};
}

static void on_uint16(void *token, uint16_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_UNSIGNED, .number = value};
}

static void on_uint32(void *token, uint32_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_UNSIGNED, .number = value};
}

static void on_uint64(void *token, uint64_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_UNSIGNED, .number = value};
}

static void on_negative8(void *token, uint8_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_NEGATIVE, .number = value};
}

static void on_negative16(void *token, uint16_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_NEGATIVE, .number = value};
}

static void on_negative32(void *token, uint32_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_NEGATIVE, .number = value};
}

static void on_negative64(void *token, uint64_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_NEGATIVE, .number = value};
}

static void on_bytes(void *token, cbor_data data, size_t length)
{
    *(struct token *)token = (struct token){.type = TOKEN_BYTES, .data = data, .length = length};
}

static void on_bytes_start(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_BYTES_START};
}

static void on_text(void *token, cbor_data data, size_t length)
{
    *(struct token *)token = (struct token){.type = TOKEN_TEXT, .data = data, .length = length};
}

static void on_text_start(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_TEXT_START};
}

static void on_array(void *token, size_t count)
{
    *(struct token *)token = (struct token){.type = TOKEN_ARRAY, .number = count};
}

static void on_open_array(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_ARRAY, .open = true};
}

static void on_map(void *token, size_t count)
{
    *(struct token *)token = (struct token){.type = TOKEN_MAP, .number = count};
}

static void on_open_map(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_MAP, .open = true};
}

static void on_tag(void *token, uint64_t value)
{
    *(struct token *)token = (struct token){.type = TOKEN_TAG, .number = value};
}

static void on_float(void *token, float value)
{
    *(struct token *)token = (struct token){.type = TOKEN_REAL, .real = (double)value};
}

static void on_double(void *token, double value)
{
    *(struct token *)token = (struct token){.type = TOKEN_REAL, .real = value};
}

static void on_null(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_NULL};
}

static void on_boolean(void *token, bool value)
{
    *(struct token *)token = (struct token){.type = TOKEN_BOOLEAN, .number = value};
}

static void on_break(void *token)
{
    *(struct token *)token = (struct token){.type = TOKEN_BREAK};
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negative8,
    .negint16 = on_negative16,
    .negint32 = on_negative32,
    .negint64 = on_negative64,
    .byte_string = on_bytes,
    .byte_string_start = on_bytes_start,
    .string = on_text,
    .string_start = on_text_start,
    .array_start = on_array,
    .indef_array_start = on_open_array,
    .map_start = on_map,
    .indef_map_start = on_open_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_null,
    .null = on_null,
    .boolean = on_boolean,
    .indef_break = on_break,
};

static int fail(struct reader *r, const char *reason)
{
    parity_fail(r->err, PARITY_E_RESPONSE, NULL, "no usable CBOR: %s", reason);
    return -1;
}

static int next_token(struct reader *r, struct token *token)
{
    struct cbor_decoder_result result;

    result = cbor_stream_decode(r->at, (size_t)(r->end - r->at), &callbacks, token);
    if (result.status == CBOR_DECODER_NEDATA || r->at == r->end)
        return fail(r, "it ends in the middle of a value");
    if (result.status != CBOR_DECODER_FINISHED)
        return fail(r, "a value begins with a byte that has no meaning");
    r->at += result.read;
    return 0;
}

/* --- values ------------------------------------------------------------------------------------
 */

static json_t *read_item(struct reader *r);
static json_t *read_value(struct reader *r, const struct token *token);

static json_t *fail_value(struct reader *r, const char *reason)
{
    fail(r, reason);
    return NULL;
}

static json_t *checked(struct reader *r, json_t *value)
{
    if (!value)
        parity_fail_nomem(r->err);
    return value;
}

/* All CBOR integers fit into 65 bits. */
static json_t *read_integer(struct reader *r, const struct token *token)
{
    bool negative = token->type == TOKEN_NEGATIVE;
    char text[32];

    if (token->number <= INT64_MAX)
        return checked(
            r, json_integer(negative ? -1 - (json_int_t)token->number : (json_int_t)token->number));
    if (negative && token->number == UINT64_MAX)
        snprintf(text, sizeof text, "-18446744073709551616");
    else
        snprintf(text, sizeof text, "%s%" PRIu64, negative ? "-" : "", token->number + negative);
    return checked(r, parity_json_number(text, strlen(text)));
}

/* The chunks of a string of open length, which must all be of its own type. */
static int read_chunks(struct reader *r, enum token_type type, struct parity_buffer *out)
{
    for (;;) {
        struct token token;

        if (next_token(r, &token) < 0)
            return -1;
        if (token.type == TOKEN_BREAK)
            return 0;
        if (token.type != type)
            return fail(r, "a chunk of a string is of another type");
        parity_buffer_add(out, token.data, token.length);
    }
}

static json_t *make_string(struct reader *r, enum token_type type, const void *data, size_t length)
{
    const void *bytes = data ? data : "";

    if (type == TOKEN_BYTES)
        return checked(r, parity_json_bytes(bytes, length));
    if (!parity_utf8_is_valid(bytes, length))
        return fail_value(r, "a text is no UTF-8");
    return checked(r, json_stringn_nocheck(bytes, length));
}

static json_t *read_string(struct reader *r, const struct token *token)
{
    struct parity_buffer chunks = {0};
    enum token_type type = token->type == TOKEN_BYTES_START ? TOKEN_BYTES : TOKEN_TEXT;
    json_t *value = NULL;

    if (token->type == TOKEN_BYTES || token->type == TOKEN_TEXT)
        return make_string(r, token->type, token->data, token->length);
    if (read_chunks(r, type, &chunks) == 0)
        value = chunks.failed ? checked(r, NULL) : make_string(r, type, chunks.data, chunks.length);
    parity_buffer_clear(&chunks);
    return value;
}

/* The next item of a collection. Returns 1, 0 at its end, -1. */
static int next_item(struct reader *r, const struct token *collection, uint64_t index,
                     struct token *token)
{
    if (!collection->open && index == collection->number)
        return 0;
    if (next_token(r, token) < 0)
        return -1;
    if (token->type != TOKEN_BREAK)
        return 1;
    return collection->open ? 0 : fail(r, "a break stands in a collection of known length");
}

static json_t *read_array(struct reader *r, const struct token *head)
{
    json_t *array = checked(r, json_array());
    struct token token;
    int more;

    for (uint64_t i = 0; array && (more = next_item(r, head, i, &token)) != 0; i++) {
        json_t *value = more > 0 ? read_value(r, &token) : NULL;

        if (!value || json_array_append_new(array, value) < 0) {
            json_decref(array);
            return value ? checked(r, NULL) : NULL;
        }
    }
    return array;
}

static int read_pair(struct reader *r, const struct token *token, json_t *map)
{
    json_t *key = read_value(r, token), *value = key ? read_item(r) : NULL;
    int rc = -1;

    if (!value)
        goto out;
    if (!json_is_string(key)) {
        fail(r, "a key of a map is no text");
        goto out;
    }
    if (json_is_null(value)) {
        rc = 0;
        goto out;
    }
    rc = json_object_setn_nocheck(map, json_string_value(key), json_string_length(key), value);
    if (rc < 0)
        parity_fail_nomem(r->err);
out:
    json_decref(key);
    json_decref(value);
    return rc;
}

static json_t *read_map(struct reader *r, const struct token *head)
{
    json_t *map = checked(r, json_object());
    struct token token;
    int more;

    for (uint64_t i = 0; map && (more = next_item(r, head, i, &token)) != 0; i++) {
        if (more < 0 || read_pair(r, &token, map) < 0) {
            json_decref(map);
            map = NULL;
        }
    }
    return map;
}

/* Tag 1, the only one that the protocol has: seconds since 1970. */
static json_t *read_tagged(struct reader *r, const struct token *token)
{
    json_t *value = read_item(r), *timestamp = NULL;

    if (value && token->number != 1)
        fail(r, "it has a tag that the protocol does not know");
    else if (value && !json_is_number(value))
        fail(r, "a timestamp is no number");
    else if (value)
        timestamp = parity_scalar_timestamp_number(value, NULL, r->err);
    json_decref(value);
    return timestamp;
}

static json_t *read_value(struct reader *r, const struct token *token)
{
    json_t *value = NULL;

    if (r->depth == MAX_DEPTH)
        return fail_value(r, "values are nested deeper than 500");
    r->depth++;
    switch (token->type) {
    case TOKEN_UNSIGNED:
    case TOKEN_NEGATIVE:
        value = read_integer(r, token);
        break;
    case TOKEN_BYTES:
    case TOKEN_BYTES_START:
    case TOKEN_TEXT:
    case TOKEN_TEXT_START:
        value = read_string(r, token);
        break;
    case TOKEN_ARRAY:
        value = read_array(r, token);
        break;
    case TOKEN_MAP:
        value = read_map(r, token);
        break;
    case TOKEN_TAG:
        value = read_tagged(r, token);
        break;
    case TOKEN_REAL:
        value = checked(r, parity_scalar_from_real(token->real));
        break;
    case TOKEN_BOOLEAN:
        value = json_boolean(token->number);
        break;
    case TOKEN_NULL:
        value = json_null();
        break;
    case TOKEN_BREAK:
        value = fail_value(r, "a break stands outside of a collection");
        break;
    }
    r->depth--;
    return value;
}

static json_t *read_item(struct reader *r)
{
    struct token token;

    return next_token(r, &token) < 0 ? NULL : read_value(r, &token);
}

json_t *parity_cbor_decode(const char *data, size_t length, struct parity_error *err)
{
    struct reader reader = {.err = err};

    reader.at = (const unsigned char *)(data ? data : "");
    reader.end = reader.at + length;
    return read_item(&reader);
}
