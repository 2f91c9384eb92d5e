/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformer.h"

struct member {
    const char *key;
    size_t length;
    json_t *value; /* borrowed */
};

/* UTF-8 sorts by code point when its bytes do. */
static int compare_members(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    size_t common = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->key, b->key, common);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static struct member *sorted_members(json_t *object)
{
    size_t count = json_object_size(object), used = 0;
    struct member *members = parity_calloc(count ? count : 1, sizeof *members);
    const char *key;
    size_t length;
    json_t *value;

    if (!members)
        return NULL;
    json_object_keylen_foreach(object, key, length, value)
        members[used++] = (struct member){key, length, value};
    if (used > 1)
        qsort(members, used, sizeof *members, compare_members);
    return members;
}

static json_t *order_object(json_t *object);

/* Items that are lists themselves stay as they are, as in the reference. */
static json_t *order_items(json_t *array)
{
    json_t *out = json_array();
    json_t *item;
    size_t i;

    if (!out)
        return NULL;
    json_array_foreach(array, i, item) {
        json_t *ordered = parity_json_kind(item) == PARITY_JSON_OBJECT ? order_object(item)
                                                                       : parity_json_copy(item);

        if (json_array_append_new(out, ordered) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *order_value(json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_OBJECT:
        return order_object(value);
    case PARITY_JSON_ARRAY:
        return order_items(value);
    default:
        return parity_json_copy(value); /* typed values are objects, too */
    }
}

static bool is_metadata(const struct member *member)
{
    return member->length == strlen("ResponseMetadata") &&
           memcmp(member->key, "ResponseMetadata", member->length) == 0;
}

static json_t *order_object(json_t *object)
{
    size_t count = json_object_size(object);
    struct member *members = sorted_members(object);
    json_t *out = json_object();
    bool failed = !members || !out;

    for (int metadata = 0; metadata <= 1; metadata++)
        for (size_t i = 0; i < count && !failed; i++)
            if (is_metadata(&members[i]) == (metadata == 1))
                failed = json_object_setn_new_nocheck(out, members[i].key, members[i].length,
                                                      order_value(members[i].value)) < 0;
    parity_free(members);
    if (failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *parity_match_order(const json_t *value)
{
    /* Only reference counts change. jansson's accessors take no const. */
    json_t *mutable = (json_t *)(uintptr_t)value;

    return parity_json_kind(value) == PARITY_JSON_OBJECT ? order_object(mutable)
                                                         : parity_json_copy(value);
}
