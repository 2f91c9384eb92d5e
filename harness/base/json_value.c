/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/json_number.h"

#define NUMBER_KEY "\xffnumber"
#define DATETIME_KEY "$datetime"
#define BYTES_KEY "$bytes"

/* The string in an object with one member of this name; NULL for everything else. */
static const json_t *only_member(const json_t *value, const char *key, size_t length)
{
    void *member;

    if (!json_is_object(value) || json_object_size(value) != 1)
        return NULL;
    member = json_object_iter((json_t *)(uintptr_t)value);
    if (json_object_iter_key_len(member) != length ||
        memcmp(json_object_iter_key(member), key, length) != 0)
        return NULL;
    return json_is_string(json_object_iter_value(member)) ? json_object_iter_value(member) : NULL;
}

/* Whether the only member of an object is called as none of a plain object should be. */
static bool may_be_typed(const json_t *value)
{
    const char *name;

    if (!json_is_object(value) || json_object_size(value) != 1)
        return false;
    name = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)value));
    return name[0] == DATETIME_KEY[0] || name[0] == BYTES_KEY[0] || name[0] == NUMBER_KEY[0];
}

static const json_t *number_text(const json_t *value)
{
    return only_member(value, NUMBER_KEY, sizeof NUMBER_KEY - 1);
}

static bool is_name_of_number(const json_t *text)
{
    const char *first = json_string_value(text);

    return first[0] == 'N' || first[0] == 'I' || (first[0] == '-' && first[1] == 'I');
}

enum parity_json_kind parity_json_kind(const json_t *value)
{
    static const enum parity_json_kind plain[] = {
        [JSON_OBJECT] = PARITY_JSON_OBJECT, [JSON_ARRAY] = PARITY_JSON_ARRAY,
        [JSON_STRING] = PARITY_JSON_STRING, [JSON_INTEGER] = PARITY_JSON_INTEGER,
        [JSON_REAL] = PARITY_JSON_REAL,     [JSON_TRUE] = PARITY_JSON_BOOLEAN,
        [JSON_FALSE] = PARITY_JSON_BOOLEAN, [JSON_NULL] = PARITY_JSON_NULL,
    };
    const json_t *text;

    if (!value)
        return PARITY_JSON_NULL;
    if (!may_be_typed(value))
        return plain[json_typeof(value)];
    text = number_text(value);
    if (text)
        return is_name_of_number(text) ? PARITY_JSON_REAL : PARITY_JSON_INTEGER;
    if (only_member(value, DATETIME_KEY, sizeof DATETIME_KEY - 1))
        return PARITY_JSON_DATETIME;
    if (only_member(value, BYTES_KEY, sizeof BYTES_KEY - 1))
        return PARITY_JSON_BYTES;
    return PARITY_JSON_OBJECT;
}

bool parity_json_is_container(const json_t *value)
{
    return json_is_array(value) || parity_json_kind(value) == PARITY_JSON_OBJECT;
}

static json_t *typed(const char *key, size_t key_length, const char *text, size_t length)
{
    json_t *value = json_object();

    if (value && json_object_setn_new_nocheck(value, key, key_length,
                                              json_stringn_nocheck(text, length)) < 0) {
        json_decref(value);
        return NULL;
    }
    return value;
}

json_t *parity_json_datetime(const char *iso8601)
{
    return typed(DATETIME_KEY, sizeof DATETIME_KEY - 1, iso8601, strlen(iso8601));
}

json_t *parity_json_bytes(const void *data, size_t length)
{
    struct parity_buffer text = {0};
    json_t *value = NULL;

    parity_base64_encode(&text, data, length);
    if (!text.failed)
        value = typed(BYTES_KEY, sizeof BYTES_KEY - 1, text.data, text.length);
    parity_buffer_clear(&text);
    return value;
}

static json_t *real_number(const char *text, size_t length)
{
    double value;

    if (parity_real_read(text, length, &value) < 0)
        return NULL;
    if (isinf(value))
        return value > 0 ? typed(NUMBER_KEY, sizeof NUMBER_KEY - 1, "Infinity", 8)
                         : typed(NUMBER_KEY, sizeof NUMBER_KEY - 1, "-Infinity", 9);
    return json_real(value);
}

