/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_PLAIN_H
#define PARITY_BASE_JSON_PLAIN_H

#include <stddef.h>

/**
 * How many bytes at the beginning of a string's content stand for themselves in every style of
 * JSON: printable ASCII but for quote and backslash. Most strings are nothing else.
 */
size_t parity_json_plain_length(const char *text, size_t length);

/**
 * The text of a member at the start of a line, which is not read any further: of lines that parity
 * has written, and that are many.
 *
 * @param before       how such a line begins, with the member's name and the quote of its text
 * @param text_length  of what is returned, which ends at a quote
 * @return borrowed from `line`; NULL: it begins otherwise, or its text is not plain, so it is to be
 * parsed
 */
const char *parity_json_plain_text(const char *line, size_t length, const char *before,
                                   size_t *text_length);

#endif
