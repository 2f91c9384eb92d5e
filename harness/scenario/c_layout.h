/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_C_LAYOUT_H
#define PARITY_SCENARIO_C_LAYOUT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

/*
 * Expressions of C as data, and how they are laid out on lines of at most 100 characters: as
 * clang-format would with the project's settings, and JSON templates as people break them.
 *
 * What makes an expression is new, takes over what it is made of, and is NULL when out of memory or
 * when a part is NULL, so that only the end result needs a look.
 */

enum { PARITY_C_COLUMNS = 100 };

/** Words as they stand: a name, a number, ".region = …". */
json_t *parity_c_words(const char *words);
__attribute__((format(printf, 1, 2))) json_t *parity_c_format(const char *format, ...);

/** A call without arguments yet, or something else in parentheses. */
json_t *parity_c_call(const char *name);

bool parity_c_is_call(const json_t *expression, const char *name);

/** Add an argument to a call, a line to lines, a value to a container. */
json_t *parity_c_add(json_t *expression, json_t *part);

/** A string literal that is broken nowhere but between the lines added to it, which are C's already
 * (without quotes). */
json_t *parity_c_lines(void);

/** A string literal made of a JSON template.
 * @param node  a container, or parity_c_words() of a value; in C's escapes */
json_t *parity_c_template(json_t *node);

/** A container of a template; add the name of each member with its colon ("" in an array), then its
 * value. */
json_t *parity_c_container(bool is_array);

/** Characters in the longest literal. */
size_t parity_c_longest_literal(const json_t *expression);

/** An expression on one line behind words, as words: ".region = " "unique_name(t, …)". */
json_t *parity_c_joined(const char *words, json_t *expression);

/** How many characters an expression takes on one line; SIZE_MAX if it takes several. */
size_t parity_c_width(const json_t *expression);

/**
 * Append an expression.
 *
 * @param column  where it begins
 * @param tail    how many characters follow on its last line
 */
void parity_c_write(struct parity_buffer *out, const json_t *expression, size_t column,
                    size_t tail);

/**
 * Append a statement on lines of its own.
 *
 * @param left  what the expression is assigned to, with its type if it is declared here; NULL:
 *              nothing
 */
void parity_c_write_statement(struct parity_buffer *out, size_t indent, const char *left,
                              const json_t *expression);

/** Append `text` in lines that end where a JSON text, a path or a sentence may be broken, each a
 * literal of its own. @param text  in C's escapes */
void parity_c_write_text(struct parity_buffer *out, const char *text, size_t column, size_t tail);

#endif
