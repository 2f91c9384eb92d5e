/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/memory.h"
#include "scratch.h"

/* Made up; of the shapes that AWS hands out. */
#define KEY_ID "AKIAQ3EXAMPLEQWERTY7"
#define SECRET "8fKz/q2LmN0pRsTuVwXyZ1aBcDeFgHiJkLmN+o9P"
#define TOKEN                                                                                      \
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx8bPq3Zk6nF2vTqYw0mLrXcVbNmAsDfGhJkL"

static const struct parity_secrets_identity own = {.account_id = "210987654321",
                                                   .access_key_id = "OWNKEYID01234567",
                                                   .secret_access_key = "own-secret-of-odd-shape",
                                                   .session_token = "own-token-of-odd-shape"};
static const struct parity_secrets_options options = {.identities = &own, .identity_count = 1};

static int check(const char *state, const char *const *allow, struct parity_error *err)
{
    struct parity_secrets_options with_allow = options;
    json_t *document = scratch_json(state);
    int rc;

    with_allow.allow = allow;
    rc = parity_secrets_check(&with_allow, document, err);
    json_decref(document);
    return rc;
}

static void assert_refused(const char *state, const char *path, const char *what)
{
    struct parity_error err = {0};
    char expected[128];

    if (check(state, NULL, &err) == 0)
        fail_msg("let through: %s", state);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.context, path);
    snprintf(expected, sizeof expected, "looks like %s", what);
    if (!strstr(err.message, expected))
        fail_msg("%s: %s", state, err.message);
}

static void assert_let_through(const char *state)
{
    struct parity_error err = {0};

    if (check(state, NULL, &err) < 0)
        fail_msg("%s: %s: %s", state, err.context, err.message);
}

/* {"m": {"v": text}}, the text as JSON writes it. */
static void assert_text_refused(const char *text, size_t length, const char *what)
{
    struct parity_buffer state = {0};

    parity_buffer_add_text(&state, "{\"m\": {\"v\": ");
    parity_json_write_string(&state, text, length);
    parity_buffer_add_text(&state, "}}");
    assert_refused(state.data, "$['m']['v']", what);
    parity_buffer_clear(&state);
}

static void the_caller_s_own_values_are_found(void **state)
{
    (void)state;
    assert_refused("{\"m\": \"x own-secret-of-odd-shape y\"}", "$['m']",
                   "the caller's secret access key");
    assert_refused("{\"m\": [1, {\"a\": \"own-token-of-odd-shape\"}]}", "$['m'][1]['a']",
                   "the caller's session token");
    assert_refused("{\"m\": \"OWNKEYID01234567\"}", "$['m']", "the caller's access key id");
}

static void the_caller_s_account_is_found_between_non_digits(void **state)
{
    (void)state;
    assert_refused("{\"m\": \"arn:aws:sqs:us-east-1:210987654321:queue\"}", "$['m']",
                   "the caller's account id");
    assert_refused("{\"m\": 210987654321}", "$['m']", "the caller's account id");
    assert_refused("{\"m\": \"2109-8765-4321\"}", "$['m']", "the caller's account id");
    assert_let_through("{\"m\": \"1210987654321\", \"n\": \"2109876543210\", "
                       "\"o\": 2109876543210}");
}

/* The path says where, without spelling out a name that is itself the secret. */
static void names_are_looked_at_too(void **state)
{
    (void)state;
    assert_refused("{\"m\": {\"210987654321\": 1}}", "$['m'].*", "the caller's account id");
    assert_refused("{\"m\": {\"" KEY_ID "\": {}}}", "$['m'].*", "an access key id");
}

static void what_looks_like_a_credential_is_found(void **state)
{
    (void)state;
    assert_text_refused(KEY_ID, strlen(KEY_ID), "an access key id");
    assert_text_refused("key=" KEY_ID ";", strlen(KEY_ID) + 5, "an access key id");
    assert_text_refused(SECRET, strlen(SECRET), "a secret access key");
    assert_text_refused("<SecretAccessKey>" SECRET "</SecretAccessKey>", strlen(SECRET) + 35,
                        "a secret access key");
    assert_text_refused(TOKEN, strlen(TOKEN), "a session token");
    assert_text_refused("-----BEGIN RSA PRIVATE KEY-----\nMII", 35, "a private key");
}

