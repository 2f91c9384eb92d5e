/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_FORM_H
#define PARITY_CLIENT_PROTOCOL_FORM_H

#include "client/protocol/protocol.h"

/** The two dialects of form-encoded requests. */
enum parity_form_dialect {
    PARITY_FORM_QUERY, /* List.member.1, Map.entry.1.key; an empty list is sent */
    PARITY_FORM_EC2    /* List.1; queryName; names begin with a capital letter */
};

/** What parity_protocol.serialize does for both. */
int parity_form_serialize(const struct parity_operation *operation, const json_t *input,
                          enum parity_form_dialect dialect, struct parity_wire_request *out,
                          struct parity_error *err);

#endif
