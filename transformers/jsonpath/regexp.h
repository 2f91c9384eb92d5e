/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_REGEXP_H
#define PARITY_JSONPATH_REGEXP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/** A regular expression of a filter. */
struct parity_regexp;

enum parity_regexp_kind {
    PARITY_REGEXP_MATCH,  /* RFC 9485, the whole text: match() */
    PARITY_REGEXP_SEARCH, /* RFC 9485, anywhere: search() */
    PARITY_REGEXP_PYTHON  /* anywhere, what PCRE2 and Python's `re` have in common: =~ */
};

/**
 * @param out  new; NULL also on success if the pattern is none, which RFC 9535 lets match nothing
 * @param err  PARITY_E_NOMEM; with PARITY_REGEXP_PYTHON also PARITY_E_PARSE
 * @return 0 or -1
 */
int parity_regexp_compile(const char *pattern, size_t length, enum parity_regexp_kind kind,
                          struct parity_regexp **out, struct parity_error *err);
void parity_regexp_free(struct parity_regexp *regexp);

/**
 * @param regexp  NULL matches nothing
 * @param err     PARITY_E_LIMIT (does not come to an end), PARITY_E_NOMEM
 * @return 1, 0, or -1
 */
int parity_regexp_test(const struct parity_regexp *regexp, const char *text, size_t length,
                       struct parity_error *err);

#endif
