/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence_matcher.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Places in `b` of each item, in ascending order: first[item] is the first, next[j] the one after
   j. */
struct places {
    size_t *first, *next;
    size_t item_count;
};

enum { NONE = 0 }; /* places are stored plus one */

struct range {
    size_t a_low, a_high, b_low, b_high;
};

struct matcher {
    const size_t *a, *b;
    struct places places;
    size_t *lengths, *new_lengths; /* of the run that ends at b[j], stored at j + 1 */
    struct range *queue;
    size_t queued, queue_capacity;
    struct parity_blocks *blocks;
};

void parity_blocks_clear(struct parity_blocks *blocks)
{
    parity_free(blocks->items);
    memset(blocks, 0, sizeof *blocks);
}

static int index_places(struct places *places, const size_t *a, size_t a_count, const size_t *b,
                        size_t b_count)
{
    places->item_count = 0;
    for (size_t i = 0; i < a_count; i++)
        if (a[i] >= places->item_count)
            places->item_count = a[i] + 1;
    for (size_t j = 0; j < b_count; j++)
        if (b[j] >= places->item_count)
            places->item_count = b[j] + 1;
    places->first = parity_calloc(places->item_count + 1, sizeof *places->first);
    places->next = parity_calloc(b_count + 1, sizeof *places->next);
    if (!places->first || !places->next)
        return -1;
    for (size_t j = b_count; j-- > 0;) {
        places->next[j] = places->first[b[j]];
        places->first[b[j]] = j + 1;
    }
    return 0;
}

/* Forget the run lengths that the places of `item` hold. */
static void forget(const struct matcher *m, size_t *lengths, size_t item)
{
    for (size_t j = m->places.first[item]; j != NONE; j = m->places.next[j - 1])
        lengths[j] = 0;
}

static struct parity_block longest_run(struct matcher *m, const struct range *range)
{
    struct parity_block best = {range->a_low, range->b_low, 0};

    for (size_t i = range->a_low; i < range->a_high; i++) {
        size_t *swap = m->lengths;

        for (size_t place = m->places.first[m->a[i]]; place != NONE;
             place = m->places.next[place - 1]) {
            size_t j = place - 1, length;

            if (j < range->b_low)
                continue;
            if (j >= range->b_high)
                break;
            length = m->lengths[j] + 1; /* lengths[j] is of the run that ends at j - 1 */
            m->new_lengths[j + 1] = length;
            if (length > best.size)
                best = (struct parity_block){i + 1 - length, j + 1 - length, length};
        }
        if (i > range->a_low)
            forget(m, m->lengths, m->a[i - 1]);
        m->lengths = m->new_lengths;
        m->new_lengths = swap;
    }
    if (range->a_high > range->a_low)
        forget(m, m->lengths, m->a[range->a_high - 1]);
    return best;
}

static int push(struct matcher *m, struct range range)
{
    if (range.a_low >= range.a_high || range.b_low >= range.b_high)
        return 0;
    if (parity_grow(&m->queue, &m->queue_capacity, m->queued + 1, sizeof *m->queue) < 0)
        return -1;
    m->queue[m->queued++] = range;
    return 0;
}

static int add_block(struct parity_blocks *blocks, struct parity_block block)
{
    if (parity_grow(&blocks->items, &blocks->capacity, blocks->count + 1, sizeof block) < 0)
        return -1;
    blocks->items[blocks->count++] = block;
    return 0;
}

static int collect(struct matcher *m, struct range whole)
{
    if (push(m, whole) < 0)
        return -1;
    while (m->queued > 0) {
        struct range range = m->queue[--m->queued];
        struct parity_block run = longest_run(m, &range);
        struct range left = {range.a_low, run.a, range.b_low, run.b};
        struct range right = {run.a + run.size, range.a_high, run.b + run.size, range.b_high};

        if (run.size > 0 &&
            (add_block(m->blocks, run) < 0 || push(m, left) < 0 || push(m, right) < 0))
            return -1;
    }
    return 0;
}

static int compare_blocks(const void *left, const void *right)
{
    const struct parity_block *x = left, *y = right;

    return x->a < y->a ? -1 : x->a > y->a;
}

/* Runs that touch on both sides are one. */
static void join(struct parity_blocks *blocks)
{
    size_t used = 0;

    if (blocks->count > 1)
        qsort(blocks->items, blocks->count, sizeof *blocks->items, compare_blocks);
    for (size_t i = 1; i < blocks->count; i++) {
        struct parity_block *last = &blocks->items[used], *block = &blocks->items[i];

        if (last->a + last->size == block->a && last->b + last->size == block->b)
            last->size += block->size;
        else
            blocks->items[++used] = *block;
    }
    if (blocks->count > 0)
        blocks->count = used + 1;
}

int parity_sequence_match(const size_t *a, size_t a_count, const size_t *b, size_t b_count,
                          struct parity_blocks *blocks)
{
    struct matcher m = {.a = a, .b = b, .blocks = blocks};
    int rc = -1;

    m.lengths = parity_calloc(b_count + 2, sizeof *m.lengths);
    m.new_lengths = parity_calloc(b_count + 2, sizeof *m.new_lengths);
    if (m.lengths && m.new_lengths && index_places(&m.places, a, a_count, b, b_count) == 0 &&
        collect(&m, (struct range){0, a_count, 0, b_count}) == 0) {
        join(blocks);
        rc = add_block(blocks, (struct parity_block){a_count, b_count, 0});
    }
    parity_free(m.lengths);
    parity_free(m.new_lengths);
    parity_free(m.places.first);
    parity_free(m.places.next);
    parity_free(m.queue);
    return rc;
}
