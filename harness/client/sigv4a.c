/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4a.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <string.h>

#include "base/hex.h"
#include "client/sigv4_scheme.h"

static const char algorithm[] = "AWS4-ECDSA-P256-SHA256";

enum { POINT_BYTES = 65 };

static void fail_openssl(struct parity_error *err, const char *what)
{
    parity_fail(err, PARITY_E_ENVIRONMENT, "OpenSSL",
                "cannot %s; does this build support the curve P-256?", what);
}

/*
 * One candidate: NIST SP 800-108 in counter mode, a single block of HMAC-SHA256. The key is the
 * secret behind "AWS4A"; the context is the access key id and a byte that counts the attempts.
 */
static int candidate(struct parity_sha256 *sha256, const struct parity_credentials *credentials,
                     unsigned char attempt, unsigned char out[PARITY_SHA256_BYTES])
{
    static const char block_number[4] = {0, 0, 0, 1}, bits[4] = {0, 0, 1, 0};
    struct parity_buffer key = {0}, input = {0};
    int rc = -1;

    parity_buffer_reserve(&key, strlen(credentials->secret_access_key) + 8);
    parity_buffer_add_text(&key, "AWS4A");
    parity_buffer_add_text(&key, credentials->secret_access_key);
    parity_buffer_add(&input, block_number, sizeof block_number);
    parity_buffer_add(&input, algorithm, sizeof algorithm); /* with its NUL, the separator */
    parity_buffer_add_text(&input, credentials->access_key_id);
    parity_buffer_add_char(&input, (char)attempt);
    parity_buffer_add(&input, bits, sizeof bits);
    if (!key.failed && !input.failed)
        rc = parity_sha256_hmac(sha256, key.data, key.length, input.data, input.length, out);
    if (key.data)
        OPENSSL_cleanse(key.data, key.length);
    parity_buffer_clear(&key);
    parity_buffer_clear(&input);
    return rc;
}

/* The private number: the first candidate of at most n - 2, plus one. NULL on failure. */
static BIGNUM *derive_private(struct parity_sha256 *sha256,
                              const struct parity_credentials *credentials, const EC_GROUP *group,
                              struct parity_error *err)
{
    unsigned char bytes[PARITY_SHA256_BYTES];
    BIGNUM *limit = BN_dup(EC_GROUP_get0_order(group));
    BIGNUM *number = BN_secure_new();
    bool found = false;

    if (limit && number && BN_sub_word(limit, 2) == 1)
        for (int attempt = 1; attempt < 255 && !found; attempt++) {
            if (candidate(sha256, credentials, (unsigned char)attempt, bytes) < 0 ||
                !BN_bin2bn(bytes, sizeof bytes, number)) {
                parity_fail_nomem(err);
                break;
            }
            found = BN_cmp(number, limit) <= 0 && BN_add_word(number, 1) == 1;
        }
    OPENSSL_cleanse(bytes, sizeof bytes);
    BN_free(limit);
    if (found)
        return number;
    BN_clear_free(number);
    return NULL;
}

static int derive_public(const EC_GROUP *group, const BIGNUM *number,
                         unsigned char out[POINT_BYTES])
{
    EC_POINT *point = EC_POINT_new(group);
    int rc = -1;

    if (point && EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out, POINT_BYTES, NULL) ==
            POINT_BYTES)
        rc = 0;
    EC_POINT_free(point);
    return rc;
}

static int derive_pair(struct parity_sha256 *sha256, const struct parity_credentials *credentials,
                       BIGNUM **number, unsigned char point[POINT_BYTES], struct parity_error *err)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);

    *number = group ? derive_private(sha256, credentials, group, err) : NULL;
    if (!*number || derive_public(group, *number, point) < 0) {
        BN_clear_free(*number);
        *number = NULL;
        fail_openssl(err, "derive a signing key");
    }
    EC_GROUP_free(group);
    return *number ? 0 : -1;
}

static EVP_PKEY *make_key(const BIGNUM *number, const unsigned char point[POINT_BYTES])
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM *parameters = NULL;
    EVP_PKEY *key = NULL;

    if (builder && context &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
            1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES) == 1)
        parameters = OSSL_PARAM_BLD_to_param(builder);
    if (parameters && EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) != 1)
        key = NULL;
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

static int sign(const struct parity_sigv4_input *input, char signature[160],
                struct parity_error *err)
{
    unsigned char point[POINT_BYTES], der[80];
    size_t length = sizeof der;
    BIGNUM *number = NULL;
    EVP_PKEY *key = NULL;
    EVP_MD_CTX *context = NULL;
    int rc = -1;

    if (derive_pair(input->sha256, input->options->credentials, &number, point, err) < 0)
        goto out;
    key = make_key(number, point);
    context = EVP_MD_CTX_new();
    if (!key || !context ||
        EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) != 1 ||
        EVP_DigestSign(context, der, &length, (const unsigned char *)input->text, input->length) !=
            1) {
        fail_openssl(err, "sign with ECDSA");
        goto out;
    }
    parity_hex(der, length, signature);
    rc = 0;
out:
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BN_clear_free(number);
    return rc;
}

static const struct parity_sigv4_scheme scheme = {
    .algorithm = algorithm, .has_region_set = true, .sign = sign};

int parity_sigv4a_sign_header(struct parity_http_request *request,
                              const struct parity_sigv4_options *options,
                              struct parity_sigv4_trace *trace, struct parity_error *err)
{
    return parity_sigv4_scheme_sign_header(&scheme, request, options, trace, err);
}

int parity_sigv4a_sign_query(struct parity_http_request *request,
                             const struct parity_sigv4_options *options,
                             struct parity_sigv4_trace *trace, struct parity_error *err)
{
    return parity_sigv4_scheme_sign_query(&scheme, request, options, trace, err);
}

int parity_sigv4a_public_key(const struct parity_credentials *credentials, unsigned char out[65],
                             struct parity_error *err)
{
    struct parity_sha256 sha256 = {0};
    BIGNUM *number = NULL;
    int rc = -1;

    if (!credentials->access_key_id || !credentials->secret_access_key) {
        parity_fail(err, PARITY_E_CREDENTIALS, NULL, "no access key to derive a public key from");
        return -1;
    }
    if (parity_sha256_init(&sha256, err) == 0)
        rc = derive_pair(&sha256, credentials, &number, out, err);
    BN_clear_free(number);
    parity_sha256_clear(&sha256);
    return rc;
}
