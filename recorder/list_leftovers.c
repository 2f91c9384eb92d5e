/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "list_alignment.h"
#include "similarity.h"

/*
 * Items that changed their place and a little of what they hold. They have no equal one anywhere,
 * and stand in another order than their neighbours, so each would be one difference on either side.
 */

enum {
    MOST = 200,         /* items of a side that are looked at */
    BUDGET = 1 << 17,   /* values that are looked at, all comparisons together */
    LEAST_SHARED = 500, /* of PARITY_SIMILARITY_SAME */
};

static bool is_alone(const struct parity_item_pair *pair, bool observed)
{
    return pair->moved == PARITY_NO_ITEM &&
           (observed ? pair->recorded : pair->observed) == PARITY_NO_ITEM;
}

/* Plain values have nothing in common but what they are. */
static json_t *leftover(json_t *list, const struct parity_item_pair *pair, bool observed)
{
    json_t *item = is_alone(pair, observed)
                       ? json_array_get(list, observed ? pair->observed : pair->recorded)
                       : NULL;

    return parity_json_is_container(item) ? item : NULL;
}

/* The pair of the leftover observed item that has most in common with `item`; PARITY_NO_ITEM: none
 * has enough. */
static size_t find_counterpart(json_t *item, json_t *observed,
                               const struct parity_item_pairs *pairs, int *budget)
{
    size_t best = PARITY_NO_ITEM, seen = 0;
    int most = LEAST_SHARED;

    for (size_t n = 0; n < pairs->count && seen<MOST && * budget> 0; n++) {
        json_t *other = leftover(observed, &pairs->items[n], true);
        int shared = other ? parity_json_similarity(item, other, budget) : 0;

        seen += other != NULL;
        if (shared > most) {
            most = shared;
            best = n;
        }
    }
    return best;
}

static void drop_empty(struct parity_item_pairs *pairs)
{
    size_t kept = 0;

    for (size_t n = 0; n < pairs->count; n++)
        if (pairs->items[n].recorded != PARITY_NO_ITEM ||
            pairs->items[n].observed != PARITY_NO_ITEM)
            pairs->items[kept++] = pairs->items[n];
    pairs->count = kept;
}

void parity_list_pair_leftovers(json_t *recorded, json_t *observed, struct parity_item_pairs *pairs)
{
    int budget = BUDGET;
    size_t seen = 0;

    for (size_t n = 0; n < pairs->count && seen < MOST && budget > 0; n++) {
        json_t *item = leftover(recorded, &pairs->items[n], false);
        size_t other = item ? find_counterpart(item, observed, pairs, &budget) : PARITY_NO_ITEM;

        seen += item != NULL;
        if (other == PARITY_NO_ITEM)
            continue;
        pairs->items[n].observed = pairs->items[other].observed;
        pairs->items[other].observed = PARITY_NO_ITEM;
    }
    drop_empty(pairs);
}
