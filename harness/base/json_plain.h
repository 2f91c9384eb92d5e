/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_PLAIN_H
#define PARITY_BASE_JSON_PLAIN_H

#include <stddef.h>

/**
 * How many bytes at the beginning of a string's content stand for themselves in every style of
 * JSON: printable ASCII but for quote and backslash. Most strings are nothing else.
 */
size_t parity_json_plain_length(const char *text, size_t length);

#endif
