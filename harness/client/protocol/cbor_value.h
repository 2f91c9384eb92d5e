/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_CBOR_VALUE_H
#define PARITY_CLIENT_PROTOCOL_CBOR_VALUE_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/findings.h"
#include "client/model.h"

/**
 * Read one CBOR item (RFC 8949) as JSON: byte strings and timestamps (tag 1) as typed values,
 * members of maps that are null left out. What follows the item is ignored.
 *
 * @return new, or NULL: PARITY_E_RESPONSE (malformed, cut off, other tags, keys that are no text,
 * nested deeper than 500), no memory
 * @see botocore/parsers.py, BaseCBORParser
 */
json_t *parity_cbor_decode(const char *data, size_t length, struct parity_error *err);

/**
 * The value of a shape in a decoded item.
 *
 * @param findings  what leaves the model and is read all the same; may be NULL
 * @return new, or NULL: PARITY_E_RESPONSE with the path of what does not fit the shape
 */
json_t *parity_cbor_read(const struct parity_shape *shape, const json_t *value,
                         struct parity_findings *findings, struct parity_error *err);

/**
 * Append an input as CBOR. What does not fit the model is sent as its own type suggests.
 * @return 0 or -1 (PARITY_E_INVALID)
 * @see botocore/serialize.py, CBORSerializer
 */
int parity_cbor_write(const struct parity_shape *shape, const json_t *value,
                      struct parity_buffer *out, struct parity_error *err);

#endif
