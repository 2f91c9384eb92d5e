/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "client/jmespath/function.h"

/* sort, min, max, and the same by a key: all of them look at items with their keys. */

struct entry {
    json_t *key;  /* new */
    json_t *item; /* borrowed */
    size_t position;
};

struct entries {
    struct entry *items;
    size_t count;
};

static void clear(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        json_decref(entries->items[i].key);
    parity_free(entries->items);
}

/* Keys are numbers, or strings, but not both: then they have an order. */
static int check_key(struct parity_jp_call *call, const struct entries *entries, const json_t *key)
{
    unsigned type = parity_jp_type_of(key);

    if ((type & (PARITY_JP_NUMBER_TYPE | PARITY_JP_STRING_TYPE)) &&
        (entries->count == 0 || parity_jp_type_of(entries->items[0].key) == type))
        return 0;
    parity_jp_fail(
        call->run->err, PARITY_E_INVALID, call->run->expression->text, call->node->offset,
        "the keys of %s() must be numbers or strings throughout, not %s",
        call->node->function->name, entries->count ? "a mixture" : parity_jp_type_name(type));
    return -1;
}

static int collect(struct parity_jp_call *call, struct entries *out)
{
    json_t *list = json_array_get(call->arguments, 0);
    size_t size = json_array_size(list);

    *out = (struct entries){.items = parity_calloc(size ? size : 1, sizeof *out->items)};
    if (!out->items) {
        parity_fail_nomem(call->run->err);
        return -1;
    }
    for (size_t i = 0; i < size; i++) {
        json_t *item = json_array_get(list, i), *key = json_incref(item);

        if (call->expression) {
            json_decref(key);
            key = parity_jp_evaluate(call->run, call->expression, item);
        }
        if (!key || check_key(call, out, key) < 0) {
            json_decref(key);
            clear(out);
            return -1;
        }
        out->items[out->count++] = (struct entry){.key = key, .item = item, .position = i};
    }
    return 0;
}

/* NaN is behind all other numbers, so that there always is one order. */
static int compare_keys(const json_t *a, const json_t *b)
{
    int order = json_is_string(a) && json_is_string(b) ? parity_jp_compare_strings(a, b)
                                                       : parity_jp_compare_numbers(a, b);

    if (order != 2)
        return order;
    return (parity_jp_compare_numbers(a, a) == 2) - (parity_jp_compare_numbers(b, b) == 2);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = compare_keys(x->key, y->key);

    return order ? order : (x->position > y->position) - (x->position < y->position);
}

static json_t *sorted(struct parity_jp_call *call)
{
    struct entries entries;
    json_t *out = NULL;

    if (collect(call, &entries) < 0)
        return NULL;
    qsort(entries.items, entries.count, sizeof *entries.items, compare_entries);
    out = parity_jp_checked(call->run, json_array());
    for (size_t i = 0; out && i < entries.count; i++)
        if (parity_jp_append(call->run, out, json_incref(entries.items[i].item)) < 0) {
            json_decref(out);
            out = NULL;
        }
    clear(&entries);
    return out;
}

/* The first of the items with the smallest (-1) or the largest key (1). */
static json_t *extreme(struct parity_jp_call *call, int direction)
{
    struct entries entries;
    size_t best = 0;
    json_t *out;

    if (collect(call, &entries) < 0)
        return NULL;
    for (size_t i = 1; i < entries.count; i++)
        if (compare_keys(entries.items[i].key, entries.items[best].key) == direction)
            best = i;
    out = entries.count ? json_incref(entries.items[best].item) : json_null();
    clear(&entries);
    return out;
}

json_t *parity_jp_sort(struct parity_jp_call *call)
{
    return sorted(call);
}

json_t *parity_jp_sort_by(struct parity_jp_call *call)
{
    return sorted(call);
}

json_t *parity_jp_min(struct parity_jp_call *call)
{
    return extreme(call, -1);
}

json_t *parity_jp_max(struct parity_jp_call *call)
{
    return extreme(call, 1);
}

json_t *parity_jp_min_by(struct parity_jp_call *call)
{
    return extreme(call, -1);
}

json_t *parity_jp_max_by(struct parity_jp_call *call)
{
    return extreme(call, 1);
}
