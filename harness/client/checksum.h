/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CHECKSUM_H
#define PARITY_CLIENT_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/**
 * The checksums that AWS's `x-amz-checksum-…` headers carry: crc32, crc32c, crc64nvme, sha1,
 * sha256, sha512, and md5. Names compare without case.
 */
bool parity_checksum_is_known(const char *algorithm);

/** A checksum of what comes in pieces. Zero-initialise, begin, add, end; clear in any case. */
struct parity_checksum {
    const struct parity_checksum_algorithm *algorithm; /* NULL: not begun */
    uint64_t crc;
    struct evp_md_ctx_st *digest; /* owned; NULL: a CRC */
    bool failed;                  /* of OpenSSL's, told at the end */
};

/** @return 0 or -1 (PARITY_E_INVALID: unknown algorithm; PARITY_E_NOMEM) */
int parity_checksum_begin(struct parity_checksum *checksum, const char *algorithm,
                          struct parity_error *err);
void parity_checksum_add(struct parity_checksum *checksum, const void *data, size_t length);

/** Append the checksum as parity_checksum() does. @return 0 or -1 */
int parity_checksum_end(struct parity_checksum *checksum, struct parity_buffer *out,
                        struct parity_error *err);
void parity_checksum_clear(struct parity_checksum *checksum);

/**
 * Append the checksum of `data`, as base64 of its bytes in network order.
 *
 * @return 0 or -1 (PARITY_E_INVALID: unknown algorithm; PARITY_E_NOMEM)
 */
int parity_checksum(const char *algorithm, const void *data, size_t length,
                    struct parity_buffer *out, struct parity_error *err);

#endif
