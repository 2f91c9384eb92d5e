/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_TREE_HASH_H
#define PARITY_CLIENT_TREE_HASH_H

#include <stddef.h>

#include "base/error.h"
#include "client/sha256.h"

/**
 * SHA-256 as a tree: of each MiB of the data, then of each two neighbouring hashes (a lone one goes
 * up as it is), until one is left.
 *
 * @param out  hexadecimal, NUL-terminated
 * @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_ENVIRONMENT)
 * @see Amazon S3 Glacier Developer Guide, "Computing Checksums"; botocore/utils.py,
 *      calculate_tree_hash
 */
int parity_tree_hash(const void *data, size_t length, char out[PARITY_SHA256_HEX + 1],
                     struct parity_error *err);

#endif
