/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPLACEMENT_PLAN_H
#define PARITY_REPLACEMENT_PLAN_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "replacement.h"

/**
 * How a list of replacements is carried out: with the result of one after the other, but where
 * that is provably the same, many in one pass over the text.
 */
struct parity_replacement_plan;

/**
 * Plan the first `count` replacements of a list.
 *
 * @param list  borrowed, and left unchanged, until the plan is freed
 * @return new, released with parity_replacement_plan_free(); NULL when out of memory
 */
struct parity_replacement_plan *parity_replacement_plan_new(const struct parity_replacements *list,
                                                            size_t count);
void parity_replacement_plan_free(struct parity_replacement_plan *plan);

/**
 * Apply a plan to `text` in place. Not for several threads at a time: what a plan needs for long
 * texts is prepared when the first one comes.
 *
 * @return 0 or -1 (PARITY_E_LIMIT: a pattern backtracks without end; PARITY_E_NOMEM)
 */
int parity_replacement_plan_apply(struct parity_replacement_plan *plan, struct parity_buffer *text,
                                  struct parity_error *err);

#endif
