/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_TREE_HASH_H
#define PARITY_CLIENT_TREE_HASH_H

#include <stddef.h>

#include "base/error.h"
#include "client/sha256.h"

/** A tree of what comes in pieces. Begin, add, end; clear in any case. */
struct parity_tree_hash {
    struct parity_sha256 sha256;
    unsigned char (*leaves)[PARITY_SHA256_BYTES]; /* owned: hashes of each MiB so far */
    size_t count, capacity;
    size_t filled; /* bytes of the MiB that is not complete yet */
};

/** @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_ENVIRONMENT); so the others */
int parity_tree_hash_begin(struct parity_tree_hash *tree, struct parity_error *err);
int parity_tree_hash_add(struct parity_tree_hash *tree, const void *data, size_t length,
                         struct parity_error *err);
int parity_tree_hash_end(struct parity_tree_hash *tree, char out[PARITY_SHA256_HEX + 1],
                         struct parity_error *err);
void parity_tree_hash_clear(struct parity_tree_hash *tree);

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
