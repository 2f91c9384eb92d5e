/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_SCALAR_H
#define PARITY_CLIENT_PROTOCOL_SCALAR_H

/*
 * Scalars between the wire and JSON values, with the leniency of the Python functions that botocore
 * applies to them: what int(), float() and b64decode() take is taken, what makes them raise fails.
 */

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/protocol/member_path.h"
#include "client/protocol/timestamp.h"

/** Python's float(text): blanks around it, a sign, underscores between digits, "nan", "inf". */
int parity_python_real(const char *text, size_t length, double *out);

/* Values of a response. Each returns new, or NULL: PARITY_E_RESPONSE at `path`, or no memory. */

json_t *parity_scalar_integer(const char *text, size_t length,
                              const struct parity_member_path *path, struct parity_error *err);
json_t *parity_scalar_real(const char *text, size_t length, const struct parity_member_path *path,
                           struct parity_error *err);
json_t *parity_scalar_timestamp(const char *text, size_t length,
                                const struct parity_member_path *path, struct parity_error *err);
json_t *parity_scalar_blob(const char *text, size_t length, const struct parity_member_path *path,
                           struct parity_error *err);

/** A string; bytes that are no UTF-8 are PARITY_E_RESPONSE. */
json_t *parity_scalar_string(const char *text, size_t length, const struct parity_member_path *path,
                             struct parity_error *err);

/** A number of a response as timestamp. */
json_t *parity_scalar_timestamp_number(const json_t *number, const struct parity_member_path *path,
                                       struct parity_error *err);

/** A real number, NaN and the infinities included. New; NULL: no memory. */
json_t *parity_scalar_from_real(double value);

/** A body: text if it is UTF-8, else bytes. New; NULL: no memory. */
json_t *parity_scalar_body(const char *data, size_t length);

/* Values of an input. */

/** The moment that a datetime, a text or a number names. @return 0, or -1 when it names none */
int parity_input_timestamp(const json_t *value, struct parity_timestamp *out);

/** Append the bytes of a byte string, or the UTF-8 of a text. @return 0, or -1 for all else */
int parity_input_bytes(const json_t *value, struct parity_buffer *out);

/**
 * Append a scalar as Python's str() shows it: texts as they are, numbers, True, False, None;
 * "NaN" and "Infinity" as AWS spells them; bytes as base64, datetimes as ISO 8601.
 *
 * @return 0, or -1 when it is no scalar (nothing is appended)
 */
int parity_input_text(const json_t *value, struct parity_buffer *out);

#endif
