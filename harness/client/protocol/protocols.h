/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_PROTOCOLS_H
#define PARITY_CLIENT_PROTOCOL_PROTOCOLS_H

#include "client/protocol/protocol.h"

/* One per file of the same name; protocol.c has the table. */
extern const struct parity_protocol parity_protocol_ec2;
extern const struct parity_protocol parity_protocol_json;
extern const struct parity_protocol parity_protocol_query;
extern const struct parity_protocol parity_protocol_rest_json;
extern const struct parity_protocol parity_protocol_rest_xml;
extern const struct parity_protocol parity_protocol_rpc_v2_cbor;

/** Add "x-amzn-query-mode: true" where the model says `awsQueryCompatible`. @return 0, -1: memory
 */
int parity_query_mode_header(const struct parity_operation *operation,
                             struct parity_headers *headers);

#endif
