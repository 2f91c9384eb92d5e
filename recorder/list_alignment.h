/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_LIST_ALIGNMENT_H
#define PARITY_RECORDER_LIST_ALIGNMENT_H

#include <jansson.h>
#include <stddef.h>

/** Items that correspond to each other; PARITY_NO_ITEM on a side that has none. */
struct parity_item_pair {
    size_t recorded, observed;
    size_t moved; /* of an item without a counterpart at its place: where the other side has an
                     equal one that has none, either; PARITY_NO_ITEM: nowhere */
};
#define PARITY_NO_ITEM ((size_t)-1)

struct parity_item_pairs {
    struct parity_item_pair *items; /* owned; in the order of both lists */
    size_t count, capacity;
};

void parity_item_pairs_clear(struct parity_item_pairs *pairs);

/**
 * Say which items of two lists correspond, so that a surplus item is one difference.
 *
 * Equal items first, then, between those, similar ones in their order, then what is left by
 * position. The effort is bounded: about n log n for items that occur once, and between equal items
 * a constant number of comparisons.
 *
 * @param pairs  filled from zero
 * @return 0, or -1 when out of memory
 */
int parity_list_align(json_t *recorded, json_t *observed, struct parity_item_pairs *pairs);

/**
 * Find the items that only changed their place: equal ones that no pair has brought together. A
 * pair of different items of which one has moved is taken apart. Takes n log n steps.
 *
 * @param pairs  as parity_list_align() filled them
 * @return 0, or -1 when out of memory
 */
int parity_list_find_moved(json_t *recorded, json_t *observed, struct parity_item_pairs *pairs);

/**
 * Bring together what is left: an item that changed its place and a little of what it holds. Takes
 * a bounded number of steps.
 *
 * @param pairs  as parity_list_find_moved() left them; afterwards not in the order of both lists
 */
void parity_list_pair_leftovers(json_t *recorded, json_t *observed,
                                struct parity_item_pairs *pairs);

#endif
