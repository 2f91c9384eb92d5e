/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPLACEMENT_H
#define PARITY_REPLACEMENT_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "python_regex.h"

/*
 * The text replacements of one transformation. They work on a whole match value written as JSON on
 * one line, one after the other, each on the result of the one before (REFERENCE.md, 2.4).
 */

/** One replacement: a text, or, where `regex` is set, a pattern. */
struct parity_replacement {
    char *text; /* owned; what is looked for */
    size_t text_length;
    char *by; /* owned; what stands there afterwards */
    size_t by_length;
    const struct parity_python_regex *regex;        /* borrowed */
    const struct parity_python_template *expansion; /* borrowed */
};

/** In the order in which they were noted. Zero-initialise, clear. */
struct parity_replacements {
    struct parity_replacement *items;
    size_t count, capacity;
};

void parity_replacements_clear(struct parity_replacements *list);

/** Note a literal replacement of all occurrences; both texts are copied. @return 0, or -1 (memory)
 */
int parity_replacements_add_text(struct parity_replacements *list, const char *text,
                                 size_t text_length, const char *by, size_t by_length);

/** Note a pattern; both are borrowed until the list is cleared. @return 0, or -1 (memory) */
int parity_replacements_add_regex(struct parity_replacements *list,
                                  const struct parity_python_regex *regex,
                                  const struct parity_python_template *expansion);

/**
 * Apply the first `count` replacements to `text` in place.
 *
 * @return 0 or -1 (PARITY_E_LIMIT: a pattern backtracks without end; PARITY_E_NOMEM)
 */
int parity_replacements_apply(const struct parity_replacements *list, size_t count,
                              struct parity_buffer *text, struct parity_error *err);

/** Report that the text is no JSON any more after `item`. */
void parity_replacement_describe_failure(const struct parity_replacement *item,
                                         struct parity_error *err);

/**
 * str.replace: put `by` in place of every occurrence of `what`, from left to right. An empty `what`
 * is found before every character and at the end. @return 0, or -1 (memory)
 */
int parity_text_replace(struct parity_buffer *text, const char *what, size_t what_length,
                        const char *by, size_t by_length);

#endif
