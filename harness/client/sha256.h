/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SHA256_H
#define PARITY_CLIENT_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
    PARITY_SHA256_BYTES = 32,
    PARITY_SHA256_HEX = 2 * PARITY_SHA256_BYTES /* without the final NUL */
};

/**
 * SHA-256 and HMAC on one OpenSSL context: a signature takes a handful of short hashes, and making
 * a context for each costs more than hashing. Zero-initialise, init, clear; for one thread.
 */
struct parity_sha256 {
    struct evp_md_st *algorithm;   /* borrowed, the same for all */
    struct evp_md_ctx_st *context; /* owned */
    bool failed;                   /* since parity_sha256_begin() */
};

/** Look SHA-256 up in OpenSSL, which takes as long as a thousand short hashes: for processes that
 * are forked from this one. Failure shows in parity_sha256_init(). */
void parity_sha256_prepare(void);

/** @return 0 or -1 (PARITY_E_NOMEM; PARITY_E_ENVIRONMENT: OpenSSL offers no SHA-256) */
int parity_sha256_init(struct parity_sha256 *sha256, struct parity_error *err);
void parity_sha256_clear(struct parity_sha256 *sha256);

/** Hash `data`. @return 0, or -1 when OpenSSL fails, which it does not report as anything else */
int parity_sha256_hash(struct parity_sha256 *sha256, const void *data, size_t length,
                       unsigned char out[PARITY_SHA256_BYTES]);

/** A hash of what comes in pieces: begin, add, end. That OpenSSL fails is told at the end. */
void parity_sha256_begin(struct parity_sha256 *sha256);
void parity_sha256_add(struct parity_sha256 *sha256, const void *data, size_t length);
int parity_sha256_end(struct parity_sha256 *sha256, unsigned char out[PARITY_SHA256_BYTES]);

/** HMAC-SHA256 (RFC 2104). `out` may be `key`. @return 0 or -1 */
int parity_sha256_hmac(struct parity_sha256 *sha256, const void *key, size_t key_length,
                       const void *data, size_t length, unsigned char out[PARITY_SHA256_BYTES]);

/**
 * One hash, in hexadecimal and NUL-terminated.
 * @return 0 or -1 (as parity_sha256_init(); PARITY_E_ENVIRONMENT when OpenSSL fails)
 */
int parity_sha256_text(const void *data, size_t length, char out[PARITY_SHA256_HEX + 1],
                       struct parity_error *err);

#endif
