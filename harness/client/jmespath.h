/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_H
#define PARITY_CLIENT_JMESPATH_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * JMESPath, the language of the paths in AWS's paginators, waiters and endpoint parameters: the
 * whole grammar with all built-in functions.
 *
 * Where the specification leaves something open, or AWS's data relies on it, the Python library
 * that botocore uses decides: strings have an order (by code point), `!` binds more strongly than a
 * dot, and a literal that is no JSON is a string. It is not followed where it accepts what the
 * grammar forbids (a missing comma between arguments) or contradicts the specification (an index
 * followed by a slice does project; `contains([1], true)` is false; only what JSON takes for a
 * number is one for to_number()). Functions that don't exist and wrong numbers of arguments are
 * found when the expression is compiled.
 *
 * Timestamps and byte strings (base/json.h) are values of a type of their own: true, equal to
 * themselves, without members, and type() of them is null.
 *
 * @see https://jmespath.org/specification.html
 */

/** A compiled expression. Immutable. */
struct parity_jmespath;

/**
 * @param expression  copied
 * @param err         with line and column in bytes: PARITY_E_PARSE (syntax), PARITY_E_INVALID
 *                    (function), PARITY_E_LIMIT (nested more than 256 levels deep), PARITY_E_NOMEM
 * @return new, or NULL
 */
struct parity_jmespath *parity_jmespath_compile(const char *expression, struct parity_error *err);
void parity_jmespath_free(struct parity_jmespath *expression);

/** The text it was compiled from. Borrowed. */
const char *parity_jmespath_text(const struct parity_jmespath *expression);

/**
 * The value that an expression selects.
 *
 * @param document  unchanged
 * @param out       new, its parts may be shared with `document`: copy before changing anything;
 *                  JSON null when nothing is selected
 * @param err       PARITY_E_INVALID with line and column (a function does not take what it was
 *                  given), PARITY_E_LIMIT (more than 20 million steps), PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_jmespath_evaluate(const struct parity_jmespath *expression, const json_t *document,
                             json_t **out, struct parity_error *err);

/** Compile and evaluate at once. */
int parity_jmespath_search(const char *expression, const json_t *document, json_t **out,
                           struct parity_error *err);

/** What counts as true: everything but null, false, and empty strings, lists and objects. */
bool parity_jmespath_is_true(const json_t *value);

/** `==` of the language: numbers by value (1 equals 1.0), everything else by type and value. */
bool parity_jmespath_equal(const json_t *a, const json_t *b);

#endif
