/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_QUERY_H
#define PARITY_CLIENT_PROTOCOL_QUERY_H

/* What the ec2 protocol shares with query. */

#include "client/protocol/result.h"
#include "client/protocol/xml_shape.h"

/** Copies what a document says of the request into `parse->metadata`. @return 0 or -1 */
typedef int parity_query_metadata(struct parity_parse *parse, const struct parity_xml_node *root);

/** Read a body that is not an error into `parse->result`; `metadata` may be NULL. */
int parity_query_read(struct parity_parse *parse, const struct parity_shape *shape,
                      const struct parity_xml_reader *reader, parity_query_metadata *metadata);

/**
 * Read an error document: its elements as members of the result, those of <Errors> lifted one
 * level up, and the element `request_id` as ResponseMetadata's RequestId.
 */
int parity_query_read_error(struct parity_parse *parse, const char *request_id);

#endif
