/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_IDENTITY_H
#define PARITY_RUNNER_IDENTITY_H

#include "client/client.h"

/**
 * Ask STS which account credentials belong to.
 *
 * @param credentials  NULL: the client's
 * @param out          new; NULL on failure
 * @param err          PARITY_E_CREDENTIALS: they were refused; else as parity_client_call()
 * @return 0 or -1
 */
int parity_identity_ask(struct parity_client *client, const struct parity_credentials *credentials,
                        char **out, struct parity_error *err);

#endif
