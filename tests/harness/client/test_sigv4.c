/* SPDX-License-Identifier: Apache-2.0 */
/* What the signing test suite (tests/conformance) leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/sigv4.h"
#include "client/sigv4a.h"

static char key_id[] = "AKIDEXAMPLE";
static char secret[] = "secret-that-stays-here";
static char token[] = "token-that-stays-here";

static const struct parity_credentials credentials = {
    .access_key_id = key_id, .secret_access_key = secret, .session_token = token};

static struct parity_sigv4_options make_options(void)
{
    return (struct parity_sigv4_options){.credentials = &credentials,
                                         .region = "us-east-1",
                                         .service = "service",
                                         .time = 1440938160}; /* 2015-08-30T12:36:00Z */
}

static struct parity_http_request make_request(const char *url)
{
    struct parity_http_request request = {.method = parity_strdup("put"),
                                          .url = parity_strdup(url)};

    assert_non_null(request.method);
    assert_non_null(request.url);
    parity_buffer_add_text(&request.body, "body");
    return request;
}

/* The canonical request of a request to `url`, signed in the header, in a static buffer. */
static const char *canonical(const char *url, const struct parity_sigv4_options *options)
{
    static char text[4096];
    struct parity_http_request request = make_request(url);
    struct parity_sigv4_trace trace = {0};

    assert_int_equal(parity_sigv4_sign_header(&request, options, &trace, NULL), 0);
    snprintf(text, sizeof text, "%s", trace.canonical_request.data);
    parity_sigv4_trace_clear(&trace);
    parity_http_request_clear(&request);
    return text;
}

static void assert_path(const char *path, bool is_s3, const char *expected)
{
    struct parity_sigv4_options options = make_options();
    char url[256], line[256];

    options.no_normalize = options.no_double_encode = is_s3;
    snprintf(url, sizeof url, "https://host%s", path);
    snprintf(line, sizeof line, "PUT\n%s\n", expected);
    assert_memory_equal(canonical(url, &options), line, strlen(line));
}

static void assert_query(const char *query, const char *expected)
{
    struct parity_sigv4_options options = make_options();
    char url[256], line[256];

    snprintf(url, sizeof url, "https://host/?%s", query);
    snprintf(line, sizeof line, "PUT\n/\n%s\nhost:host\n", expected);
    assert_memory_equal(canonical(url, &options), line, strlen(line));
}

static void paths_are_normalised_and_encoded_twice(void **state)
{
    (void)state;
    assert_path("", false, "/");
    assert_path("/a%20b/c", false, "/a%2520b/c");
    assert_path("//a///b/", false, "/a/b/");
    assert_path("/a/./b/../c", false, "/a/c");
    assert_path("/../..", false, "/");
    assert_path("/a/b/..", false, "/a");
    assert_path("/.../..a/a..", false, "/.../..a/a..");
}

static void paths_of_s3_stay_as_they_are(void **state)
{
    (void)state;
    assert_path("", true, "/");
    assert_path("/a%20b//./../c+d=e", true, "/a%20b//./../c+d=e");
    assert_path("/\xe1\x88\xb4", true, "/%E1%88%B4");
}

static void queries_are_sorted_by_name_then_value(void **state)
{
    (void)state;
    assert_query("b=2&a=2&a=1&ab=0&a", "a=&a=1&a=2&ab=0&b=2");
    assert_query("Z=1&a=1", "Z=1&a=1");
    assert_query("a=%7e%2f&b=x/y&c=%zz&&d=1=2", "a=~%2F&b=x%2Fy&c=%25zz&d=1%3D2");
}

static void a_present_payload_hash_is_taken_over(void **state)
{
    struct parity_sigv4_options options = make_options();
    struct parity_http_request request = make_request("https://host/");
    struct parity_sigv4_trace trace = {0};
    const char *name = "X-Amz-Content-SHA256", *hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    (void)state;
    assert_int_equal(parity_headers_add(&request.headers, name, hash), 0);
    assert_int_equal(parity_sigv4_sign_header(&request, &options, &trace, NULL), 0);
    assert_non_null(strstr(trace.canonical_request.data, "\nSTREAMING-UNSIGNED-PAYLOAD-TRAILER"));
    options.sign_body = true;
    assert_int_equal(parity_sigv4_sign_header(&request, &options, &trace, NULL), 0);
    assert_null(strstr(trace.canonical_request.data, "STREAMING"));
    assert_string_equal(parity_headers_get(&request.headers, name),
                        "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5");
    parity_sigv4_trace_clear(&trace);
    parity_http_request_clear(&request);
}

static void the_token_can_have_another_name(void **state)
{
    struct parity_sigv4_options options = make_options();
    struct parity_http_request request = make_request("https://host/");

    (void)state;
    options.token_name = "X-Amz-S3session-Token";
    assert_int_equal(parity_sigv4_sign_header(&request, &options, NULL, NULL), 0);
    assert_string_equal(parity_headers_get(&request.headers, "x-amz-s3session-token"), token);
    assert_null(parity_headers_get(&request.headers, "X-Amz-Security-Token"));
    assert_int_equal(parity_sigv4_sign_query(&request, &options, NULL, NULL), 0);
    assert_non_null(strstr(request.url, "&X-Amz-S3session-Token=token-that-stays-here&"));
    parity_http_request_clear(&request);
}