static bool is_text(const char *text, size_t length, const char *expected)
{
    return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

json_t *parity_json_number(const char *text, size_t length)
{
    long long integer;
    bool is_real;

    if (is_text(text, length, "NaN") || is_text(text, length, "Infinity") ||
        is_text(text, length, "-Infinity"))
        return typed(NUMBER_KEY, sizeof NUMBER_KEY - 1, text, length);
    if (length == 0 || parity_number_scan(text, length, &is_real) != length)
        return NULL;
    if (is_real)
        return real_number(text, length);
    if (parity_integer_read(text, length, &integer))
        return json_integer(integer);
    return typed(NUMBER_KEY, sizeof NUMBER_KEY - 1, text, length);
}

const char *parity_json_datetime_text(const json_t *value)
{
    return json_string_value(only_member(value, DATETIME_KEY, sizeof DATETIME_KEY - 1));
}

int parity_json_bytes_get(const json_t *value, struct parity_buffer *out)
{
    const json_t *text = only_member(value, BYTES_KEY, sizeof BYTES_KEY - 1);

    return text ? parity_base64_decode(out, json_string_value(text), json_string_length(text)) : -1;
}

void parity_json_number_text(struct parity_buffer *out, const json_t *number)
{
    char text[PARITY_REAL_TEXT_SIZE];
    const json_t *typed_text = number_text(number);

    if (typed_text)
        parity_buffer_add(out, json_string_value(typed_text), json_string_length(typed_text));
    else if (json_is_real(number))
        parity_buffer_add(out, text, parity_real_text(json_real_value(number), text));
    else
        parity_buffer_add(out, text, parity_integer_text(json_integer_value(number), text));
}

bool parity_json_add_plain(struct parity_buffer *out, const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_STRING:
        parity_buffer_add(out, json_string_value(value), json_string_length(value));
        return true;
    case PARITY_JSON_INTEGER:
    case PARITY_JSON_REAL:
        parity_json_number_text(out, value);
        return true;
    case PARITY_JSON_BOOLEAN:
        parity_buffer_add_text(out, json_is_true(value) ? "true" : "false");
        return true;
    case PARITY_JSON_DATETIME:
        parity_buffer_add_text(out, parity_json_datetime_text(value));
        return true;
    case PARITY_JSON_NULL:
    case PARITY_JSON_BYTES:
    case PARITY_JSON_ARRAY:
    case PARITY_JSON_OBJECT:
        break;
    }
    return false;
}

/*
 * jansson's own comparison and copy lose keys with a NUL in them. Typed values are objects with
 * their type as key, so nothing needs to know of them here. Depth is what a reader lets through.
 */

static bool equal_lists(const json_t *a, const json_t *b)
{
    size_t count = json_array_size(a);

    if (count != json_array_size(b))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!parity_json_equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

static json_t *for_iterating(const json_t *object)
{
    return (json_t *)(uintptr_t)object; /* jansson's iterators want it, and change nothing */
}

static bool equal_objects(const json_t *a, const json_t *b)
{
    json_t *object = for_iterating(a);

    if (json_object_size(a) != json_object_size(b))
        return false;
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const json_t *other =
            json_object_getn(b, json_object_iter_key(at), json_object_iter_key_len(at));

        if (!other || !parity_json_equal(json_object_iter_value(at), other))
            return false;
    }
    return true;
}

bool parity_json_equal(const json_t *a, const json_t *b)
{
    if (!a || !b || json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_array(a))
        return equal_lists(a, b);
    return json_is_object(a) ? equal_objects(a, b) : json_equal(a, b);
}

bool parity_json_holds_text(const json_t *texts, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach(texts, i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
            return true;
    return false;
}

static int copy_items(json_t *to, const json_t *from)
{
    for (size_t i = 0; i < json_array_size(from); i++)
        if (json_array_append_new(to, parity_json_copy(json_array_get(from, i))) < 0)
            return -1;
    return 0;
}

static int copy_members(json_t *to, const json_t *from)
{
    json_t *object = for_iterating(from);

    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
        if (json_object_setn_new_nocheck(to, json_object_iter_key(at), json_object_iter_key_len(at),
                                         parity_json_copy(json_object_iter_value(at))) < 0)
            return -1;
    return 0;
}

json_t *parity_json_copy(const json_t *value)
{
    bool is_array = json_is_array(value);
    json_t *copy;

    if (!is_array && !json_is_object(value)) /* only its reference count changes */
        return json_incref((json_t *)(uintptr_t)value);
    copy = is_array ? json_array() : json_object();
    if (copy && (is_array ? copy_items(copy, value) : copy_members(copy, value)) < 0) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

void parity_json_freeze(json_t *value, const struct parity_arena *arena)
{
    if (!parity_arena_holds(arena, value))
        return;
    value->refcount = (size_t)-1; /* as jansson's own true has, which its functions leave alone */
    for (size_t i = 0; i < json_array_size(value); i++)
        parity_json_freeze(json_array_get(value, i), arena);
    for (void *m = json_object_iter(value); m; m = json_object_iter_next(value, m))
        parity_json_freeze(json_object_iter_value(m), arena);
}
