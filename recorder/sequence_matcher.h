/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SEQUENCE_MATCHER_H
#define PARITY_RECORDER_SEQUENCE_MATCHER_H

#include <stddef.h>

/** A run of equal items: a[a…a+size) is b[b…b+size). */
struct parity_block {
    size_t a, b, size;
};

struct parity_blocks {
    struct parity_block *items; /* owned, ascending; the last has size 0 and stands at both ends */
    size_t count, capacity;
};

void parity_blocks_clear(struct parity_blocks *blocks);

/**
 * Align two sequences as Python's difflib.SequenceMatcher does (without its junk heuristics): the
 * longest run first, the earliest of several, then the same to its left and right.
 *
 * @param a, b    numbers that stand for the items: equal numbers are equal items
 * @param blocks  filled from zero; touching runs are one
 * @return 0, or -1 when out of memory
 */
int parity_sequence_match(const size_t *a, size_t a_count, const size_t *b, size_t b_count,
                          struct parity_blocks *blocks);

#endif
