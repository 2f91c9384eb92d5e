/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PYTHON_TEXT_H
#define PARITY_PYTHON_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

/* How Python writes the values that JSON has no form for: they stand so in existing recordings. */

/** str() of a datetime given as ISO 8601: `2024-01-02 03:04:05+00:00`. */
void parity_python_datetime_text(struct parity_buffer *out, const char *iso8601);

/** repr() of a byte string: `b'...'`. */
void parity_python_bytes_text(struct parity_buffer *out, const void *data, size_t length);

/** repr() of a string; characters outside ASCII are taken as printable. */
void parity_python_string_text(struct parity_buffer *out, const char *text, size_t length);

/** Replace every date and byte string below `container`, in place, by the string that it becomes.
 * @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_INVALID: a $bytes value that is no base64) */
int parity_python_text_untype(json_t *container, struct parity_error *err);

/** Python's truth: false for null, false, 0, "", [] and {}. */
bool parity_python_truth(const json_t *value);

#endif
