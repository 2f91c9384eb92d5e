/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPLACEMENT_BATCH_H
#define PARITY_REPLACEMENT_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "replacement.h"

/*
 * Many literal replacements in one pass, with the result of one after the other.
 *
 * Let every inserted text begin and end with a byte that occurs in none of the texts looked for, as
 * `<` and `>` of a placeholder do in nearly all names and ids. Then no occurrence ever reaches over
 * the edge of an inserted text, so at every moment an occurrence lies
 *
 * - either in a stretch of the original text that nothing has replaced yet: then it is an
 *   occurrence in the original text. Of those the earlier replacement wins, and of one
 *   replacement the leftmost;
 * - or inside an inserted text: then only the replacements after the one that inserted it act on
 *   it, and what they make of it does not depend on where it stands. So each inserted text is
 *   brought into its final form once, from the last replacement to the first.
 */

/** Replacements that go together; opaque. */
struct parity_replacement_batch;

/** How many of the replacements from `items` on go together in one batch; 0 when not even one. */
size_t parity_replacement_batch_reach(const struct parity_replacement *items, size_t count);

/**
 * Prepare `count` replacements, at most as many as parity_replacement_batch_reach() says.
 *
 * @param items  borrowed until the batch is freed
 * @return new, released with parity_replacement_batch_free(); NULL when out of memory
 */
struct parity_replacement_batch *
parity_replacement_batch_new(const struct parity_replacement *items, size_t count);
void parity_replacement_batch_free(struct parity_replacement_batch *batch);

/**
 * Apply all of them to `text` in place.
 *
 * @param crowded  set, with `text` unchanged, when the occurrences are too many to be held in
 *                 memory at once: apply the halves one after the other
 * @return 0, or -1 when out of memory
 */
int parity_replacement_batch_apply(const struct parity_replacement_batch *batch,
                                   struct parity_buffer *text, bool *crowded);

#endif
