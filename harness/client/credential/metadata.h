/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIAL_METADATA_H
#define PARITY_CLIENT_CREDENTIAL_METADATA_H

#include "client/credential/provider.h"

/* What the endpoints that hand out keys by plain HTTP have in common. */

struct parity_metadata_request {
    const char *method, *url;
    const char *header, *value; /* NULL: none but what every request has */
    const char *accept;         /* NULL: none */
    long timeout_ms;
};

/**
 * Send a request through the search's options.
 *
 * @param trouble  set when the answer is 1
 * @return 0 for any status code; 1 when another attempt may help; -1 when none will, or none is
 * allowed
 */
int parity_metadata_send(const struct parity_credential_search *search,
                         const struct parity_metadata_request *request,
                         struct parity_http_response *response, struct parity_error *trouble,
                         struct parity_error *err);

/** Wipes it: some hold keys. */
void parity_metadata_clear(struct parity_http_response *response);

/** The body as JSON. `*out` is new. @return 0; 1 when it is none; -1 when out of memory */
int parity_metadata_json(const struct parity_http_response *response, json_t **out,
                         struct parity_error *err);

/**
 * Fill `out` from `AccessKeyId`, `SecretAccessKey`, `Token`, `Expiration` and perhaps `AccountId`.
 *
 * @param wrong  the member that is missing or malformed
 * @return 1; 0 with `wrong` set; -1
 */
int parity_metadata_read_keys(const json_t *document, const char *place,
                              struct parity_credentials *out, const char **wrong,
                              struct parity_error *err);

#endif
