/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIAL_SERVICE_H
#define PARITY_CLIENT_CREDENTIAL_SERVICE_H

#include "client/credential/provider.h"

/*
 * Sources that ask a service of AWS: the calls go through the function of the search's options, so
 * that models, endpoint rules, retries and the guard that keeps requests from AWS are the client's.
 */

/**
 * Call an operation.
 *
 * @param out  new; NULL unless 0 is returned
 * @param err  PARITY_E_CREDENTIALS: calls are not possible here, or the service answered with an
 *             error, or its answer cannot be read (what it says is not quoted, for it may hold
 *             keys); else as the function reports it
 * @return 0; 1 when the service answered with an error; -1
 */
int parity_credential_call(const struct parity_credential_search *search,
                           const struct parity_credential_call *call, json_t **out,
                           struct parity_error *err);

/**
 * Put a text into an input. NULL is left out.
 * @return 0, or -1 (PARITY_E_CREDENTIALS: no UTF-8; PARITY_E_NOMEM)
 */
int parity_credential_input_text(json_t *input, const char *name, const char *text,
                                 struct parity_error *err);

/**
 * Take on a role.
 *
 * @param purpose  of own_calls.json: the operation that hands out the role's keys
 * @param input    borrowed; given `RoleArn` and `RoleSessionName` here
 * @param session  name of the role's session; NULL or empty: one is made up
 * @param signer   NULL: the call is not signed
 * @return 1 with `out` filled, or -1
 */
int parity_credential_assume(const struct parity_credential_search *search, const char *purpose,
                             json_t *input, const char *role_arn, const char *session,
                             const struct parity_credentials *signer,
                             struct parity_credentials *out, struct parity_error *err);

#endif