static void members_with_telling_names_hold_credentials_of_any_shape(void **state)
{
    (void)state;
    assert_refused("{\"m\": {\"SecretAccessKey\": \"an emulator's own idea\"}}",
                   "$['m']['SecretAccessKey']", "a secret access key");
    assert_refused("{\"m\": {\"X-Amz-Security-Token\": \"an emulator's own idea\"}}",
                   "$['m']['X-Amz-Security-Token']", "a session token");
    assert_let_through("{\"m\": {\"SecretAccessKey\": \"<secret-access-key:1>\", "
                       "\"SessionToken\": \"short\", \"NextToken\": \"an emulator's own idea\"}}");
}

static void json_in_strings_is_read(void **state)
{
    (void)state;
    assert_refused("{\"m\": {\"v\": \"{\\\"a\\\": \\\"{\\\\\\\"SessionToken\\\\\\\": "
                   "\\\\\\\"an emulator's own idea\\\\\\\"}\\\"}\"}}",
                   "$['m']['v']", "a session token");
    assert_text_refused("{\"s\": \"\\u0041KIAQ3EXAMPLEQWERTY7\"}", 33, "an access key id");
    assert_text_refused("cut: \\u0041KIAQ3EXAMPLEQWERTY7\", \"t", 35, "an access key id");
    assert_text_refused("at 12:00\\nAKIAQ3EXAMPLEQWERTY7", 30, "an access key id");
}

static void percent_encoding_is_read(void **state)
{
    static const char text[] = "https://h/?X-Amz-Credential%3DAKIAQ3EXAMPLEQWERTY7%2F20260101";
    static const char secret[] = "s=8fKz%2Fq2LmN0pRsTuVwXyZ1aBcDeFgHiJkLmN%2Bo9P&t";

    (void)state;
    assert_text_refused(text, strlen(text), "an access key id");
    assert_text_refused(secret, strlen(secret), "a secret access key");
}

static void base64_is_read_wherever_a_group_begins(void **state)
{
    static const char *const plain[] = {"own-secret-of-odd-shape", "x own-secret-of-odd-shape",
                                        "xy own-secret-of-odd-shape and more"};
    static const char *const before[] = {"", "a", "ab", "abc", "key=", "Basic "};

    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        for (size_t j = 0; j < sizeof before / sizeof *before; j++) {
            struct parity_buffer text = {0};

            parity_buffer_add_text(&text, before[j]);
            parity_base64_encode(&text, plain[i], strlen(plain[i]));
            assert_text_refused(text.data, text.length, "the caller's secret access key");
            while (text.length > 0 && text.data[text.length - 1] == '=')
                text.length--;
            assert_text_refused(text.data, text.length, "the caller's secret access key");
            parity_buffer_clear(&text);
        }
}

static void several_layers_are_taken_off(void **state)
{
    struct parity_buffer inner = {0}, outer = {0};

    (void)state;
    parity_buffer_add_text(&inner, "{\"policy\": \"");
    parity_base64_encode(&inner, "s=own-secret%2Dof-odd-shape", 27);
    parity_buffer_add_text(&inner, "\"}");
    parity_base64_encode(&outer, inner.data, inner.length);
    assert_text_refused(outer.data, outer.length, "the caller's secret access key");
    parity_buffer_clear(&inner);
    parity_buffer_clear(&outer);
}

static void bytes_are_read(void **state)
{
    (void)state;
    /* "xAKIAQ3..." would not be one; "\0" in front of it is no letter */
    assert_refused("{\"m\": {\"$bytes\": \"AEFLSUFRM0VYQU1QTEVRV0VSVFk3\"}}", "$['m']",
                   "an access key id");
}

static void common_values_are_let_through(void **state)
{
    static const struct parity_secrets_identity emulator = {.access_key_id = "test",
                                                            .secret_access_key = "test"};
    const struct parity_secrets_options of_emulator = {.identities = &emulator,
                                                       .identity_count = 1};
    json_t *document = scratch_json("{\"m\": \"a test of 000000000000\"}");

    (void)state;
    assert_int_equal(parity_secrets_check(&of_emulator, document, NULL), 0);
    json_decref(document);
    assert_let_through("{\"m\": \"arn:aws:sqs:us-east-1:000000000000:123456789012\", \"n\": "
                       "null, \"o\": true, \"p\": 1.5, \"q\": {}, \"r\": []}");
    /* 40 characters: a digest, a name, part of something longer */
    assert_let_through("{\"m\": \"da39a3ee5e6b4b0d3255bfef95601890afd80709\", "
                       "\"n\": \"AmazonElasticFileSystemServiceRolePolicy\", "
                       "\"o\": \"" SECRET "A\", \"p\": \"xAKIAQ3EXAMPLEQWERTY7\", "
                       "\"q\": \"AKIAQ3EXAMPLEQWERTY77\", \"r\": \"<access-key-id:1>\"}");
}

