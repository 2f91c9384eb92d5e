/* SPDX-License-Identifier: Apache-2.0 */
#include "client/checksum.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/base64.h"

/* All of these go on from the CRC of what came before, 0 at first. */
static uint64_t run_crc32(uint64_t crc, const unsigned char *data, size_t length)
{
    return crc32_z((uLong)crc, data, length);
}

/* A reflected CRC with all bits set before and after; tables are made on first use. */
static uint64_t reflected_crc(uint64_t polynomial, uint64_t all_bits, uint64_t table[256],
                              uint64_t crc, const unsigned char *data, size_t length)
{
    if (table[1] == 0)
        for (unsigned byte = 0; byte < 256; byte++) {
            uint64_t value = byte;

            for (int bit = 0; bit < 8; bit++)
                value = value & 1 ? value >> 1 ^ polynomial : value >> 1;
            table[byte] = value;
        }
    crc ^= all_bits;
    for (size_t i = 0; i < length; i++)
        crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xFF];
    return crc ^ all_bits;
}

/* Castagnoli's polynomial (RFC 3720, B.4). */
static uint64_t run_crc32c(uint64_t crc, const unsigned char *data, size_t length)
{
    static uint64_t table[256];

    return reflected_crc(0x82F63B78u, 0xFFFFFFFFu, table, crc, data, length);
}

/* NVM Express's 64-bit checksum. */
static uint64_t run_crc64nvme(uint64_t crc, const unsigned char *data, size_t length)
{
    static uint64_t table[256];

    return reflected_crc(0x9A6C9329AC4BC9B5u, UINT64_MAX, table, crc, data, length);
}

static const struct parity_checksum_algorithm {
    const char *name;
    uint64_t (*crc)(uint64_t crc, const unsigned char *data,
                    size_t length); /* NULL: one of OpenSSL's */
    unsigned bytes;
    const EVP_MD *(*digest)(void);
} algorithms[] = {
    {"crc32", run_crc32, 4, NULL},
    {"crc32c", run_crc32c, 4, NULL},
    {"crc64nvme", run_crc64nvme, 8, NULL},
    {"sha1", NULL, 0, EVP_sha1},
    {"sha256", NULL, 0, EVP_sha256},
    {"sha512", NULL, 0, EVP_sha512},
    {"md5", NULL, 0, EVP_md5},
};

static const struct parity_checksum_algorithm *find(const char *name)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (strcasecmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

bool parity_checksum_is_known(const char *algorithm)
{
    return find(algorithm) != NULL;
}

int parity_checksum_begin(struct parity_checksum *checksum, const char *name,
                          struct parity_error *err)
{
    const struct parity_checksum_algorithm *algorithm = find(name);

    memset(checksum, 0, sizeof *checksum);
    if (!algorithm) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "unknown checksum algorithm '%.40s' (known: CRC32, CRC32C, CRC64NVME, SHA1, "
                    "SHA256, SHA512, MD5)",
                    name);
        return -1;
    }
    checksum->algorithm = algorithm;
    if (algorithm->crc)
        return 0;
    checksum->digest = EVP_MD_CTX_new();
    if (!checksum->digest) {
        parity_fail_nomem(err);
        return -1;
    }
    checksum->failed = EVP_DigestInit_ex(checksum->digest, algorithm->digest(), NULL) != 1;
    return 0;
}

void parity_checksum_add(struct parity_checksum *checksum, const void *data, size_t length)
{
    if (length == 0 || checksum->failed)
        return;
    if (checksum->algorithm->crc)
        checksum->crc = checksum->algorithm->crc(checksum->crc, data, length);
    else
        checksum->failed = EVP_DigestUpdate(checksum->digest, data, length) != 1;
}

int parity_checksum_end(struct parity_checksum *checksum, struct parity_buffer *out,
                        struct parity_error *err)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = checksum->algorithm->bytes;

    if (checksum->algorithm->crc)
        for (unsigned i = 0; i < count; i++)
            bytes[i] = (unsigned char)(checksum->crc >> 8 * (count - 1 - i));
    else if (checksum->failed || EVP_DigestFinal_ex(checksum->digest, bytes, &count) != 1) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "OpenSSL offers no %s",
                    checksum->algorithm->name);
        return -1;
    }
    parity_base64_encode(out, bytes, count);
    if (!out->failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

void parity_checksum_clear(struct parity_checksum *checksum)
{
    EVP_MD_CTX_free(checksum->digest);
    memset(checksum, 0, sizeof *checksum);
}

int parity_checksum(const char *name, const void *data, size_t length, struct parity_buffer *out,
                    struct parity_error *err)
{
    struct parity_checksum checksum;
    int rc = parity_checksum_begin(&checksum, name, err);

    if (rc == 0) {
        parity_checksum_add(&checksum, data, length);
        rc = parity_checksum_end(&checksum, out, err);
    }
    parity_checksum_clear(&checksum);
    return rc;
}
