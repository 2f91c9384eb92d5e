/* SPDX-License-Identifier: Apache-2.0 */
#include "client/tree_hash.h"

#include <string.h>

#include "base/memory.h"

enum { LEAF_BYTES = 1024 * 1024 };

typedef unsigned char hash[PARITY_SHA256_BYTES];

/* The hashes of the leaves; no data is one leaf. */
static int hash_leaves(struct parity_sha256 *sha256, const unsigned char *data, size_t length,
                       hash *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t left = length - i * LEAF_BYTES;

        if (parity_sha256_hash(sha256, data + i * LEAF_BYTES, left < LEAF_BYTES ? left : LEAF_BYTES,
                               out[i]) < 0)
            return -1;
    }
    return 0;
}

/* One level up, in place. @return the number of hashes there; 0 when OpenSSL fails */
static size_t hash_pairs(struct parity_sha256 *sha256, hash *hashes, size_t count)
{
    size_t above = 0;

    for (size_t i = 0; i < count; i += 2, above++)
        if (i + 1 == count)
            memcpy(hashes[above], hashes[i], sizeof(hash));
        else if (parity_sha256_hash(sha256, hashes[i], 2 * sizeof(hash), hashes[above]) < 0)
            return 0;
    return above;
}

int parity_tree_hash(const void *data, size_t length, char out[PARITY_SHA256_HEX + 1],
                     struct parity_error *err)
{
    size_t count = length ? (length - 1) / LEAF_BYTES + 1 : 1;
    hash *hashes = parity_calloc(count, sizeof *hashes);
    struct parity_sha256 sha256 = {0};
    int rc = -1;

    if (!hashes) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_sha256_init(&sha256, err) < 0)
        goto out;
    if (hash_leaves(&sha256, data, length, hashes, count) < 0)
        count = 0;
    while (count > 1)
        count = hash_pairs(&sha256, hashes, count);
    if (count == 1) {
        parity_hex(hashes[0], sizeof(hash), out);
        rc = 0;
    } else {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "OpenSSL cannot compute SHA-256");
    }
out:
    parity_sha256_clear(&sha256);
    parity_free(hashes);
    return rc;
}
