/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_UTF8_H
#define PARITY_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/**
 * The character at the beginning of `text`.
 *
 * Unpaired surrogates in their three-byte form are taken, since strings of parity may hold them;
 * whoever reads outside data asks parity_utf8_is_surrogate() and refuses.
 *
 * @return bytes it takes, or 0 (not UTF-8, or no text left)
 */
size_t parity_utf8_decode(const char *text, size_t length, unsigned *code_point);

/** Write one character, surrogates included. @return bytes written, 1 to 4 */
size_t parity_utf8_encode(unsigned code_point, char out[4]);

bool parity_utf8_is_surrogate(unsigned code_point);

/** True for UTF-8 in the strict sense, without surrogates. */
bool parity_utf8_is_valid(const char *text, size_t length);

/** Add a text to a buffer, with each byte that is no UTF-8 spelt as \xff. */
void parity_utf8_add(struct parity_buffer *out, const char *text, size_t length);

/** Characters in a string of parity; a byte that is no UTF-8 counts as one. */
size_t parity_utf8_count(const char *text, size_t length);

#endif
