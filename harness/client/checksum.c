/* SPDX-License-Identifier: Apache-2.0 */
#include "client/checksum.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <strings.h>
#include <zlib.h>

#include "base/base64.h"

static uint64_t run_crc32(const unsigned char *data, size_t length)
{
    return crc32_z(crc32_z(0, NULL, 0), data, length);
}

/* A reflected CRC with all bits set before and after; tables are made on first use. */
static uint64_t reflected_crc(uint64_t polynomial, uint64_t all_bits, uint64_t table[256],
                              const unsigned char *data, size_t length)
{
    uint64_t crc = all_bits;

    if (table[1] == 0)
        for (unsigned byte = 0; byte < 256; byte++) {
            uint64_t value = byte;

            for (int bit = 0; bit < 8; bit++)
                value = value & 1 ? value >> 1 ^ polynomial : value >> 1;
            table[byte] = value;
        }
    for (size_t i = 0; i < length; i++)
        crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xFF];
    return crc ^ all_bits;
}

/* Castagnoli's polynomial (RFC 3720, B.4). */
static uint64_t run_crc32c(const unsigned char *data, size_t length)
{
    static uint64_t table[256];

    return reflected_crc(0x82F63B78u, 0xFFFFFFFFu, table, data, length);
}

/* NVM Express's 64-bit checksum. */
static uint64_t run_crc64nvme(const unsigned char *data, size_t length)
{
    static uint64_t table[256];

    return reflected_crc(0x9A6C9329AC4BC9B5u, UINT64_MAX, table, data, length);
}

static const struct algorithm {
    const char *name;
    uint64_t (*crc)(const unsigned char *data, size_t length); /* NULL: one of OpenSSL's */
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

static const struct algorithm *find(const char *name)
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

int parity_checksum(const char *name, const void *data, size_t length, struct parity_buffer *out,
                    struct parity_error *err)
{
    const struct algorithm *algorithm = find(name);
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count;

    if (!algorithm) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "unknown checksum algorithm '%.40s' (known: CRC32, CRC32C, CRC64NVME, SHA1, "
                    "SHA256, SHA512, MD5)",
                    name);
        return -1;
    }
    if (algorithm->crc) {
        uint64_t crc = algorithm->crc(length ? data : (const unsigned char *)"", length);

        count = algorithm->bytes;
        for (unsigned i = 0; i < count; i++)
            bytes[i] = (unsigned char)(crc >> 8 * (count - 1 - i));
    } else if (EVP_Digest(data, length, bytes, &count, algorithm->digest(), NULL) != 1) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "OpenSSL offers no %s", algorithm->name);
        return -1;
    }
    parity_base64_encode(out, bytes, count);
    if (!out->failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}