static void the_message_never_shows_the_value(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(check("{\"m\": [{\"Id\": \"" KEY_ID "\"}, \"" SECRET "\"]}", NULL, &err), -1);
    assert_string_equal(err.message,
                        "it holds what looks like an access key id (and 1 "
                        "more); replace it by a transformer (key_value for 'Id', or regex), or let "
                        "it through with --allow \"$['m'][0]['Id']\"");
}

static void allowed_paths_are_let_through_with_what_is_below_them(void **state)
{
    static const char document[] = "{\"m\": {\"Id\": \"" KEY_ID "\"}, \"n\": [\"" KEY_ID "\"]}";
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(check(document, (const char *const[]){"$.m.Id", "$.n[0]", NULL}, &err), 0);
    assert_int_equal(check(document, (const char *const[]){"$.m", "$.n", NULL}, &err), 0);
    assert_int_equal(check(document, (const char *const[]){"$..Id", "$['n'][0]", NULL}, &err), 0);
    assert_int_equal(check(document, (const char *const[]){"$.m", "$.other.test", NULL}, &err), -1);
    assert_string_equal(err.context, "$['n'][0]");
    parity_error_clear(&err);
    assert_int_equal(check(document, (const char *const[]){"$.n[", NULL}, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
}

static void masking_keeps_everything_else(void **state)
{
    json_t *document = scratch_json("{\"m\": {\"Id\": \"" KEY_ID "\", \"n\": [1.0, null, "
                                    "210987654321, \"own-secret-of-odd-shape\"]}, \"k\": "
                                    "{\"$bytes\": \"AA==\"}, \"210987654321\": 1}");
    json_t *expected = scratch_json(
        "{\"m\": {\"Id\": \"<hidden: an access key id>\", \"n\": [1.0, null, \"<hidden: the "
        "caller's account id>\", \"<hidden: the caller's secret access key>\"]}, \"k\": "
        "{\"$bytes\": \"AA==\"}, \"<hidden: the caller's account id>\": 1}");
    json_t *masked;

    (void)state;
    assert_int_equal(parity_secrets_mask(&options, document, &masked, NULL), 0);
    assert_true(parity_json_equal(masked, expected));
    json_decref(document);
    json_decref(expected);
    json_decref(masked);
}

static void running_out_of_memory_lets_nothing_through(void **state)
{
    json_t *document = scratch_json("{\"m\": \"{\\\"a\\\": \\\"%6f\\\"}\", \"n\": "
                                    "[\"c2VjcmV0IG93bi1zZWNyZXQtb2Ytb2RkLXNoYXBl\"]}");
    enum parity_errc code = PARITY_E_NOMEM;

    (void)state;
    for (unsigned long n = 1; code == PARITY_E_NOMEM; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        assert_int_equal(parity_secrets_check(&options, document, &err), -1);
        parity_memory_fail_at(0, 0);
        code = err.code;
    }
    assert_int_equal(code, PARITY_E_INVALID);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_s_own_values_are_found),
        cmocka_unit_test(the_caller_s_account_is_found_between_non_digits),
        cmocka_unit_test(names_are_looked_at_too),
        cmocka_unit_test(what_looks_like_a_credential_is_found),
        cmocka_unit_test(members_with_telling_names_hold_credentials_of_any_shape),
        cmocka_unit_test(json_in_strings_is_read),
        cmocka_unit_test(percent_encoding_is_read),
        cmocka_unit_test(base64_is_read_wherever_a_group_begins),
        cmocka_unit_test(several_layers_are_taken_off),
        cmocka_unit_test(bytes_are_read),
        cmocka_unit_test(common_values_are_let_through),
        cmocka_unit_test(the_message_never_shows_the_value),
        cmocka_unit_test(allowed_paths_are_let_through_with_what_is_below_them),
        cmocka_unit_test(masking_keeps_everything_else),
        cmocka_unit_test(running_out_of_memory_lets_nothing_through),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
