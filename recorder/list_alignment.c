/* SPDX-License-Identifier: Apache-2.0 */
#include "list_alignment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "similarity.h"

enum {
    MAX_TABLE = 4096,       /* pairs of items that are weighed against each other, for one gap */
    NODE_BUDGET = 200,      /* values that weighing one pair may look at */
    ALIKE = 400,            /* from here on two items are the same one, changed */
    MAX_RUN_TABLE = 250000, /* pairs of equal-or-not for a gap of repeated items */
    MAX_DEPTH = 50          /* gaps in gaps */
};

/* One side: the items and their hashes. */
struct side {
    json_t *list;
    uint64_t *hashes;
    size_t count;
};

/* Part of both lists. */
struct gap {
    size_t a, a_end, b, b_end;
};

struct aligner {
    struct side a, b;
    struct parity_item_pairs *pairs;
    int depth;
};

void parity_item_pairs_clear(struct parity_item_pairs *pairs)
{
    parity_free(pairs->items);
    memset(pairs, 0, sizeof *pairs);
}

static int add_pair(struct aligner *x, size_t recorded, size_t observed)
{
    struct parity_item_pairs *pairs = x->pairs;

    if (parity_grow(&pairs->items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items) < 0)
        return -1;
    pairs->items[pairs->count++] = (struct parity_item_pair){recorded, observed, PARITY_NO_ITEM};
    return 0;
}

static bool same(const struct aligner *x, size_t i, size_t j)
{
    return x->a.hashes[i] == x->b.hashes[j] &&
           parity_json_equal(json_array_get(x->a.list, i), json_array_get(x->b.list, j));
}

/* The last resort: by position, the surplus at the end. */
static int pair_by_position(struct aligner *x, struct gap gap)
{
    for (; gap.a < gap.a_end || gap.b < gap.b_end; gap.a++, gap.b++)
        if (add_pair(x, gap.a < gap.a_end ? gap.a : PARITY_NO_ITEM,
                     gap.b < gap.b_end ? gap.b : PARITY_NO_ITEM) < 0)
            return -1;
    return 0;
}

/* Table of the best total for every pair of suffixes of a gap. */
struct table {
    int *totals; /* (rows + 1) x (columns + 1) */
    int *weights;
    size_t rows, columns;
};

static int *total_at(const struct table *t, size_t i, size_t j)
{
    return &t->totals[i * (t->columns + 1) + j];
}

static int best_of(int a, int b)
{
    return a > b ? a : b;
}

static void fill_table(struct table *t)
{
    for (size_t i = t->rows; i-- > 0;) {
        for (size_t j = t->columns; j-- > 0;) {
            int weight = t->weights[i * t->columns + j];
            int skip = best_of(*total_at(t, i + 1, j), *total_at(t, i, j + 1));

            *total_at(t, i, j) = weight ? best_of(skip, weight + *total_at(t, i + 1, j + 1)) : skip;
        }
    }
}

static int open_table(struct table *t, const struct gap *gap)
{
    t->rows = gap->a_end - gap->a;
    t->columns = gap->b_end - gap->b;
    t->totals = parity_calloc((t->rows + 1) * (t->columns + 1), sizeof *t->totals);
    t->weights = parity_calloc(t->rows * t->columns, sizeof *t->weights);
    return t->totals && t->weights ? 0 : -1;
}

static void close_table(struct table *t)
{
    parity_free(t->totals);
    parity_free(t->weights);
}

