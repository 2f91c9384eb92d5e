/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_PLACEHOLDER_TEXT_H
#define PARITY_RECORDER_PLACEHOLDER_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/** One placeholder, `<label:number>`, in a text. */
struct parity_placeholder {
    size_t start, end; /* `<` and after `>` */
    const char *label; /* in the text */
    size_t label_length;
    long number;
};

/** The next placeholder at or after `from`. @return whether there is one */
bool parity_placeholder_find(const char *text, size_t length, size_t from,
                             struct parity_placeholder *out);

/**
 * Append `text` with the numbers of its placeholders changed.
 *
 * @param map  "label:number" → number, one of those of struct parity_renaming; what it does not
 *             have stays. NULL: all numbers become 0
 * @return whether there are placeholders; if not, nothing was appended
 */
bool parity_placeholder_rewrite(const json_t *map, const char *text, size_t length,
                                struct parity_buffer *out);

#endif
