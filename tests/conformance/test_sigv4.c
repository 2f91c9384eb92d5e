/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signing test suite, SigV4 and SigV4a: for each directory one test per variant (header,
 * query), in which canonical request, string to sign, signature and signed request are compared.
 * SigV4a signatures are verified with the suite's public key instead, both ours and the suite's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/http_text.h"
#include "client/sign_context.h"
#include "client/sigv4a.h"
#include "conformance.h"

typedef int sign_function(struct parity_http_request *request,
                          const struct parity_sigv4_options *options,
                          struct parity_sigv4_trace *trace, struct parity_error *err);

static const struct variant {
    const char *suite, *name;
    bool asymmetric;
    sign_function *sign;
} variants[] = {
    {"v4", "header", false, parity_sigv4_sign_header},
    {"v4", "query", false, parity_sigv4_sign_query},
    {"v4a", "header", true, parity_sigv4a_sign_header},
    {"v4a", "query", true, parity_sigv4a_sign_query},
};

enum { VARIANTS = sizeof variants / sizeof *variants };

struct suite_case {
    char *folder;
    const struct variant *variant;
    struct suite_case *next; /* all cases, to be freed */
};

static struct suite_case *cases;

/* What one test works on. */
struct work {
    struct parity_sign_context context;
    struct parity_http_text text;
    struct parity_sigv4_trace trace;
    struct parity_buffer input, expected, written;
};

static char *file_path(const char *folder, const char *prefix, const char *name)
{
    size_t size = strlen(folder) + strlen(prefix) + strlen(name) + 3;
    char *path = malloc(size);

    assert_non_null(path);
    snprintf(path, size, "%s/%s%s%s", folder, prefix, prefix[0] ? "-" : "", name);
    return path;
}

static void read_file(const char *folder, const char *prefix, const char *name,
                      struct parity_buffer *out)
{
    struct parity_error err = {0};
    char *path = file_path(folder, prefix, name);

    parity_buffer_reset(out);
    if (parity_file_read(path, 0, out, &err) < 0)
        fail_msg("%s: %s", path, err.message);
    parity_buffer_add(out, "", 0);
    free(path);
}

static bool has_file(const char *folder, const char *prefix, const char *name)
{
    char *path = file_path(folder, prefix, name);
    bool found = access(path, F_OK) == 0;

    free(path);
    return found;
}

static void assert_text(const char *what, const struct parity_buffer *actual,
                        const struct parity_buffer *expected)
{
    if (actual->length != expected->length ||
        memcmp(actual->data, expected->data, actual->length) != 0)
        fail_msg("%s differs\n--- expected\n%s\n--- actual\n%s", what, expected->data,
                 actual->data);
}

static void assert_file(const struct suite_case *test, struct work *work, const char *name,
                        const struct parity_buffer *actual)
{
    read_file(test->folder, test->variant->name, name, &work->expected);
    assert_text(name, actual, &work->expected);
}

static EVP_PKEY *make_public_key(unsigned char *point, size_t length)
{
    char group[] = "prime256v1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, length),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;

    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *read_public_key(const char *folder)
{
    char *path = file_path(folder, "", "public-key.json");
    struct parity_error err = {0};
    char text[2 * 65 + 1];
    unsigned char point[65];
    size_t length = 0;
    json_t *document;

    assert_int_equal(parity_json_read_file(path, &document, &err), 0);
    snprintf(text, sizeof text, "04%s%s", json_string_value(json_object_get(document, "X")),
             json_string_value(json_object_get(document, "Y")));
    json_decref(document);
    free(path);
    assert_int_equal(OPENSSL_hexstr2buf_ex(point, sizeof point, &length, text, '\0'), 1);
    return make_public_key(point, length);
}

static void assert_verifies(const char *whose, const char *signature, EVP_PKEY *key,
                            const struct parity_buffer *text)
{
    unsigned char der[128];
    size_t length = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int valid;

    assert_int_equal(OPENSSL_hexstr2buf_ex(der, sizeof der, &length, signature, '\0'), 1);
    assert_int_equal(EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL), 1);
    valid = EVP_DigestVerify(context, der, length, (const unsigned char *)text->data, text->length);
    EVP_MD_CTX_free(context);
    if (valid != 1)
        fail_msg("%s signature is not valid: %s", whose, signature);
}

/* Takes the hex digits behind "Signature=" out, which differ from one signing to the next. */
static void cut_signature(struct parity_buffer *text)
{
    char *start = strstr(text->data, "Signature=");
    size_t size;

    assert_non_null(start);
    start += strlen("Signature=");
    size = strspn(start, "0123456789abcdef");
    assert_in_range(size, 130, 144);
    memmove(start, start + size, text->length - (size_t)(start - text->data) - size + 1);
    text->length -= size;
}

