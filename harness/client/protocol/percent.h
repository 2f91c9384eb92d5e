/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_PERCENT_H
#define PARITY_CLIENT_PROTOCOL_PERCENT_H

#include <stddef.h>

#include "base/buffer.h"

/** Append percent-encoded: all but letters, digits, "-._~" and the characters of `also_safe`. */
void parity_percent_encode(struct parity_buffer *out, const char *text, size_t length,
                           const char *also_safe);

/** The same as a form's value: a blank becomes '+'. */
void parity_percent_encode_form(struct parity_buffer *out, const char *text, size_t length);

/** Append with %XX turned back; a '%' that begins no such is kept. */
void parity_percent_decode(struct parity_buffer *out, const char *text, size_t length);

#endif
