/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PYTHON_REGEX_H
#define PARITY_PYTHON_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * Regular expressions as Python's `re` (3.11) understands them, run by PCRE2.
 *
 * A pattern is read by Python's grammar and written anew in PCRE2's, so what only one of them knows
 * keeps Python's meaning: `\Z` is the very end, `a{,3}` is a quantifier, `[[:alpha:]]` is no POSIX
 * class, `\h`, `\K` or `\Q` are errors. docs/transformers.md lists what remains different.
 */

/** A compiled pattern. It may be used any number of times, in the thread that made it. */
struct parity_python_regex;

/**
 * Compile a pattern.
 *
 * @param err  PARITY_E_PARSE with the 1-based column (in bytes) of the fault, PARITY_E_NOMEM
 * @return new, or NULL
 */
struct parity_python_regex *parity_python_regex_new(const char *pattern, size_t length,
                                                    struct parity_error *err);
void parity_python_regex_free(struct parity_python_regex *regex);

/** Release the patterns that this thread keeps to be asked for again, and what it matches in. */
void parity_python_regex_forget(void);

/** The pattern as it was given. Borrowed. */
const char *parity_python_regex_pattern(const struct parity_python_regex *regex);

/** The one text that the pattern matches, where it is so simple; else NULL. Borrowed. */
const char *parity_python_regex_literal(const struct parity_python_regex *regex, size_t *length);

/** Number of capturing groups. */
unsigned parity_python_regex_groups(const struct parity_python_regex *regex);

/** Where a group matched, as byte offsets; PARITY_REGEX_UNSET for a group that took no part. */
struct parity_regex_span {
    size_t start, end;
};
#define PARITY_REGEX_UNSET ((size_t)-1)

/**
 * re.match: match at the start of `subject`, the end is free.
 *
 * @param group  which group's place is wanted; 0: the whole match
 * @param span   may be NULL
 * @param err    PARITY_E_LIMIT (too much backtracking; names the pattern), PARITY_E_NOMEM
 * @return 1 (matched), 0, or -1
 */
int parity_python_regex_match(const struct parity_python_regex *regex, const char *subject,
                              size_t length, unsigned group, struct parity_regex_span *span,
                              struct parity_error *err);

/** re.search, otherwise the same. */
int parity_python_regex_search(const struct parity_python_regex *regex, const char *subject,
                               size_t length, unsigned group, struct parity_regex_span *span,
                               struct parity_error *err);

/** The replacement text of re.sub: `\1`, `\g<1>`, `\g<name>` and character escapes. */
struct parity_python_template;

/** @param err PARITY_E_PARSE (unknown escape or group, with the column), PARITY_E_NOMEM */
struct parity_python_template *parity_python_template_new(const struct parity_python_regex *regex,
                                                          const char *text, size_t length,
                                                          struct parity_error *err);
void parity_python_template_free(struct parity_python_template *replacement);

/** The text it always gives, where it names no group; else NULL. Borrowed. */
const char *parity_python_template_literal(const struct parity_python_template *replacement,
                                           size_t *length);

/**
 * re.sub: append `subject` to `out` with every match replaced.
 *
 * @param matches  number of matches; when 0, nothing was appended
 * @param err      PARITY_E_LIMIT (names the pattern), PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_python_regex_substitute(const struct parity_python_regex *regex,
                                   const struct parity_python_template *replacement,
                                   const char *subject, size_t length, struct parity_buffer *out,
                                   size_t *matches, struct parity_error *err);

#endif
