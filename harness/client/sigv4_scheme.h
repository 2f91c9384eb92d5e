/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGV4_SCHEME_H
#define PARITY_CLIENT_SIGV4_SCHEME_H

#include "client/sha256.h"
#include "client/sigv4.h"

/* What SigV4 and SigV4a do differently; everything else is shared. Private to the signers. */

/** A string to sign, and what a key is derived from. */
struct parity_sigv4_input {
    const struct parity_sigv4_options *options;
    struct parity_sha256 *sha256;
    const char *date; /* YYYYMMDD, then anything */
    const char *text;
    size_t length;
};

struct parity_sigv4_scheme {
    const char *algorithm;
    bool has_region_set; /* the region stands in X-Amz-Region-Set instead of the scope */

    /** Write the signature in hex. @return 0 or -1 */
    int (*sign)(const struct parity_sigv4_input *input, char signature[160],
                struct parity_error *err);
};

/** The symmetric one, SigV4 itself. */
extern const struct parity_sigv4_scheme parity_sigv4_hmac_scheme;

enum { PARITY_SIGV4_TIMESTAMP = 32 }; /* room for YYYYMMDDTHHMMSSZ */

/** @return 0 or -1 (PARITY_E_INVALID: outside the years 0 to 9999) */
int parity_sigv4_timestamp(time_t time, char out[PARITY_SIGV4_TIMESTAMP], struct parity_error *err);

int parity_sigv4_scheme_sign_header(const struct parity_sigv4_scheme *scheme,
                                    struct parity_http_request *request,
                                    const struct parity_sigv4_options *options,
                                    struct parity_sigv4_trace *trace, struct parity_error *err);

int parity_sigv4_scheme_sign_query(const struct parity_sigv4_scheme *scheme,
                                   struct parity_http_request *request,
                                   const struct parity_sigv4_options *options,
                                   struct parity_sigv4_trace *trace, struct parity_error *err);

#endif
