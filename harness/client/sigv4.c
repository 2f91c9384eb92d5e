/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/hex.h"
#include "client/sigv4_scheme.h"

/*
 * A signing key holds for a day, a region and a service, and deriving it is most of what a short
 * request costs to sign: the last few are kept, by all that they were derived from. What does not
 * fit is derived each time.
 */
struct cached_key {
    char secret[128], region[64], service[64], date[8];
    unsigned char key[PARITY_SHA256_BYTES];
    bool used;
};

enum { CACHED_KEYS = 16 }; /* a test calls a handful of services in turn */

static _Thread_local struct cached_key cached_keys[CACHED_KEYS];
static _Thread_local size_t next_cached;

static bool is_cached(const struct cached_key *entry, const struct parity_sigv4_input *input)
{
    return entry->used && memcmp(entry->date, input->date, sizeof entry->date) == 0 &&
           strcmp(entry->service, input->options->service) == 0 &&
           strcmp(entry->region, input->options->region) == 0 &&
           strcmp(entry->secret, input->options->credentials->secret_access_key) == 0;
}

static bool copy_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);

    if (length >= size)
        return false;
    memcpy(to, from, length + 1);
    return true;
}

static void remember(const struct parity_sigv4_input *input,
                     const unsigned char key[PARITY_SHA256_BYTES])
{
    struct cached_key *entry = &cached_keys[next_cached];

    entry->used = copy_text(entry->secret, sizeof entry->secret,
                            input->options->credentials->secret_access_key) &&
                  copy_text(entry->region, sizeof entry->region, input->options->region) &&
                  copy_text(entry->service, sizeof entry->service, input->options->service);
    if (!entry->used)
        return;
    memcpy(entry->date, input->date, sizeof entry->date);
    memcpy(entry->key, key, sizeof entry->key);
    next_cached = (next_cached + 1) % CACHED_KEYS;
}

static int hmac_text(struct parity_sha256 *sha256, unsigned char key[PARITY_SHA256_BYTES],
                     const char *text, size_t length)
{
    return parity_sha256_hmac(sha256, key, PARITY_SHA256_BYTES, text, length, key);
}

static int derive(const struct parity_sigv4_input *input, unsigned char key[PARITY_SHA256_BYTES])
{
    const struct parity_sigv4_options *options = input->options;
    struct parity_buffer start = {0};
    int rc = -1;

    parity_buffer_reserve(&start, strlen(options->credentials->secret_access_key) + 8);
    parity_buffer_add_text(&start, "AWS4");
    parity_buffer_add_text(&start, options->credentials->secret_access_key);
    if (start.failed)
        goto out;
    if (parity_sha256_hmac(input->sha256, start.data, start.length, input->date, 8, key) == 0 &&
        hmac_text(input->sha256, key, options->region, strlen(options->region)) == 0 &&
        hmac_text(input->sha256, key, options->service, strlen(options->service)) == 0 &&
        hmac_text(input->sha256, key, "aws4_request", strlen("aws4_request")) == 0)
        rc = 0;
    OPENSSL_cleanse(start.data, start.length);
out:
    parity_buffer_clear(&start);
    return rc;
}

static int find_key(const struct parity_sigv4_input *input, unsigned char key[PARITY_SHA256_BYTES])
{
    for (size_t i = 0; i < CACHED_KEYS; i++)
        if (is_cached(&cached_keys[i], input)) {
            memcpy(key, cached_keys[i].key, PARITY_SHA256_BYTES);
            return 0;
        }
    if (derive(input, key) < 0)
        return -1;
    remember(input, key);
    return 0;
}

static int sign(const struct parity_sigv4_input *input, char signature[160],
                struct parity_error *err)
{
    unsigned char key[PARITY_SHA256_BYTES];

    if (find_key(input, key) < 0 || hmac_text(input->sha256, key, input->text, input->length) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    parity_hex(key, sizeof key, signature);
    return 0;
}

const struct parity_sigv4_scheme parity_sigv4_hmac_scheme = {.algorithm = "AWS4-HMAC-SHA256",
                                                             .sign = sign};

int parity_sigv4_sign_header(struct parity_http_request *request,
                             const struct parity_sigv4_options *options,
                             struct parity_sigv4_trace *trace, struct parity_error *err)
{
    return parity_sigv4_scheme_sign_header(&parity_sigv4_hmac_scheme, request, options, trace, err);
}

int parity_sigv4_sign_query(struct parity_http_request *request,
                            const struct parity_sigv4_options *options,
                            struct parity_sigv4_trace *trace, struct parity_error *err)
{
    return parity_sigv4_scheme_sign_query(&parity_sigv4_hmac_scheme, request, options, trace, err);
}