/* Walk the table from its beginning; what lies between the chosen pairs goes to `between`. */
static int follow_table(struct aligner *x, const struct table *t, struct gap gap,
                        int (*between)(struct aligner *x, struct gap gap))
{
    size_t i = 0, j = 0;
    struct gap open = gap;

    while (i < t->rows && j < t->columns) {
        int weight = t->weights[i * t->columns + j];

        if (weight && *total_at(t, i, j) == weight + *total_at(t, i + 1, j + 1)) {
            open.a_end = gap.a + i;
            open.b_end = gap.b + j;
            if (between(x, open) < 0 || add_pair(x, gap.a + i, gap.b + j) < 0)
                return -1;
            open.a = gap.a + ++i;
            open.b = gap.b + ++j;
        } else if (*total_at(t, i, j) == *total_at(t, i + 1, j)) {
            i++;
        } else {
            j++;
        }
    }
    open.a_end = gap.a_end;
    open.b_end = gap.b_end;
    return between(x, open);
}

/* Items that are not equal: the likeliest counterparts. */
static int pair_alike(struct aligner *x, struct gap gap)
{
    struct table t = {0};
    int rc = -1;

    if (gap.a == gap.a_end || gap.b == gap.b_end ||
        (gap.a_end - gap.a) > MAX_TABLE / (gap.b_end - gap.b))
        return pair_by_position(x, gap);
    if (open_table(&t, &gap) == 0) {
        for (size_t i = 0; i < t.rows; i++) {
            for (size_t j = 0; j < t.columns; j++) {
                int budget = NODE_BUDGET;
                int weight = parity_json_similarity(json_array_get(x->a.list, gap.a + i),
                                                    json_array_get(x->b.list, gap.b + j), &budget);

                t.weights[i * t.columns + j] = weight >= ALIKE ? weight : 0;
            }
        }
        fill_table(&t);
        rc = follow_table(x, &t, gap, pair_by_position);
    }
    close_table(&t);
    return rc;
}

/* Items that occur several times: the most that are equal and in the same order. */
static int pair_repeated(struct aligner *x, struct gap gap)
{
    struct table t = {0};
    int rc = -1;

    if (gap.a == gap.a_end || gap.b == gap.b_end ||
        (gap.a_end - gap.a) > MAX_RUN_TABLE / (gap.b_end - gap.b))
        return pair_alike(x, gap);
    if (open_table(&t, &gap) == 0) {
        for (size_t i = 0; i < t.rows; i++)
            for (size_t j = 0; j < t.columns; j++)
                t.weights[i * t.columns + j] = same(x, gap.a + i, gap.b + j);
        fill_table(&t);
        rc = follow_table(x, &t, gap, pair_alike);
    }
    close_table(&t);
    return rc;
}

/* An item of either side. */
struct entry {
    uint64_t hash;
    size_t index;
    bool observed;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->observed != b->observed)
        return a->observed ? 1 : -1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* partner[i - gap.a]: where the item that is once in each side is observed. */
static int find_unique(const struct aligner *x, const struct gap *gap, size_t *partner)
{
    size_t a_count = gap->a_end - gap->a, count = a_count + gap->b_end - gap->b;
    struct entry *entries = parity_calloc(count, sizeof *entries);

    if (!entries)
        return -1;
    for (size_t n = 0; n < count; n++) {
        bool observed = n >= a_count;
        size_t index = observed ? gap->b + n - a_count : gap->a + n;

        entries[n] =
            (struct entry){observed ? x->b.hashes[index] : x->a.hashes[index], index, observed};
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t n = 0; n < a_count; n++)
        partner[n] = PARITY_NO_ITEM;
    for (size_t n = 0; n < count;) {
        size_t end = n + 1;

        while (end < count && entries[end].hash == entries[n].hash)
            end++;
        if (end - n == 2 && !entries[n].observed && entries[n + 1].observed &&
            same(x, entries[n].index, entries[n + 1].index))
            partner[entries[n].index - gap->a] = entries[n + 1].index;
        n = end;
    }
    parity_free(entries);
    return 0;
}

