/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_HEX_H
#define PARITY_BASE_HEX_H

#include <stddef.h>

/* Bytes and numbers as hexadecimal text. */

enum { PARITY_UUID_BYTES = 16, PARITY_UUID_TEXT = 36 };

/** The value of one digit, in either case; -1 if it is none. */
int parity_hex_value(char c);

/** The number that `count` digits (up to 7) at `text` stand for; -1 if they are none, or `end`
 * comes first. */
int parity_hex_number(const char *text, const char *end, int count);

/** Lower-case text of `length` bytes, NUL-terminated; `out` holds 2 * length + 1. */
void parity_hex(const unsigned char *bytes, size_t length, char *out);

/** A random UUID (version 4, RFC 9562) of these bytes, of which it takes 122 bits. */
void parity_uuid(const unsigned char random[PARITY_UUID_BYTES], char out[PARITY_UUID_TEXT + 1]);

#endif
