/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_VALIDATE_H
#define PARITY_CLIENT_VALIDATE_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/model.h"

/**
 * Check an input against the model: required members, unknown members, types, lengths, ranges.
 *
 * @param all  may be NULL; set to a new text, released with parity_free(), with every fault, when
 *             there are more than fit into `err`; else to NULL
 * @param err  PARITY_E_INVALID with every fault in one message, each with its path, as far as it
 *             has room, and the number of the others
 * @return 0 or -1
 * @see botocore/validate.py, ParamValidator
 */
int parity_validate_input(const struct parity_operation *operation, const json_t *input, char **all,
                          struct parity_error *err);

/** What is wrong with one value that is no structure, list or map. Cleared by the caller; empty:
 * nothing. */
struct parity_buffer parity_validate_scalar(const struct parity_shape *shape, const json_t *value);

/** The same for how many `unit` ("items") a list has, or a text. */
struct parity_buffer parity_validate_length(const struct parity_shape *shape, size_t length,
                                            const char *unit);

#endif
