/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_PLAIN_TEXT_H
#define PARITY_REPORTERS_PLAIN_TEXT_H

#include <stddef.h>

#include "base/buffer.h"

/**
 * Append text as any reader of UTF-8 can take it, whatever bytes it has: line ends, tabs and
 * characters stay, and what is none is spelt, a control character as `\x1b`, a byte that is not
 * UTF-8 as `\xff`, half a surrogate pair as `\ud800`.
 *
 * What stays may stand in XML 1.0 (2.2, Char) and in YAML 1.2 (5.1, c-printable).
 */
void parity_plain_text_add(struct parity_buffer *out, const char *text, size_t length);

#endif
