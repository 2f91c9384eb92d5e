/* SPDX-License-Identifier: Apache-2.0 */
#include "similarity.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

enum {
    SAME_TYPE = 100,  /* two values of one type are a little alike */
    LIST_SAMPLE = 16, /* items of a list that are looked at */
    MEMBER_WEIGHT = 200
};

static uint64_t mix(uint64_t h)
{
    h ^= h >> 30;
    h *= UINT64_C(0xbf58476d1ce4e5b9);
    h ^= h >> 27;
    h *= UINT64_C(0x94d049bb133111eb);
    return h ^ h >> 31;
}

static uint64_t hash_bytes(const char *data, size_t length, uint64_t seed)
{
    uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
    return mix(h);
}

static uint64_t hash_number(const json_t *number)
{
    struct parity_buffer text = {0};
    uint64_t h;

    parity_json_number_text(&text, number);
    h = hash_bytes(text.failed ? "" : text.data, text.length, 3);
    parity_buffer_clear(&text);
    return h;
}

static uint64_t hash_object(json_t *object)
{
    uint64_t h = 5;
    const char *key;
    size_t length;
    json_t *value;

    /* A sum, so that the order of members does not count. */
    json_object_keylen_foreach(object, key, length, value)
        h += mix(hash_bytes(key, length, 7) + 31 * parity_json_hash(value));
    return mix(h);
}

uint64_t parity_json_hash(json_t *value)
{
    uint64_t h = 11;
    json_t *item;
    size_t i;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_NULL:
        return 1;
    case PARITY_JSON_BOOLEAN:
        return json_is_true(value) ? 13 : 17;
    case PARITY_JSON_INTEGER:
    case PARITY_JSON_REAL:
        return hash_number(value);
    case PARITY_JSON_STRING:
        return hash_bytes(json_string_value(value), json_string_length(value), 2);
    case PARITY_JSON_ARRAY:
        json_array_foreach(value, i, item)
            h = mix(h + parity_json_hash(item));
        return h;
    default:
        return hash_object(value); /* typed values, too */
    }
}

/* The shares of beginning and end that two texts have in common. */
static int text_similarity(const json_t *a, const json_t *b)
{
    const char *x = json_string_value(a), *y = json_string_value(b);
    size_t x_length = json_string_length(a), y_length = json_string_length(b);
    size_t shorter = x_length < y_length ? x_length : y_length;
    size_t longer = x_length < y_length ? y_length : x_length;
    size_t head = 0, tail = 0;

    while (head < shorter && x[head] == y[head])
        head++;
    while (tail < shorter - head && x[x_length - 1 - tail] == y[y_length - 1 - tail])
        tail++;
    if (longer == 0)
        return PARITY_SIMILARITY_SAME;
    return SAME_TYPE + (int)((head + tail) * (PARITY_SIMILARITY_SAME - SAME_TYPE) / longer);
}

static int object_similarity(json_t *a, json_t *b, int *budget)
{
    size_t all = json_object_size(b);
    int64_t sum = 0;
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(a, key, length, value) {
        json_t *other = json_object_getn(b, key, length);

        if (!other)
            all++;
        else
            sum += MEMBER_WEIGHT + (int64_t)parity_json_similarity(value, other, budget) *
                                       (PARITY_SIMILARITY_SAME - MEMBER_WEIGHT) /
                                       PARITY_SIMILARITY_SAME;
    }
    return all ? (int)(sum / (int64_t)all) : PARITY_SIMILARITY_SAME;
}

static int list_similarity(json_t *a, json_t *b, int *budget)
{
    size_t a_size = json_array_size(a), b_size = json_array_size(b);
    size_t longer = a_size > b_size ? a_size : b_size;
    size_t shorter = a_size > b_size ? b_size : a_size;
    size_t looked = longer < LIST_SAMPLE ? longer : LIST_SAMPLE;
    int64_t sum = 0;

    for (size_t i = 0; i < looked && i < shorter; i++)
        sum += parity_json_similarity(json_array_get(a, i), json_array_get(b, i), budget);
    if (looked == 0)
        return PARITY_SIMILARITY_SAME;
    return SAME_TYPE + (int)(sum / (int64_t)looked) * (PARITY_SIMILARITY_SAME - SAME_TYPE) /
                           PARITY_SIMILARITY_SAME;
}

int parity_json_similarity(json_t *a, json_t *b, int *budget)
{
    enum parity_json_kind kind = parity_json_kind(a);

    if (kind != parity_json_kind(b) || --*budget < 0)
        return 0;
    switch (kind) {
    case PARITY_JSON_OBJECT:
        return object_similarity(a, b, budget);
    case PARITY_JSON_ARRAY:
        return list_similarity(a, b, budget);
    case PARITY_JSON_STRING:
        return text_similarity(a, b);
    default:
        return parity_json_equal(a, b) ? PARITY_SIMILARITY_SAME : SAME_TYPE;
    }
}
