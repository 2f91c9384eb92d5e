/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_XML_WRITE_H
#define PARITY_CLIENT_PROTOCOL_XML_WRITE_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/model.h"

/**
 * Append the element for a shape, called by its `locationName`, else by the shape's name.
 *
 * @param err  PARITY_E_INVALID with the path of what no XML can hold
 * @return 0 or -1
 * @see botocore/serialize.py, RestXMLSerializer
 */
int parity_xml_write(const struct parity_shape *shape, const json_t *value,
                     struct parity_buffer *out, struct parity_error *err);

#endif
