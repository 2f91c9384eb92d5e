/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SUGGESTION_H
#define PARITY_RECORDER_SUGGESTION_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"

/**
 * Suggest transformers that would settle what differs between two runs of one test.
 *
 * A suggestion is a guess from the name and the form of a value; whether it settles anything is for
 * the caller to find out. Values become references or fixed words, lists are sorted, JSON in texts
 * is read first, and a member whose name differs gets a pattern for names. What only one of the
 * runs had gets none. Those of short values come first: longer ones may contain them.
 *
 * @param differences  as parity_compare() makes it, of the two transformed results
 * @param suggestions  array; transformers in the case format are appended, none twice
 * @return the number that was appended, or -1 (PARITY_E_NOMEM)
 */
int parity_suggest_transformers(const json_t *differences, json_t *suggestions,
                                struct parity_error *err);

/** Append a suggestion as one writes it into a suite: `key_value("MessageId", "message-id")`. */
void parity_suggestion_text(struct parity_buffer *out, const json_t *suggestion);

#endif
