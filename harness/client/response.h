/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_RESPONSE_H
#define PARITY_CLIENT_RESPONSE_H

#include <jansson.h>

#include "base/error.h"
#include "client/protocol/protocol.h"

/**
 * Parse a response outside of a call, as the client does within one: by the protocol, with what
 * SDKs do for single services on top (customization.h). Where that depends on the request, an SDK's
 * default is assumed.
 *
 * @param response  its status becomes 500 where an error came as 200
 * @param findings  where the response leaves the model; may be NULL
 * @param out       new: output members or `Error`, then `ResponseMetadata`
 * @return 0 (also for an error of the service) or -1 (PARITY_E_RESPONSE)
 */
int parity_response_parse(const struct parity_operation *operation,
                          const struct parity_protocol *protocol,
                          struct parity_http_response *response, struct parity_findings *findings,
                          json_t **out, struct parity_error *err);

#endif
