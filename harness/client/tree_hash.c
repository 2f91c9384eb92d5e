/* SPDX-License-Identifier: Apache-2.0 */
#include "client/tree_hash.h"

#include <string.h>

#include "base/hex.h"
#include "base/memory.h"

enum { LEAF_BYTES = 1024 * 1024 };

typedef unsigned char hash[PARITY_SHA256_BYTES];

int parity_tree_hash_begin(struct parity_tree_hash *tree, struct parity_error *err)
{
    memset(tree, 0, sizeof *tree);
    if (parity_sha256_init(&tree->sha256, err) < 0)
        return -1;
    parity_sha256_begin(&tree->sha256);
    return 0;
}

void parity_tree_hash_clear(struct parity_tree_hash *tree)
{
    parity_sha256_clear(&tree->sha256);
    parity_free(tree->leaves);
    memset(tree, 0, sizeof *tree);
}

static int end_leaf(struct parity_tree_hash *tree, struct parity_error *err)
{
    if (parity_grow(&tree->leaves, &tree->capacity, tree->count + 1, sizeof(hash)) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_sha256_end(&tree->sha256, tree->leaves[tree->count]) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "OpenSSL cannot compute SHA-256");
        return -1;
    }
    tree->count++;
    tree->filled = 0;
    parity_sha256_begin(&tree->sha256);
    return 0;
}

int parity_tree_hash_add(struct parity_tree_hash *tree, const void *data, size_t length,
                         struct parity_error *err)
{
    const char *at = data;

    while (length > 0) {
        size_t room = LEAF_BYTES - tree->filled, part = length < room ? length : room;

        parity_sha256_add(&tree->sha256, at, part);
        tree->filled += part;
        at += part;
        length -= part;
        if (tree->filled == LEAF_BYTES && end_leaf(tree, err) < 0)
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

int parity_tree_hash_end(struct parity_tree_hash *tree, char out[PARITY_SHA256_HEX + 1],
                         struct parity_error *err)
{
    size_t count;

    /* No data is one leaf. */
    if ((tree->filled > 0 || tree->count == 0) && end_leaf(tree, err) < 0)
        return -1;
    count = tree->count;
    while (count > 1)
        count = hash_pairs(&tree->sha256, tree->leaves, count);
    if (count == 1) {
        parity_hex(tree->leaves[0], sizeof(hash), out);
        return 0;
    }
    parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "OpenSSL cannot compute SHA-256");
    return -1;
}

int parity_tree_hash(const void *data, size_t length, char out[PARITY_SHA256_HEX + 1],
                     struct parity_error *err)
{
    struct parity_tree_hash tree;
    int rc = parity_tree_hash_begin(&tree, err);

    if (rc == 0)
        rc = parity_tree_hash_add(&tree, data, length, err);
    if (rc == 0)
        rc = parity_tree_hash_end(&tree, out, err);
    parity_tree_hash_clear(&tree);
    return rc;
}
