/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/mask_exchange.h"

/* Made up, in the form of AWS's. */
#define KEY_ID "AKIAQ3EGZ7KLMN5PR2TX"
#define SECRET "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"
#define TOKEN                                                                                      \
    "FwoGZXIvYXdzEBYaDKq3f8Zl2nYxw7RkVSLVAWp9xJ4mTq6Bv0cGhUeRjN5sLyD1oKzXfQaIuEwPrTgMbCvHnYkZdS3x" \
    "W"

/* Mask one exchange with these texts; its request's member and its response's body. */
static json_t *masked(const char *url, const char *body, json_int_t whole)
{
    static const struct parity_secrets_options options;
    json_t *calls =
        json_pack("[{s:[{s:{s:s, s:[[s, s]], s:s, s:I}, s:n}]}]", "exchanges", "request", "url",
                  url, "headers", "X-Key", KEY_ID, "body", body, "body_bytes", whole, "response");

    assert_non_null(calls);
    parity_mask_exchanges(&options, calls);
    return calls;
}

static const json_t *request_of(const json_t *calls)
{
    const json_t *exchanges = json_object_get(json_array_get(calls, 0), "exchanges");

    return json_object_get(json_array_get(exchanges, 0), "request");
}

static void assert_body(const char *body, const char *expected)
{
    json_t *calls = masked("http://h/", body, (json_int_t)strlen(body));

    assert_string_equal(json_string_value(json_object_get(request_of(calls), "body")), expected);
    json_decref(calls);
}

static void secrets_are_hidden_in_bodies_of_any_format(void **state)
{
    (void)state;
    assert_body("{\"SecretAccessKey\": \"" SECRET "\", \"Name\": \"x\"}",
                "{\"SecretAccessKey\": \"<hidden: a secret access key>\", \"Name\": \"x\"}");
    assert_body("<K><AccessKeyId>" KEY_ID "</AccessKeyId><SessionToken>" TOKEN
                "==</SessionToken></K>",
                "<K><AccessKeyId><hidden: an access key id></AccessKeyId><SessionToken><hidden: a "
                "session token>==</SessionToken></K>");
    assert_body("Action=X&SecretAccessKey=" SECRET "&Version=1",
                "Action=X&SecretAccessKey=<hidden: a secret access key>&Version=1");
    assert_body("{\"text\": \"{\\\"AccessKeyId\\\": \\\"" KEY_ID "\\\"}\"}",
                "{\"text\": \"{\\\"AccessKeyId\\\": \\\"<hidden: an access key id>\\\"}\"}");
}

static void what_is_no_secret_stays_as_it_is(void **state)
{
    (void)state;
    assert_body("", "");
    assert_body("{\"QueueUrl\": \"http://127.0.0.1:1/000000000000/queue\", \"n\": [1, 2]}\n",
                "{\"QueueUrl\": \"http://127.0.0.1:1/000000000000/queue\", \"n\": [1, 2]}\n");
}

static void what_spans_pieces_is_hidden_as_a_whole(void **state)
{
    (void)state;
    assert_body("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
                "<hidden: a private key>");
}

static void urls_and_headers_are_looked_at_too(void **state)
{
    json_t *calls = masked("http://h/?X-Amz-Credential=" KEY_ID "%2Fx", "", 0);
    const json_t *request = request_of(calls);
    const json_t *header = json_array_get(json_object_get(request, "headers"), 0);

    (void)state;
    assert_null(strstr(json_string_value(json_object_get(request, "url")), KEY_ID));
    assert_string_equal(json_string_value(json_array_get(header, 1)), "<hidden: an access key id>");
    json_decref(calls);
}

static void the_end_of_a_body_that_was_cut_may_be_half_a_secret(void **state)
{
    json_t *calls = masked("http://h/", "{\"a\": 1, \"b\": \"AKIAQ3EGZ7", 100);

    (void)state;
    assert_string_equal(json_string_value(json_object_get(request_of(calls), "body")),
                        "{\"a\": 1, \"b\": \"");
    json_decref(calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_hidden_in_bodies_of_any_format),
        cmocka_unit_test(what_is_no_secret_stays_as_it_is),
        cmocka_unit_test(what_spans_pieces_is_hidden_as_a_whole),
        cmocka_unit_test(urls_and_headers_are_looked_at_too),
        cmocka_unit_test(the_end_of_a_body_that_was_cut_may_be_half_a_secret),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("mask_exchange", tests, NULL, NULL);
}
