/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CHECKSUM_H
#define PARITY_CLIENT_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/**
 * The checksums that AWS's `x-amz-checksum-…` headers carry: crc32, crc32c, crc64nvme, sha1,
 * sha256, sha512, and md5. Names compare without case.
 */
bool parity_checksum_is_known(const char *algorithm);

/**
 * Append the checksum of `data`, as base64 of its bytes in network order.
 *
 * @return 0 or -1 (PARITY_E_INVALID: unknown algorithm; PARITY_E_NOMEM)
 */
int parity_checksum(const char *algorithm, const void *data, size_t length,
                    struct parity_buffer *out, struct parity_error *err);

#endif
