/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "list_alignment.h"
#include "similarity.h"

/* An item that has no equal one at its place. */
struct loose {
    uint64_t hash;
    bool observed;
    size_t index; /* in its list */
    size_t pair;
};

struct mover {
    json_t *recorded, *observed; /* the lists */
    struct parity_item_pairs *pairs;
    struct loose *loose;
    size_t count;
    size_t *to, *from; /* for each pair: where its recorded item went, its observed one was */
    bool any;
};

static int compare_loose(const void *left, const void *right)
{
    const struct loose *a = left, *b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->observed != b->observed)
        return a->observed ? 1 : -1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static void add_loose(struct mover *m, size_t pair, bool observed)
{
    const struct parity_item_pair *p = &m->pairs->items[pair];
    size_t index = observed ? p->observed : p->recorded;
    json_t *item = json_array_get(observed ? m->observed : m->recorded, index);

    if (item)
        m->loose[m->count++] = (struct loose){parity_json_hash(item), observed, index, pair};
}

static void collect_loose(struct mover *m)
{
    for (size_t n = 0; n < m->pairs->count; n++) {
        const struct parity_item_pair *pair = &m->pairs->items[n];

        m->to[n] = m->from[n] = PARITY_NO_ITEM;
        if (parity_json_equal(json_array_get(m->recorded, pair->recorded),
                              json_array_get(m->observed, pair->observed)))
            continue;
        add_loose(m, n, false);
        add_loose(m, n, true);
    }
    if (m->count > 1)
        qsort(m->loose, m->count, sizeof *m->loose, compare_loose);
}

static void match(struct mover *m, const struct loose *recorded, const struct loose *observed)
{
    if (!parity_json_equal(json_array_get(m->recorded, recorded->index),
                           json_array_get(m->observed, observed->index)))
        return;
    m->to[recorded->pair] = observed->index;
    m->from[observed->pair] = recorded->index;
    m->any = true;
}

/* In each run of one hash: the first recorded with the first observed one, and so on. */
static void match_loose(struct mover *m)
{
    for (size_t n = 0; n < m->count;) {
        size_t middle = n, end, next;

        while (middle < m->count && m->loose[middle].hash == m->loose[n].hash &&
               !m->loose[middle].observed)
            middle++;
        end = middle;
        while (end < m->count && m->loose[end].hash == m->loose[n].hash)
            end++;
        next = end;
        for (size_t other = middle; n < middle && other < end; n++, other++)
            match(m, &m->loose[n], &m->loose[other]);
        n = next;
    }
}

/* The pairs anew, the moves among them. */
static int rewrite(struct mover *m)
{
    struct parity_item_pairs out = {0};

    if (parity_grow(&out.items, &out.capacity, 2 * m->pairs->count, sizeof *out.items) < 0)
        return -1;
    for (size_t n = 0; n < m->pairs->count; n++) {
        struct parity_item_pair pair = m->pairs->items[n];

        if (m->to[n] == PARITY_NO_ITEM && m->from[n] == PARITY_NO_ITEM) {
            out.items[out.count++] = pair;
            continue;
        }
        if (pair.recorded != PARITY_NO_ITEM)
            out.items[out.count++] =
                (struct parity_item_pair){pair.recorded, PARITY_NO_ITEM, m->to[n]};
        if (pair.observed != PARITY_NO_ITEM)
            out.items[out.count++] =
                (struct parity_item_pair){PARITY_NO_ITEM, pair.observed, m->from[n]};
    }
    parity_item_pairs_clear(m->pairs);
    *m->pairs = out;
    return 0;
}

int parity_list_find_moved(json_t *recorded, json_t *observed, struct parity_item_pairs *pairs)
{
    struct mover m = {.recorded = recorded, .observed = observed, .pairs = pairs};
    int rc = -1;

    m.loose = parity_calloc(2 * pairs->count + 1, sizeof *m.loose);
    m.to = parity_calloc(pairs->count + 1, sizeof *m.to);
    m.from = parity_calloc(pairs->count + 1, sizeof *m.from);
    if (m.loose && m.to && m.from) {
        collect_loose(&m);
        match_loose(&m);
        rc = m.any ? rewrite(&m) : 0;
    }
    parity_free(m.loose);
    parity_free(m.to);
    parity_free(m.from);
    return rc;
}
