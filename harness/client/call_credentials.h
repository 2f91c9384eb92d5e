/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CALL_CREDENTIALS_H
#define PARITY_CLIENT_CALL_CREDENTIALS_H

#include "client/client.h"
#include "client/credentials.h"

/**
 * How a client's credentials are looked for: its profile, its clock, and its way to the network.
 *
 * STS, SSO and SSO's OIDC service are called through the client itself, at the endpoints that are
 * configured for them. AWS is called, and so are the metadata endpoints at link-local addresses
 * that only its machines have, if the client is for AWS and TEST_TARGET=AWS_CLOUD is in the
 * environment: also a client that only shows requests may be "for AWS". All else is PARITY_E_USAGE.
 *
 * @param client  borrowed until the search, or the source made of `out`, has come to its end
 */
void parity_call_credential_options(struct parity_client *client,
                                    struct parity_credentials_options *out);

#endif
