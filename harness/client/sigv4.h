/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGV4_H
#define PARITY_CLIENT_SIGV4_H

#include <stdbool.h>
#include <time.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/credentials.h"
#include "client/http.h"

struct parity_sigv4_options {
    const struct parity_credentials *credentials; /* required */
    const char *region;                           /* required; of SigV4a: the set, "*" or a list */
    const char *service;                          /* required: the signing name */
    time_t time;                                  /* required: seconds since 1970, UTC */
    bool no_normalize;     /* take the path as it is (S3): no removal of dots and double slashes */
    bool no_double_encode; /* encode the path once only (S3) */
    bool sign_body;        /* send and sign `X-Amz-Content-Sha256` (header signing only) */
    bool unsigned_payload; /* hash is the text UNSIGNED-PAYLOAD; header signing also sends it */
    bool omit_session_token; /* add the token after signing, unsigned */
    long expires_in_s;       /* of a presigned URL; 0: 3600 */
    const char *token_name;  /* of header or parameter; NULL: X-Amz-Security-Token. S3 Express has
                                X-Amz-S3session-Token */
};

/** The steps, for `parity sign` and for tests; zero-initialise, clear. */
struct parity_sigv4_trace {
    struct parity_buffer canonical_request, string_to_sign;
    char signature[160]; /* hex */
};

void parity_sigv4_trace_clear(struct parity_sigv4_trace *trace);

/**
 * Sign a request in its `Authorization` header, adding `X-Amz-Date` and what the options ask for.
 *
 * What an earlier signature left is replaced, so a retry signs the same request again. A `Date`
 * header is set to the time of signing and takes the place of `X-Amz-Date`. An
 * `X-Amz-Content-Sha256` that the request already has is used as it stands (say,
 * STREAMING-UNSIGNED-PAYLOAD-TRAILER), unless `sign_body` or `unsigned_payload` replace it.
 *
 * @param request  unsigned but otherwise usable after a failure
 * @param trace    may be NULL
 * @return 0 or -1 (PARITY_E_INVALID: no host, bad URL; PARITY_E_CREDENTIALS: no key;
 * PARITY_E_NOMEM)
 * @see AWS General Reference, "Signature Version 4 signing process"; botocore/auth.py, SigV4Auth
 */
int parity_sigv4_sign_header(struct parity_http_request *request,
                             const struct parity_sigv4_options *options,
                             struct parity_sigv4_trace *trace, struct parity_error *err);

/** Sign a request in its query string (presign). @see botocore/auth.py, SigV4QueryAuth */
int parity_sigv4_sign_query(struct parity_http_request *request,
                            const struct parity_sigv4_options *options,
                            struct parity_sigv4_trace *trace, struct parity_error *err);

#endif
