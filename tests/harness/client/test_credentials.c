/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/aws_config.h"
#include "client/credentials.h"

static char folder[] = "/tmp/parity-credentials-XXXXXX";
static char config_path[64], credentials_path[64];

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(config_path, sizeof config_path, "%s/config", folder);
    snprintf(credentials_path, sizeof credentials_path, "%s/credentials", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static int set_up(void **state)
{
    static const char *const names[] = {"AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_SECURITY_TOKEN",
                                        "AWS_ACCOUNT_ID",
                                        "AWS_PROFILE",
                                        "AWS_DEFAULT_PROFILE",
                                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                                        "AWS_CREDENTIAL_EXPIRATION",
                                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                        "AWS_CONTAINER_CREDENTIALS_FULL_URI"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    setenv("AWS_CONFIG_FILE", config_path, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", credentials_path, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(config_path);
    unlink(credentials_path);
    return 0;
}

static void assert_found(const char *profile, const char *id, const char *token)
{
    struct parity_credentials_options options = {.profile = profile};
    struct parity_credentials found;
    struct parity_error err = {0};

    if (parity_credentials_find(&options, &found, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_string_equal(found.access_key_id, id);
    assert_string_equal(found.secret_access_key, "hush");
    if (token)
        assert_string_equal(found.session_token, token);
    else
        assert_null(found.session_token);
    parity_credentials_clear(&found);
    assert_null(found.secret_access_key);
}

static void assert_outcome(int outcome, const char *profile, const char *context,
                           const char *message)
{
    struct parity_credentials_options options = {.profile = profile};
    struct parity_credentials found;
    struct parity_error err = {0};

    assert_int_equal(parity_credentials_find(&options, &found, &err), outcome);
    assert_int_equal(err.code, PARITY_E_CREDENTIALS);
    assert_null(strstr(err.message, "hush"));
    assert_string_equal(err.context, context);
    assert_string_equal(err.message, message);
    assert_null(found.access_key_id);
}

static void assert_refused(const char *profile, const char *context, const char *message)
{
    assert_outcome(-1, profile, context, message);
}

static void the_environment_comes_before_the_profile_it_names(void **state)
{
    (void)state;
    write_file(credentials_path, "[p]\naws_access_key_id=FILE\naws_secret_access_key=hush\n");
    setenv("AWS_PROFILE", "p", 1);
    assert_found(NULL, "FILE", NULL);
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    setenv("AWS_SESSION_TOKEN", "T", 1);
    assert_found(NULL, "ENV", "T");
}

static void a_profile_named_by_option_comes_before_the_environment(void **state)
{
    (void)state;
    write_file(credentials_path, "[p]\naws_access_key_id=FILE\naws_secret_access_key=hush\n");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    assert_found("p", "FILE", NULL);
}

static void the_credentials_file_comes_before_the_config_file(void **state)
{
    (void)state;
    write_file(config_path, "[default]\naws_access_key_id=CONFIG\naws_secret_access_key=hush\n");
    assert_found(NULL, "CONFIG", NULL);
    write_file(credentials_path, "[default]\naws_access_key_id=SHARED\naws_secret_access_key=hush\n"
                                 "aws_session_token=T\n");
    assert_found(NULL, "SHARED", "T");
}

static void names_every_place_it_looked_at(void **state)
{
    char message[1024];

    (void)state;
    snprintf(message, sizeof message,
             "no AWS credentials found; looked at environment: AWS_ACCESS_KEY_ID is not set; "
             "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; "
             "%s: No such file or directory; %s: No such file or directory; "
             "container endpoint: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set; "
             "instance metadata: not asked: no request can be made here",
             credentials_path, config_path);
    assert_outcome(1, NULL, "", message);
    write_file(config_path, "[profile p]\naws_secret_access_key=hush\n");
    write_file(credentials_path, "[other]\n");
    snprintf(message, sizeof message,
             "no AWS credentials found; looked at environment: not used, because a profile was "
             "named; %s: no profile 'p'; %s: profile 'p' has no aws_access_key_id, although it has "
             "aws_secret_access_key; container endpoint: AWS_CONTAINER_CREDENTIALS_FULL_URI is not "
             "set; instance metadata: not asked: no request can be made here",
             credentials_path, config_path);
    assert_outcome(1, "p", "", message);
}

static void keys_of_the_environment_may_expire(void **state)
{
    struct parity_credentials found;

    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    setenv("AWS_CREDENTIAL_EXPIRATION", "2100-01-01T00:00:00Z", 1);
    assert_int_equal(parity_credentials_find(NULL, &found, NULL), 0);
    assert_int_equal(found.expires_at, 4102444800);
    parity_credentials_clear(&found);
    setenv("AWS_CREDENTIAL_EXPIRATION", "tomorrow", 1);
    assert_refused(NULL, "environment",
                   "AWS_CREDENTIAL_EXPIRATION must be a time such as 2015-08-30T12:36:00Z");
    unsetenv("AWS_CREDENTIAL_EXPIRATION");
}

static void half_a_pair_of_keys_is_an_error_that_names_the_other_half(void **state)
{
    (void)state;
    write_file(credentials_path, "[p]\naws_access_key_id=FILE\n"
                                 "[q]\naws_access_key_id=FILE\naws_secret_access_key=\n"
                                 "[r]\naws_access_key_id=FILE\naws_secret_access_key=hu\n sh\n");
    assert_refused("p", credentials_path, "profile 'p': aws_secret_access_key is missing");
    assert_refused("q", credentials_path, "profile 'q': aws_secret_access_key is empty");
    assert_refused("r", credentials_path,
                   "the secret access key holds a line break or another control character");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    assert_refused(NULL, "environment",
                   "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or "
                   "neither");
}

static void a_profile_that_does_not_exist_is_an_error(void **state)
{
    char message[512];

    (void)state;
    write_file(config_path, "[profile staging]\n");
    setenv("AWS_ACCESS_KEY_ID", "ENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hush", 1);
    setenv("AWS_PROFILE", "stagin", 1);
    snprintf(message, sizeof message,
             "profile 'stagin' is neither in %s nor in %s; did you mean 'staging'?", config_path,
             credentials_path);
    assert_refused(NULL, "", message);
}

static void settings_come_from_profile_block_and_services_section(void **state)
{
    static const struct {
        const char *setting, *value;
    } cases[] = {
        {"region", "eu-west-3"},
        {"s3.addressing_style", "path"},
        {"services.sqs.endpoint_url", "http://localhost:1"},
        {"services.sns.endpoint_url", NULL},
        {"output", NULL},
        {"s3.other", NULL},
    };

    (void)state;
    write_file(config_path, "[profile p]\nregion=eu-west-3\nservices = local\ns3 =\n"
                            "  addressing_style = path\n"
                            "[services local]\nsqs =\n  endpoint_url = http://localhost:1\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *value;

        assert_int_equal(parity_config_profile_setting("p", cases[i].setting, &value, NULL), 0);
        if (cases[i].value)
            assert_string_equal(value, cases[i].value);
        else
            assert_null(value);
        parity_free(value);
    }
}

static void nobody_has_to_have_a_default_profile(void **state)
{
    struct parity_error err = {0};
    char *value;

    (void)state;
    assert_int_equal(parity_config_profile_setting(NULL, "region", &value, &err), 0);
    assert_null(value);
    assert_int_equal(parity_config_profile_setting("none", "region", &value, &err), -1);
    assert_int_equal(err.code, PARITY_E_CREDENTIALS);
}

static void a_services_section_that_does_not_exist_is_an_error(void **state)
{
    struct parity_error err = {0};
    char *value;

    (void)state;
    write_file(config_path, "[default]\nservices = lost\n");
    assert_int_equal(parity_config_profile_setting(NULL, "services.a.b", &value, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "a profile says 'services = lost', but there is no section "
                                     "[services lost]");
}

static void a_broken_file_is_an_error_with_its_line(void **state)
{
    struct parity_credentials found;
    struct parity_error err = {0};

    (void)state;
    write_file(config_path, "[default]\n\nregion\n");
    assert_int_equal(parity_credentials_find(NULL, &found, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, config_path);
    assert_int_equal(err.line, 3);
}

static void paths_are_expanded(void **state)
{
    static const struct {
        const char *path, *expanded;
    } cases[] = {
        {"~", "/home/x"},
        {"~/a", "/home/x/a"},
        {"~root/a", "/root/a"},
        {"a~", "a~"},
        {"$HOMES/b", "/home//b"},
        {"${HOMES}b", "/home/b"},
        {"$NOT_SET_/b", "$NOT_SET_/b"},
        {"a$", "a$"},
        {"~nobody-here-1/a", "~nobody-here-1/a"},
        {"${", "${"},
        {"", ""},
    };
    char *home = getenv("HOME") ? parity_strdup(getenv("HOME")) : NULL;

    (void)state;
    setenv("HOME", "/home/x/", 1);
    setenv("HOMES", "/home/", 1);
    unsetenv("NOT_SET_");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *expanded = parity_aws_config_expand_path(cases[i].path);

        assert_string_equal(expanded, cases[i].expanded);
        parity_free(expanded);
    }
    if (home)
        setenv("HOME", home, 1);
    parity_free(home);
}

static time_t noon(void *context)
{
    (void)context;
    return 1440936000; /* 2015-08-30T12:00:00Z */
}

/* Writes a profile whose credential_process prints `output` and ends with `status`. */
static void write_process(const char *output, int status)
{
    char text[1024];

    snprintf(text, sizeof text,
             "[profile p]\naws_account_id=7\n"
             "credential_process = sh -c \"echo '%s'; exit %d\"\n",
             output, status);
    write_file(config_path, text);
}

static void a_process_hands_out_keys_that_may_expire(void **state)
{
    struct parity_credentials_options options = {.profile = "p", .now = noon};
    struct parity_credentials found;

    (void)state;
    write_process("{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"ID\\\", "
                  "\\\"SecretAccessKey\\\": \\\"hush\\\", "
                  "\\\"SessionToken\\\": \\\"T\\\", "
                  "\\\"Expiration\\\": \\\"2015-08-30T15:30:00.5+02:00\\\"}",
                  0);
    assert_int_equal(parity_credentials_find(&options, &found, NULL), 0);
    assert_string_equal(found.access_key_id, "ID");
    assert_string_equal(found.secret_access_key, "hush");
    assert_string_equal(found.session_token, "T");
    assert_string_equal(found.account_id, "7");
    assert_int_equal(found.expires_at, noon(NULL) + 5400);
    parity_credentials_clear(&found);
}

static void a_process_that_fails_says_why_and_quotes_nothing(void **state)
{
    static const struct {
        const char *output;
        int status;
        const char *message;
    } cases[] = {
        {"hush", 3, "the command ended with status 3"},
        {"hush", 0, "the command printed no JSON document"},
        {"{}", 0, "the command must print an object with 'Version': 1"},
        {"[]", 0, "the command must print an object with 'Version': 1"},
        {"{\\\"Version\\\": 2}", 0, "the command must print an object with 'Version': 1"},
        {"{\\\"Version\\\": 1}", 0, "the command printed no 'AccessKeyId'"},
        {"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"ID\\\"}", 0,
         "the command printed no 'SecretAccessKey'"},
        {"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"ID\\\", "
         "\\\"SecretAccessKey\\\": \\\"hush\\\", \\\"Expiration\\\": \\\"soon\\\"}",
         0, "'Expiration' must be a time such as 2015-08-30T12:36:00Z"},
        {"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"ID\\\", "
         "\\\"SecretAccessKey\\\": \\\"hush\\\", "
         "\\\"Expiration\\\": \\\"2015-08-30T12:36:00Z\\\"}",
         0, "the command handed out keys that had expired already"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_process(cases[i].output, cases[i].status);
        assert_refused("p", "credential_process", cases[i].message);
    }
}

static void a_process_that_cannot_run_is_an_error(void **state)
{
    (void)state;
    write_file(config_path, "[profile p]\ncredential_process = /nowhere/to-be-found x\n"
                            "[profile q]\ncredential_process = sh -c 'open\n"
                            "[profile r]\ncredential_process =\n"
                            "[profile s]\ncredential_process = sh -c 'kill -9 $$'\n"
                            "[profile t]\ncredential_process = sh -c 'exec yes'\n");
    assert_refused("p", "credential_process",
                   "cannot run '/nowhere/to-be-found': No such file or directory");
    assert_refused("q", "credential_process", "a quote or a backslash in the command is left open");
    assert_refused("r", "credential_process", "the command is empty");
    assert_refused("s", "credential_process", "the command was ended by signal 9");
    assert_refused("t", "credential_process", "the command printed more than a megabyte");
}

static void keys_are_not_taken_in_place_of_a_source_that_cannot_be_used(void **state)
{
#define KEYS "aws_access_key_id=ID\naws_secret_access_key=hush\n"
    (void)state;
    write_file(config_path, "[profile p]\n" KEYS "role_arn=arn\nsource_profile=p\n"
                            "[profile q]\n" KEYS "sso_account_id=1\n"
                            "[profile r]\nlogin_session=arn\n");
    assert_refused("p", "profile 'p': role arn",
                   "this takes a call of sts AssumeRole, but none can be made here");
    assert_refused("q", "profile 'q'",
                   "single sign-on needs sso_role_name, which neither the profile nor its "
                   "sso_session has");
    assert_refused("r", "",
                   "profile 'r' sets 'login_session' (console login), which parity does not "
                   "support; put temporary keys into the environment, for example with 'aws "
                   "configure export-credentials --format env'");
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/", 1);
    assert_refused(NULL, "container endpoint", "this takes a request, but none can be made here");
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/token", 1);
    assert_refused(NULL, "web identity",
                   "there is a token file, /token, but no role to take on: set AWS_ROLE_ARN, or "
                   "role_arn in the profile");
#undef KEYS
}

static void credentials_are_renewed_ten_minutes_early(void **state)
{
    struct parity_credentials forever = {0}, short_lived = {.expires_at = 10000};

    (void)state;
    assert_false(parity_credentials_must_refresh(&forever, 10000));
    assert_false(parity_credentials_must_refresh(&short_lived, 9400));
    assert_true(parity_credentials_must_refresh(&short_lived, 9401));
}

static void a_process_survives_a_lack_of_memory_at_any_point(void **state)
{
    struct parity_credentials_options options = {.profile = "p", .now = noon};
    int rc = -1;

    (void)state;
    write_process("{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"ID\\\", "
                  "\\\"SecretAccessKey\\\": \\\"hush\\\"}",
                  0);
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_credentials found;
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_credentials_find(&options, &found, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || (err.code == PARITY_E_NOMEM && !found.access_key_id));
        parity_credentials_clear(&found);
        assert_true(n < 300);
    }
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    struct parity_credentials_options options = {.profile = "p q"};
    int rc = -1;

    (void)state;
    write_file(config_path, "[profile \"p q\"]\nregion=r\n");
    write_file(credentials_path, "[p q]\naws_access_key_id=FILE\naws_secret_access_key=hush\n"
                                 "aws_session_token=T\naws_account_id=1\n");
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_credentials found;
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_credentials_find(&options, &found, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || (err.code == PARITY_E_NOMEM && !found.access_key_id));
        parity_credentials_clear(&found);
        assert_true(n < 300);
    }
    rc = -1;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        char *value;

        parity_memory_fail_at(n, 0);
        rc = parity_config_profile_setting("p q", "region", &value, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || (err.code == PARITY_E_NOMEM && !value));
        parity_free(value);
        assert_true(n < 300);
    }
}

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(the_environment_comes_before_the_profile_it_names),
        FILE_TEST(a_profile_named_by_option_comes_before_the_environment),
        FILE_TEST(the_credentials_file_comes_before_the_config_file),
        FILE_TEST(names_every_place_it_looked_at),
        FILE_TEST(keys_of_the_environment_may_expire),
        FILE_TEST(half_a_pair_of_keys_is_an_error_that_names_the_other_half),
        FILE_TEST(a_profile_that_does_not_exist_is_an_error),
        FILE_TEST(settings_come_from_profile_block_and_services_section),
        FILE_TEST(nobody_has_to_have_a_default_profile),
        FILE_TEST(a_services_section_that_does_not_exist_is_an_error),
        FILE_TEST(a_broken_file_is_an_error_with_its_line),
        FILE_TEST(paths_are_expanded),
        FILE_TEST(a_process_hands_out_keys_that_may_expire),
        FILE_TEST(a_process_that_fails_says_why_and_quotes_nothing),
        FILE_TEST(a_process_that_cannot_run_is_an_error),
        FILE_TEST(keys_are_not_taken_in_place_of_a_source_that_cannot_be_used),
        FILE_TEST(credentials_are_renewed_ten_minutes_early),
        FILE_TEST(a_process_survives_a_lack_of_memory_at_any_point),
        FILE_TEST(survives_a_lack_of_memory_at_any_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