static void presigning_keeps_a_fragment_out(void **state)
{
    struct parity_sigv4_options options = make_options();
    struct parity_http_request request = make_request("https://host/a?b=c#d");

    (void)state;
    assert_int_equal(parity_sigv4_sign_query(&request, &options, NULL, NULL), 0);
    assert_memory_equal(request.url, "https://host/a?b=c&X-Amz-Algorithm=", 35);
    assert_null(strchr(request.url, '#'));
    parity_http_request_clear(&request);
}

/* Two requests in each of more regions than keys are cached: the second must not see the wrong one.
 */
static void cached_keys_change_no_signature(void **state)
{
    char first[20][65], region[16];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 20; i++) {
            struct parity_sigv4_options options = make_options();
            struct parity_http_request request = make_request("https://host/");
            struct parity_sigv4_trace trace = {0};

            snprintf(region, sizeof region, "region-%d", (i * 7) % 10);
            options.region = region;
            options.time += (time_t)86400 * (i / 10);
            assert_int_equal(parity_sigv4_sign_header(&request, &options, &trace, NULL), 0);
            if (round == 0)
                memcpy(first[i], trace.signature, sizeof first[i]);
            assert_string_equal(trace.signature, first[i]);
            for (int j = 0; j < i; j++)
                assert_string_not_equal(first[i], first[j]);
            parity_sigv4_trace_clear(&trace);
            parity_http_request_clear(&request);
        }
}

static void assert_refused(const struct parity_sigv4_options *options, const char *url,
                           enum parity_errc code, const char *message)
{
    struct parity_http_request request = make_request(url);
    struct parity_error err = {0};

    assert_int_equal(parity_sigv4_sign_header(&request, options, NULL, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.message, message);
    assert_null(strstr(err.message, "stays-here"));
    parity_http_request_clear(&request);
}

static void says_what_is_missing(void **state)
{
    struct parity_credentials none = {.access_key_id = key_id};
    struct parity_sigv4_options options = make_options();

    (void)state;
    assert_refused(&options, "host/x", PARITY_E_INVALID,
                   "the URL has no scheme; it must begin with http:// or https://");
    options.region = "";
    assert_refused(&options, "https://host", PARITY_E_INVALID, "cannot sign without a region");
    options.region = "r";
    options.service = NULL;
    assert_refused(&options, "https://host", PARITY_E_INVALID,
                   "cannot sign without a service (signing name)");
    options.credentials = &none;
    assert_refused(&options, "https://host", PARITY_E_CREDENTIALS,
                   "cannot sign without a secret access key");
    options.credentials = NULL;
    assert_refused(&options, "https://host", PARITY_E_CREDENTIALS,
                   "cannot sign without an access key id");
    options = make_options();
    options.time = (time_t)400000000000;
    assert_refused(&options, "https://host", PARITY_E_INVALID,
                   "the time to sign with lies outside the years 0 to 9999");
}

typedef int sign_function(struct parity_http_request *request,
                          const struct parity_sigv4_options *options,
                          struct parity_sigv4_trace *trace, struct parity_error *err);

/* One attempt with the n-th allocation failing; the same request signs well afterwards. */
static int sign_short_of_memory(sign_function *sign, unsigned long n, char signature[160])
{
    struct parity_sigv4_options options = make_options();
    struct parity_http_request request = make_request("https://host/a?b=c&d=e");
    struct parity_sigv4_trace trace = {0};
    struct parity_error err = {0};
    int rc;

    options.sign_body = true;
    options.region = n % 2 ? "odd" : "even"; /* so that a key is derived now and then */
    parity_memory_fail_at(n, 0);
    rc = sign(&request, &options, &trace, &err);
    parity_memory_fail_at(0, 0);
    if (rc < 0) {
        assert_int_equal(err.code, PARITY_E_NOMEM);
        assert_null(parity_headers_get(&request.headers, "Authorization"));
        assert_null(strstr(request.url, "X-Amz-Signature"));
        assert_int_equal(sign(&request, &options, &trace, NULL), 0);
    }
    memcpy(signature, trace.signature, 160);
    parity_sigv4_trace_clear(&trace);
    parity_http_request_clear(&request);
    return rc;
}

static void signing_survives_a_lack_of_memory_at_any_point(void **state)
{
    char expected[2][160], signature[160];

    (void)state;
    assert_int_equal(sign_short_of_memory(parity_sigv4_sign_header, 1000, expected[0]), 0);
    assert_int_equal(sign_short_of_memory(parity_sigv4_sign_header, 1001, expected[1]), 0);
    for (unsigned long n = 1;; n++) {
        int rc = sign_short_of_memory(parity_sigv4_sign_header, n, signature);

        assert_string_equal(signature, expected[n % 2]);
        if (rc == 0)
            break;
        assert_true(n < 100);
    }
}

static void presigning_survives_a_lack_of_memory_at_any_point(void **state)
{
    char signature[160];
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        rc = sign_short_of_memory(parity_sigv4_sign_query, n, signature);
        assert_true(n < 100);
    }
    rc = -1;
    for (unsigned long n = 1; rc < 0; n++) {
        rc = sign_short_of_memory(parity_sigv4a_sign_query, n, signature);
        assert_true(n < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_normalised_and_encoded_twice),
        cmocka_unit_test(paths_of_s3_stay_as_they_are),
        cmocka_unit_test(queries_are_sorted_by_name_then_value),
        cmocka_unit_test(a_present_payload_hash_is_taken_over),
        cmocka_unit_test(the_token_can_have_another_name),
        cmocka_unit_test(presigning_keeps_a_fragment_out),
        cmocka_unit_test(cached_keys_change_no_signature),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(signing_survives_a_lack_of_memory_at_any_point),
        cmocka_unit_test(presigning_survives_a_lack_of_memory_at_any_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
