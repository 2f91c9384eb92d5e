/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_DIFFERENCE_TEXT_H
#define PARITY_RECORDER_DIFFERENCE_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct parity_difference_text_options {
    bool colour;          /* ANSI escapes */
    size_t width;         /* columns of a line; 0: 100 */
    const char *indent;   /* in front of every line; NULL: none */
    size_t max_per_match; /* differences shown of one match key, the rest is counted; 0: all */
};

/**
 * Append differences for a reader: by match key, each with its path and the values one below the
 * other. A value that does not fit into the line is cut around the part that differs.
 *
 * @param differences  array as parity_compare() makes it
 * @param options      may be NULL
 */
void parity_difference_text(struct parity_buffer *out, const json_t *differences,
                            const struct parity_difference_text_options *options);

/** How many there are for a reader: a moved item counts once. */
size_t parity_difference_count(const json_t *differences);

/** Append where a difference is, from its match value on. Where the path goes into JSON text, it
 * begins anew: `$.Attributes.Policy > $.Statement[0]`. */
void parity_difference_place(struct parity_buffer *out, const json_t *difference);

/** Append the path of a difference from its match value on: `$.Attributes["a b"][0]`. */
void parity_difference_path(struct parity_buffer *out, const json_t *path);

#endif
