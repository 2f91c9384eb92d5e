/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMBEDDED_JSON_H
#define PARITY_EMBEDDED_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* JSON documents that stand as text inside others: policies, message bodies. */

/** May `text` be a document: does it begin, after blanks, with `{` (or `[`)? */
bool parity_embedded_json_looks_so(const json_t *text, bool blanks, bool arrays);

/**
 * Read the document that a string holds.
 *
 * @param out  new; NULL when it is none, or is nested too deeply to be read
 * @return 0, or -1 (PARITY_E_NOMEM)
 */
int parity_embedded_json_read(const json_t *text, json_t **out, struct parity_error *err);

/**
 * Replace, in place, the members of objects that hold an object's text by what it holds: the step
 * that comes before all transformers (REFERENCE.md, 2.3). @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_embedded_json_expand(json_t *object, struct parity_error *err);

#endif
