/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_C_TEXT_H
#define PARITY_SCENARIO_C_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Texts as they stand between the quotes of a C literal, and names as C has them. */

/** Append text as it is meant. @param format  for printf: percent signs are doubled */
void parity_c_escape(struct parity_buffer *out, const char *text, size_t length, bool format);

/** Append text for a string in a JSON template: with the template's escapes, then C's.
 * @param quote  that delimits the string */
void parity_c_escape_template(struct parity_buffer *out, const char *text, size_t length,
                              char quote);

/** The quote of JSON templates that leaves fewer escapes in `text`. */
char parity_c_quote_for(const char *text, size_t length);

/** Append a name in the style of variables: "QueueUrl" and "queue-url" become "queue_url". */
void parity_c_add_name(struct parity_buffer *out, const char *name);

/**
 * A name that is not in `taken`, and is no word of C; it is put there.
 *
 * @param taken  object: names as members
 * @param name   wanted; a number is put behind it if it is taken
 * @return borrowed from `taken`; NULL when out of memory
 */
const char *parity_c_take_name(json_t *taken, const char *name);

#endif
