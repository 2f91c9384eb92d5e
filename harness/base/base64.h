/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_BASE64_H
#define PARITY_BASE_BASE64_H

#include <stddef.h>

#include "base/buffer.h"

/** Append `data` as base64 with padding (RFC 4648, 4). */
void parity_base64_encode(struct parity_buffer *out, const void *data, size_t length);

/**
 * Append the bytes that `text` stands for. Padding is required, blanks and line breaks are not
 * accepted; `out` is unchanged on failure.
 *
 * @return 0, or -1 (no base64, or out of memory: then out->failed is set)
 */
int parity_base64_decode(struct parity_buffer *out, const char *text, size_t length);

#endif
