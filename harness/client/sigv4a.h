/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGV4A_H
#define PARITY_CLIENT_SIGV4A_H

#include "client/sigv4.h"

/*
 * The asymmetric form of SigV4: ECDSA on P-256 with a key derived from the secret, valid for a set
 * of regions (`options->region`: "*", or regions separated by commas). Two signatures of one
 * request differ; they are checked with the public key.
 */

/** As parity_sigv4_sign_header(). */
int parity_sigv4a_sign_header(struct parity_http_request *request,
                              const struct parity_sigv4_options *options,
                              struct parity_sigv4_trace *trace, struct parity_error *err);

/** As parity_sigv4_sign_query(). */
int parity_sigv4a_sign_query(struct parity_http_request *request,
                             const struct parity_sigv4_options *options,
                             struct parity_sigv4_trace *trace, struct parity_error *err);

/**
 * The public key that signatures of these credentials are checked with.
 *
 * @param out  the uncompressed point: 4, then X and Y of 32 bytes each
 * @return 0 or -1 (PARITY_E_CREDENTIALS, PARITY_E_NOMEM, PARITY_E_ENVIRONMENT)
 */
int parity_sigv4a_public_key(const struct parity_credentials *credentials, unsigned char out[65],
                             struct parity_error *err);

#endif