/* Keep the longest ascending chain of partners, forget the others: patience sorting. */
static int keep_ascending(size_t *partner, size_t count)
{
    size_t *tops = parity_calloc(count + 1, sizeof *tops); /* last item of each chain length */
    size_t *before = parity_calloc(count + 1, sizeof *before);
    size_t length = 0, at;

    if (!tops || !before) {
        parity_free(tops);
        parity_free(before);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = length;

        if (partner[i] == PARITY_NO_ITEM)
            continue;
        while (low < high) {
            size_t middle = (low + high) / 2;

            if (partner[tops[middle]] < partner[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low ? tops[low - 1] : PARITY_NO_ITEM;
        tops[low] = i;
        if (low == length)
            length++;
    }
    at = length ? tops[length - 1] : PARITY_NO_ITEM;
    for (size_t i = count; i-- > 0;) {
        if (i == at)
            at = before[i];
        else
            partner[i] = PARITY_NO_ITEM;
    }
    parity_free(tops);
    parity_free(before);
    return 0;
}

static int align_gap(struct aligner *x, struct gap gap);

/* Fix the items that are there once on each side; false through `found` when there are none. */
static int split_at_unique(struct aligner *x, struct gap gap, bool *found)
{
    size_t count = gap.a_end - gap.a;
    size_t *partner = parity_calloc(count + 1, sizeof *partner);
    struct gap open = gap;
    int rc = -1;

    *found = false;
    if (!partner || find_unique(x, &gap, partner) < 0 || keep_ascending(partner, count) < 0)
        goto out;
    for (size_t n = 0; n < count; n++) {
        if (partner[n] == PARITY_NO_ITEM)
            continue;
        *found = true;
        open.a_end = gap.a + n;
        open.b_end = partner[n];
        if (align_gap(x, open) < 0 || add_pair(x, gap.a + n, partner[n]) < 0)
            goto out;
        open.a = gap.a + n + 1;
        open.b = partner[n] + 1;
    }
    open.a_end = gap.a_end;
    open.b_end = gap.b_end;
    rc = *found ? align_gap(x, open) : 0;
out:
    parity_free(partner);
    return rc;
}

static int align_middle(struct aligner *x, struct gap gap)
{
    bool found = false;
    int rc = 0;

    if (gap.a == gap.a_end || gap.b == gap.b_end)
        return pair_by_position(x, gap);
    if (x->depth < MAX_DEPTH) {
        x->depth++;
        rc = split_at_unique(x, gap, &found);
        x->depth--;
    }
    return rc < 0 || found ? rc : pair_repeated(x, gap);
}

static int align_gap(struct aligner *x, struct gap gap)
{
    size_t tail = 0;

    while (gap.a < gap.a_end && gap.b < gap.b_end && same(x, gap.a, gap.b))
        if (add_pair(x, gap.a++, gap.b++) < 0)
            return -1;
    while (gap.a_end > gap.a && gap.b_end > gap.b && same(x, gap.a_end - 1, gap.b_end - 1)) {
        gap.a_end--;
        gap.b_end--;
        tail++;
    }
    if (align_middle(x, gap) < 0)
        return -1;
    for (size_t n = 0; n < tail; n++)
        if (add_pair(x, gap.a_end + n, gap.b_end + n) < 0)
            return -1;
    return 0;
}

static int open_side(struct side *side, json_t *list)
{
    side->list = list;
    side->count = json_array_size(list);
    side->hashes = parity_calloc(side->count + 1, sizeof *side->hashes);
    if (!side->hashes)
        return -1;
    for (size_t i = 0; i < side->count; i++)
        side->hashes[i] = parity_json_hash(json_array_get(list, i));
    return 0;
}

int parity_list_align(json_t *recorded, json_t *observed, struct parity_item_pairs *pairs)
{
    struct aligner x = {.pairs = pairs};
    int rc = -1;

    if (open_side(&x.a, recorded) == 0 && open_side(&x.b, observed) == 0)
        rc = align_gap(&x, (struct gap){0, x.a.count, 0, x.b.count});
    parity_free(x.a.hashes);
    parity_free(x.b.hashes);
    return rc;
}
