/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGN_CONTEXT_H
#define PARITY_CLIENT_SIGN_CONTEXT_H

#include <jansson.h>

#include "client/sigv4.h"

/**
 * What a request is signed with, as the signing test suite writes it: `credentials`
 * (`access_key_id`, `secret_access_key`, `token`), `region`, `service`, `timestamp`, `normalize`,
 * `sign_body`, `expiration_in_seconds`, `omit_session_token`. Beyond the suite: `double_encode`
 * (true when absent) and `unsigned_payload`, which S3 needs. Zero-initialise, read, clear.
 */
struct parity_sign_context {
    struct parity_sigv4_options options; /* strings borrowed from here and from the document */
    struct parity_credentials credentials;
    json_t *document; /* owned */
};

void parity_sign_context_clear(struct parity_sign_context *context);

/**
 * @param document  stolen
 * @param name      of the document in messages; may be NULL
 * @param err       PARITY_E_INVALID: a member is missing, misspelt or of the wrong type. Members
 * that resemble no known one are ignored. No message quotes a value of `credentials`.
 * @return 0 or -1; `out` is cleared by the caller in either case
 */
int parity_sign_context_read_new(json_t *document, const char *name,
                                 struct parity_sign_context *out, struct parity_error *err);

#endif
