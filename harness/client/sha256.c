/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sha256.h"
#include "base/hex.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { BLOCK = 64 }; /* bytes that SHA-256 takes in at a time */

/* Borrowed, the same for all of a thread; NULL: there is none. */
static EVP_MD *look_up(void)
{
    static _Thread_local EVP_MD *algorithm; /* looking it up takes longer than a short hash */

    if (!algorithm)
        algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    return algorithm;
}

void parity_sha256_prepare(void)
{
    look_up();
}

int parity_sha256_init(struct parity_sha256 *sha256, struct parity_error *err)
{
    sha256->algorithm = look_up();
    if (!sha256->algorithm) {
        parity_fail(err, PARITY_E_ENVIRONMENT, "OpenSSL",
                    "no SHA-256 available; check OPENSSL_CONF and the providers it loads");
        return -1;
    }
    sha256->context = EVP_MD_CTX_new();
    if (!sha256->context) {
        parity_sha256_clear(sha256);
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

void parity_sha256_clear(struct parity_sha256 *sha256)
{
    EVP_MD_CTX_free(sha256->context);
    memset(sha256, 0, sizeof *sha256);
}

void parity_sha256_begin(struct parity_sha256 *sha256)
{
    sha256->failed = EVP_DigestInit_ex(sha256->context, sha256->algorithm, NULL) != 1;
}

void parity_sha256_add(struct parity_sha256 *sha256, const void *data, size_t length)
{
    if (!sha256->failed)
        sha256->failed = EVP_DigestUpdate(sha256->context, data, length) != 1;
}

int parity_sha256_end(struct parity_sha256 *sha256, unsigned char out[PARITY_SHA256_BYTES])
{
    if (!sha256->failed)
        sha256->failed = EVP_DigestFinal_ex(sha256->context, out, NULL) != 1;
    return sha256->failed ? -1 : 0;
}

static int hash_two(struct parity_sha256 *sha256, const void *first, size_t first_length,
                    const void *second, size_t second_length, unsigned char *out)
{
    if (EVP_DigestInit_ex(sha256->context, sha256->algorithm, NULL) == 1 &&
        EVP_DigestUpdate(sha256->context, first, first_length) == 1 &&
        EVP_DigestUpdate(sha256->context, second, second_length) == 1 &&
        EVP_DigestFinal_ex(sha256->context, out, NULL) == 1)
        return 0;
    return -1;
}

int parity_sha256_hash(struct parity_sha256 *sha256, const void *data, size_t length,
                       unsigned char out[PARITY_SHA256_BYTES])
{
    return hash_two(sha256, data, length, "", 0, out);
}

int parity_sha256_hmac(struct parity_sha256 *sha256, const void *key, size_t key_length,
                       const void *data, size_t length, unsigned char out[PARITY_SHA256_BYTES])
{
    unsigned char block[BLOCK] = {0};
    unsigned char inner[PARITY_SHA256_BYTES];
    int rc = -1;

    if (key_length <= BLOCK)
        memcpy(block, key, key_length);
    else if (parity_sha256_hash(sha256, key, key_length, block) < 0)
        return -1;
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= 0x36;
    if (hash_two(sha256, block, BLOCK, data, length, inner) == 0) {
        for (size_t i = 0; i < BLOCK; i++)
            block[i] ^= 0x36 ^ 0x5c;
        rc = hash_two(sha256, block, BLOCK, inner, sizeof inner, out);
    }
    OPENSSL_cleanse(block, sizeof block);
    return rc;
}

int parity_sha256_text(const void *data, size_t length, char out[PARITY_SHA256_HEX + 1],
                       struct parity_error *err)
{
    struct parity_sha256 sha256 = {0};
    unsigned char hash[PARITY_SHA256_BYTES];
    int rc = parity_sha256_init(&sha256, err);

    if (rc == 0)
        rc = parity_sha256_hash(&sha256, data, length, hash);
    if (rc == 0)
        parity_hex(hash, sizeof hash, out);
    else
        parity_fail(err, PARITY_E_ENVIRONMENT, "OpenSSL", "cannot compute SHA-256");
    parity_sha256_clear(&sha256);
    return rc;
}
