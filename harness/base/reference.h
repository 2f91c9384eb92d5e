/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_REFERENCE_H
#define PARITY_BASE_REFERENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * "${name}" in the texts of a document, where a value is to stand; "$${" is a plain "${". What a
 * name means is up to whoever reads the document.
 */

/** A text that is read piece by piece. */
struct parity_reference_reader {
    const char *at, *end;
};

enum parity_reference_piece {
    PARITY_PIECE_END,
    PARITY_PIECE_TEXT,
    PARITY_PIECE_REFERENCE, /* what stands between the braces */
    PARITY_PIECE_OPEN       /* a "${" without its "}", up to the end of the text */
};

/** The next piece; `*text` of `*length` bytes is borrowed. */
enum parity_reference_piece parity_reference_next(struct parity_reference_reader *reader,
                                                  const char **text, size_t *length);

/** Whether a text is nothing but one reference. */
bool parity_reference_is_whole(const char *text, size_t length);

/** Whether a text holds a reference or an escaped one. */
bool parity_reference_opens(const char *text, size_t length);

/** Whether the text of a value, or anything in it, holds a reference or an escaped one. */
bool parity_reference_occurs(const json_t *value);

#endif
