/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_RENAMING_VOTES_H
#define PARITY_RECORDER_RENAMING_VOTES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** How much speaks for one recorded and one observed number being the same. */
struct parity_vote {
    char *label; /* owned */
    long recorded, observed;
    long weight;
    size_t first;
};

/** All that was found. Zero-initialise, clear. */
struct parity_votes {
    struct parity_vote *items;
    size_t count, capacity;
    json_t *places; /* "label:recorded:observed" → position */
    bool failed;
};

void parity_votes_clear(struct parity_votes *votes);

/**
 * Walk two states side by side and let each place where both have a placeholder speak for the pair
 * of its numbers: strongly where nothing else differs there.
 *
 * @param out  filled from zero; cleared by the caller in either case
 * @return 0, or -1 when out of memory
 */
int parity_votes_cast(json_t *recorded, json_t *observed, struct parity_votes *out);

#endif
