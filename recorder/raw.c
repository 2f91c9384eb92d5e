/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/raw.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

static json_t *encode_date(const char *date)
{
    struct parity_buffer text = {0};
    size_t seconds = strcspn(date, "."), digits = 0;
    json_t *encoded = NULL;

    if (date[seconds] == '.')
        digits = strspn(date + seconds + 1, "0123456789");
    if (digits > 3)
        digits = 3;
    parity_buffer_add(&text, date, strnlen(date, strlen("0000-00-00T00:00:00")));
    parity_buffer_add_char(&text, '.');
    if (digits)
        parity_buffer_add(&text, date + seconds + 1, digits);
    parity_buffer_add(&text, "000Z", 4);
    if (!text.failed) {
        memmove(text.data + text.length - 4, &"000Z"[digits], 4 - digits);
        text.length -= digits;
        encoded = json_stringn(text.data, text.length);
    }
    parity_buffer_clear(&text);
    return encoded;
}

static json_t *encode_bytes(const json_t *value)
{
    struct parity_buffer text = {0};
    json_t *encoded = NULL;

    if (parity_json_bytes_get(value, &text) == 0)
        encoded = json_stringn(text.data ? text.data : "", text.length);
    parity_buffer_clear(&text);
    return encoded ? encoded : parity_json_copy(value);
}

static json_t *encode_array(const json_t *array)
{
    json_t *encoded = json_array();

    for (size_t i = 0; encoded && i < json_array_size(array); i++)
        if (json_array_append_new(encoded, parity_raw_encode(json_array_get(array, i))) < 0) {
            json_decref(encoded);
            return NULL;
        }
    return encoded;
}

static json_t *encode_object(const json_t *members)
{
    json_t *object = (json_t *)(uintptr_t)members; /* iterating changes nothing */
    json_t *encoded = json_object();
    const char *name;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(object, name, length, value)
        if (json_object_setn_new_nocheck(encoded, name, length, parity_raw_encode(value)) < 0) {
            json_decref(encoded);
            return NULL;
        }
    return encoded;
}

json_t *parity_raw_encode(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_DATETIME:
        return encode_date(parity_json_datetime_text(value));
    case PARITY_JSON_BYTES:
        return encode_bytes(value);
    case PARITY_JSON_ARRAY:
        return encode_array(value);
    case PARITY_JSON_OBJECT:
        return encode_object(value);
    default:
        return parity_json_copy(value);
    }
}
