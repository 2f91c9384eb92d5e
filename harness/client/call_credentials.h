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

/**
 * A client's own credentials, which are found at its first call and renewed before they expire.
 *
 * @param source  the client's; NULL at first, made here, freed by the client
 * @param out     borrowed until the next call; NULL on failure
 * @return 0; 1 when there are none anywhere; -1
 */
int parity_call_own_credentials(struct parity_client *client,
                                struct parity_credential_source **source,
                                const struct parity_credentials **out, struct parity_error *err);

#endif