static void check_asymmetric(const struct suite_case *test, struct work *work)
{
    EVP_PKEY *key = read_public_key(test->folder);

    assert_verifies("our", work->trace.signature, key, &work->trace.string_to_sign);
    read_file(test->folder, test->variant->name, "signature.txt", &work->expected);
    assert_verifies("the suite's", work->expected.data, key, &work->trace.string_to_sign);
    EVP_PKEY_free(key);
    assert_non_null(strstr(work->written.data, work->trace.signature));
    cut_signature(&work->written);
    read_file(test->folder, test->variant->name, "signed-request.txt", &work->expected);
    cut_signature(&work->expected);
    assert_text("signed request", &work->written, &work->expected);
}

static void check_symmetric(const struct suite_case *test, struct work *work)
{
    read_file(test->folder, test->variant->name, "signature.txt", &work->expected);
    assert_string_equal(work->trace.signature, work->expected.data);
    assert_file(test, work, "signed-request.txt", &work->written);
}

/* A directory without expectations (there is one): at least the signature must be right. */
static void check_against_own_key(struct work *work)
{
    unsigned char point[65];
    EVP_PKEY *key;

    assert_int_equal(parity_sigv4a_public_key(&work->context.credentials, point, NULL), 0);
    key = make_public_key(point, sizeof point);
    assert_verifies("our", work->trace.signature, key, &work->trace.string_to_sign);
    EVP_PKEY_free(key);
}

static void sign_case(const struct suite_case *test, struct work *work)
{
    struct parity_error err = {0};
    char *path = file_path(test->folder, "", "context.json");
    json_t *document;
    int rc = parity_json_read_file(path, &document, &err);

    free(path);
    read_file(test->folder, "", "request.txt", &work->input);
    if (rc < 0 || parity_sign_context_read_new(document, NULL, &work->context, &err) < 0 ||
        parity_http_text_parse(work->input.data, work->input.length, "request.txt", &work->text,
                               &err) < 0 ||
        test->variant->sign(&work->text.request, &work->context.options, &work->trace, &err) < 0)
        fail_msg("%s:%d:%d: %s", err.context, err.line, err.column, err.message);
    parity_http_text_write(&work->written, &work->text);
}

static void signs_as_the_suite_expects(void **state)
{
    const struct suite_case *test = *state;
    struct work work = {0};

    sign_case(test, &work);
    if (!has_file(test->folder, test->variant->name, "canonical-request.txt")) {
        assert_true(test->variant->asymmetric);
        check_against_own_key(&work);
    } else {
        assert_file(test, &work, "canonical-request.txt", &work.trace.canonical_request);
        assert_file(test, &work, "string-to-sign.txt", &work.trace.string_to_sign);
        if (test->variant->asymmetric)
            check_asymmetric(test, &work);
        else
            check_symmetric(test, &work);
    }
    parity_sign_context_clear(&work.context);
    parity_http_text_clear(&work.text);
    parity_sigv4_trace_clear(&work.trace);
    parity_buffer_clear(&work.input);
    parity_buffer_clear(&work.expected);
    parity_buffer_clear(&work.written);
}

static void add_case(const char *suite_folder, const char *name, const struct variant *variant)
{
    struct suite_case *test = malloc(sizeof *test);
    char title[256];

    if (!test)
        abort();
    test->variant = variant;
    test->folder = file_path(suite_folder, "", name);
    test->next = cases;
    cases = test;
    snprintf(title, sizeof title, "%s/%s (%s)", variant->suite, name, variant->name);
    conformance_add(title, signs_as_the_suite_expects, test);
}

static void add_suite(const char *root, const struct variant *variant)
{
    char *folder = file_path(root, "", variant->suite);
    char **names = conformance_list(folder);

    for (char **name = names; *name; name++) {
        add_case(folder, *name, variant);
        free(*name);
    }
    free(names);
    free(folder);
}

int main(int argc, char **argv)
{
    char *root = conformance_path(argc, argv, "sigv4");
    int rc;

    parity_memory_init();
    for (size_t i = 0; i < VARIANTS; i++)
        add_suite(root, &variants[i]);
    rc = conformance_run("sigv4");
    while (cases) {
        struct suite_case *next = cases->next;

        free(cases->folder);
        free(cases);
        cases = next;
    }
    free(root);
    return rc;
}
