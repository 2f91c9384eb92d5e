/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_EXPRESSION_H
#define PARITY_RUNNER_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * What -k and -m take: names with `and`, `or`, `not` and parentheses, as pytest's options of the
 * same letters (docs.pytest.org, "Using -k expr", "Using -m expr"). `not` binds closer than `and`,
 * and that closer than `or`. A name is letters, digits and any of _ : + - . [ ] \ / and bytes
 * outside ASCII.
 */

/** A parsed expression; release with parity_expression_free(). */
struct parity_expression;

/**
 * @param option  the option that the text comes from, for messages: "-k"
 * @param err     PARITY_E_USAGE with the column; PARITY_E_NOMEM
 * @return new, or NULL
 */
struct parity_expression *parity_expression_parse(const char *text, const char *option,
                                                  struct parity_error *err);
void parity_expression_free(struct parity_expression *expression);

/** Whether it holds, when `has` says which names do. */
bool parity_expression_holds(const struct parity_expression *expression,
                             bool (*has)(const void *data, const char *name), const void *data);

/** The names in it, in their order: the n-th, or NULL. Borrowed. */
const char *parity_expression_name(const struct parity_expression *expression, size_t n);

#endif
