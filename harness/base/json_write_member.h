/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_WRITE_MEMBER_H
#define PARITY_BASE_JSON_WRITE_MEMBER_H

#include <jansson.h>

#include "base/buffer.h"

/*
 * Members of an object that is only written, in the style PARITY_JSON_COMPACT: straight into its
 * text, which the caller begins with `{` and ends with `}`. For what is said often and has few
 * members; the same bytes as making the object, writing and releasing it.
 */

/** @param text  UTF-8; NULL: null is the value */
void parity_json_write_member_text(struct parity_buffer *out, const char *name, const char *text);
void parity_json_write_member_integer(struct parity_buffer *out, const char *name,
                                      long long number);
void parity_json_write_member_real(struct parity_buffer *out, const char *name, double number);

/** @param value  borrowed; NULL: null is the value */
void parity_json_write_member_value(struct parity_buffer *out, const char *name,
                                    const json_t *value);

#endif
