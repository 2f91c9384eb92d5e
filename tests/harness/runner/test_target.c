/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/target.h"

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

/* Which target a run gets from options, environment and parity.json; with a server that answers
 * every request with 200 and counts them. */

static char folder[64], url[64], other_url[64];
static int listener;
static pthread_t thread;
static volatile int requests;
static struct parity_models *models;
static struct parity_project project;

static void *serve(void *unused)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    int connection;

    while ((connection = accept(listener, NULL, NULL)) >= 0) {
        char request[4096];

        if (recv(connection, request, sizeof request, 0) > 0) {
            requests++;
            send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL);
        }
        shutdown(connection, SHUT_WR);
        while (recv(connection, request, sizeof request, 0) > 0)
            continue;
        close(connection);
    }
    return unused;
}

static int start_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 ||
        listen(listener, 8) < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        return -1;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    snprintf(other_url, sizeof other_url, "http://localhost:%d", ntohs(address.sin_port));
    return pthread_create(&thread, NULL, serve, NULL) == 0 ? 0 : -1;
}

static int set_up_all(void **state)
{
    const struct parity_models_options options = {.data_path = "/nonexistent"};

    (void)state;
    strncpy(folder, "/tmp/parity-target-XXXXXX", sizeof folder - 1);
    models = parity_models_new(&options, NULL);
    return models && mkdtemp(folder) && start_server() == 0 ? 0 : -1;
}

static int tear_down_all(void **state)
{
    char path[128];

    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(listener);
    parity_models_free(models);
    snprintf(path, sizeof path, "%s/parity.json", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/config", folder);
    unlink(path);
    return rmdir(folder);
}

/* --- each test ---------------------------------------------------------------------------------
 */

static void write_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(parity_file_replace(path, text, strlen(text), NULL), 0);
}

/* What is in parity.json, with @ for the server's URL; an environment without any settings. */
static void begin(const char *config)
{
    static const char *const variables[] = {"TEST_TARGET",
                                            "AWS_REGION",
                                            "AWS_DEFAULT_REGION",
                                            "AWS_PROFILE",
                                            "AWS_ACCESS_KEY_ID",
                                            "AWS_SECRET_ACCESS_KEY",
                                            "AWS_SESSION_TOKEN",
                                            "AWS_ENDPOINT_URL",
                                            "TEST_AWS_ENDPOINT_URL",
                                            "TEST_AWS_ACCESS_KEY_ID",
                                            "TEST_AWS_SECRET_ACCESS_KEY",
                                            "TEST_AWS_ACCOUNT_ID",
                                            "TEST_AWS_REGION_NAME",
                                            "TEST_AWS_REGION",
                                            "SECONDARY_TEST_AWS_PROFILE",
                                            "SECONDARY_TEST_AWS_ACCESS_KEY_ID",
                                            "SECONDARY_TEST_AWS_SECRET_ACCESS_KEY",
                                            "SECONDARY_TEST_AWS_SESSION_TOKEN",
                                            "SECONDARY_TEST_AWS_ACCOUNT_ID",
                                            "SECONDARY_TEST_AWS_REGION_NAME",
                                            "PARITY_CONNECT_TO"};
    char path[128], text[1024] = "";
    const char *at = strchr(config, '@');

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    snprintf(path, sizeof path, "%s/config", folder);
    setenv("AWS_CONFIG_FILE", path, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
    write_file("config", "[profile second]\naws_access_key_id = SECONDPROFILE\n"
                         "aws_secret_access_key = s\nregion = sa-east-1\n");
    if (at)
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - config), config, url, at + 1);
    write_file("parity.json", at ? text : config);
    assert_int_equal(parity_project_open(folder, &project, NULL), 0);
    requests = 0;
}

static void on_aws(const char *config)
{
    begin(config);
    setenv("TEST_TARGET", "AWS_CLOUD", 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
}

static struct parity_run_target_options given(void)
{
    return (struct parity_run_target_options){.project = &project, .models = models};
}

static void assert_refuses(struct parity_run_target_options options, enum parity_errc code,
                           const char *part)
{
    struct parity_run_target target;
    struct parity_error err = {0};
    char text[1024];

    assert_int_equal(parity_run_target_open(&options, &target, &err), -1);
    parity_run_target_clear(&target);
    assert_int_equal(err.code, code);
    parity_error_format(&err, text, sizeof text);
    if (!strstr(text, part))
        fail_msg("other message: %s", text);
}

/* The caller clears it. */
static void open_target(struct parity_run_target_options options, struct parity_run_target *target)
{
    struct parity_error err = {0};

    if (parity_run_target_open(&options, target, &err) < 0)
        fail_msg("refused: %s", err.message);
}

static void end(struct parity_run_target *target)
{
    if (target)
        parity_run_target_clear(target);
    parity_project_clear(&project);
}

static void assert_region(struct parity_run_target_options options, const char *region)
{
    struct parity_run_target target;

    open_target(options, &target);

    assert_string_equal(target.region, region);
    assert_ptr_equal(target.client.region, target.region);
    parity_run_target_clear(&target);
}

/* --- AWS ---------------------------------------------------------------------------------------
 */

static void aws_is_what_test_target_says_exactly(void **state)
{
    static const char *const others[] = {"", "aws_cloud", "AWS", "AWS_CLOUD "};
    struct parity_run_target target;

    (void)state;
    on_aws("{\"region\": \"eu-west-1\"}");
    open_target(given(), &target);
    assert_true(target.client.aws);
    assert_null(target.emulator);
    assert_null(target.client.endpoint_url);
    assert_string_equal(target.provenance, "aws");
    assert_string_equal(target.client.credentials->access_key_id, "AKIDEXAMPLE");
    assert_null(target.account_id);
    parity_run_target_clear(&target);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        setenv("TEST_TARGET", others[i], 1);
        assert_refuses(given(), PARITY_E_ENVIRONMENT, "no target");
    }
    end(NULL);
}

static void aws_and_an_emulator_contradict_each_other(void **state)
{
    struct parity_run_target_options options;

    (void)state;
    on_aws("{\"region\": \"eu-west-1\", \"emulator\": \"e\", "
           "\"emulators\": {\"e\": {\"endpoint_url\": \"@\"}}}");
    options = given();
    options.endpoint_url = url;
    assert_refuses(options, PARITY_E_USAGE, "TEST_TARGET=AWS_CLOUD and --endpoint-url contradict");
    options = given();
    options.emulator = "e";
    assert_refuses(options, PARITY_E_USAGE, "TEST_TARGET=AWS_CLOUD and --emulator contradict");
    assert_int_equal(requests, 0);
    end(NULL);
}

static void the_region_of_aws_is_looked_for_in_order(void **state)
{
    struct parity_run_target_options options;

    (void)state;
    on_aws("{}");
    assert_refuses(given(), PARITY_E_ENVIRONMENT, "set AWS_REGION, give --region");
    parity_project_clear(&project);
    on_aws("{\"region\": \"eu-north-1\"}");
    assert_region(given(), "eu-north-1");
    setenv("AWS_PROFILE", "second", 1);
    assert_region(given(), "sa-east-1");
    setenv("AWS_DEFAULT_REGION", "ap-south-1", 1);
    assert_region(given(), "ap-south-1");
    setenv("AWS_REGION", "eu-west-3", 1);
    assert_region(given(), "eu-west-3");
    options = given();
    options.region = "ca-central-1";
    assert_region(options, "ca-central-1");
    end(NULL);
}

static void the_second_account_of_aws_is_keys_or_a_profile(void **state)
{
    struct parity_run_target target;

    (void)state;
    on_aws("{\"region\": \"eu-west-1\"}");
    open_target(given(), &target);
    assert_false(target.has_secondary);
    parity_run_target_clear(&target);
    setenv("SECONDARY_TEST_AWS_ACCESS_KEY_ID", "SECONDKEY", 1);
    setenv("SECONDARY_TEST_AWS_SECRET_ACCESS_KEY", "s", 1);
    open_target(given(), &target);
    assert_true(target.has_secondary);
    assert_string_equal(target.secondary_credentials.access_key_id, "SECONDKEY");
    assert_string_equal(target.secondary_region, "ap-southeast-1");
    parity_run_target_clear(&target);
    setenv("SECONDARY_TEST_AWS_PROFILE", "second", 1);
    open_target(given(), &target);
    assert_string_equal(target.secondary_credentials.access_key_id, "SECONDPROFILE");
    parity_run_target_clear(&target);
    setenv("SECONDARY_TEST_AWS_PROFILE", "third", 1);
    assert_refuses(given(), PARITY_E_CREDENTIALS, "third");
    parity_project_clear(&project);
    on_aws("{\"region\": \"eu-west-1\", \"accounts\": {\"secondary\": {\"profile\": \"second\"}}}");
    open_target(given(), &target);
    assert_string_equal(target.secondary_credentials.access_key_id, "SECONDPROFILE");
    end(&target);
}

static void without_credentials_of_aws_nothing_is_opened(void **state)
{
    (void)state;
    begin("{\"region\": \"eu-west-1\"}");
    setenv("TEST_TARGET", "AWS_CLOUD", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    assert_refuses(given(), PARITY_E_CREDENTIALS, "no AWS credentials found");
    end(NULL);
}

/* --- emulators ---------------------------------------------------------------------------------
 */

static void assert_endpoint(struct parity_run_target_options options, const char *endpoint,
                            const char *name)
{
    struct parity_run_target target;

    open_target(options, &target);

    assert_false(target.client.aws);
    assert_string_equal(target.client.endpoint_url, endpoint);
    if (name)
        assert_string_equal(target.emulator_name, name);
    else
        assert_null(target.emulator_name);
    parity_run_target_clear(&target);
}

static void emulators_are_looked_for_in_order(void **state)
{
    struct parity_run_target_options options;

    (void)state;
    begin("{\"emulator\": \"e\", \"emulators\": {\"e\": {\"endpoint_url\": \"@\"}}}");
    assert_endpoint(given(), url, "e");
    setenv("AWS_ENDPOINT_URL", other_url, 1);
    assert_endpoint(given(), other_url, NULL);
    setenv("TEST_AWS_ENDPOINT_URL", url, 1);
    assert_endpoint(given(), url, NULL);
    options = given();
    options.emulator = "e";
    setenv("TEST_AWS_ENDPOINT_URL", other_url, 1);
    assert_endpoint(options, url, "e");
    options.endpoint_url = other_url;
    assert_endpoint(options, other_url, "e");
    options.emulator = NULL;
    assert_endpoint(options, other_url, NULL);
    options.emulator = "somebody";
    assert_endpoint(options, other_url, "somebody");
    end(NULL);
}

static void an_unknown_emulator_is_refused_with_the_nearest(void **state)
{
    struct parity_run_target_options options;

    (void)state;
    begin("{\"emulators\": {\"moto\": {\"endpoint_url\": \"@\"}}}");
    assert_refuses(given(), PARITY_E_ENVIRONMENT, "no target");
    options = given();
    options.emulator = "motto";
    assert_refuses(options, PARITY_E_NOT_FOUND, "no emulator \"motto\"");
    assert_refuses(options, PARITY_E_NOT_FOUND, "did you mean \"moto\"?");
    end(NULL);
}

/* Led to the server, so that a request would be seen. */
static void an_emulator_that_is_aws_is_not_even_asked_whether_it_is_ready(void **state)
{
    static const char *const hosts[] = {
        "http://sqs.eu-west-1.amazonaws.com", "https://amazonaws.com:444/path",
        "http://user@S3.AMAZONAWS.COM", "http://x.amazonaws.com.cn", "http://x.api.aws"};
    struct parity_run_target_options options;
    char port[64];
    const char *const connect_to[] = {port, NULL};

    (void)state;
    begin("{\"emulators\": {\"e\": {\"endpoint_url\": \"http://sns.amazonaws.com\"}}}");
    snprintf(port, sizeof port, "::127.0.0.1:%s", strrchr(url, ':') + 1);
    setenv("PARITY_CONNECT_TO", port, 1);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        options = given();
        options.connect_to = connect_to;
        options.endpoint_url = hosts[i];
        assert_refuses(options, PARITY_E_USAGE, "this is AWS, not an emulator");
    }
    options.endpoint_url = NULL;
    options.emulator = "e";
    assert_refuses(options, PARITY_E_USAGE, "http://sns.amazonaws.com");
    assert_int_equal(requests, 0);
    end(NULL);
}

static void assert_identity(const char *key, const char *account)
{
    struct parity_run_target target;

    open_target(given(), &target);

    assert_string_equal(target.client.credentials->access_key_id, key);
    if (account)
        assert_string_equal(target.account_id, account);
    else
        assert_null(target.account_id);
    parity_run_target_clear(&target);
}

static void the_identity_on_an_emulator_is_looked_for_in_order(void **state)
{
    (void)state;
    begin("{\"emulator\": \"e\", \"emulators\": {\"e\": {\"endpoint_url\": \"@\"}}}");
    setenv("AWS_PROFILE", "second", 1); /* a real account's, which is not looked at */
    assert_identity("test", NULL);
    parity_project_clear(&project);
    begin("{\"emulator\": \"e\", \"emulators\": {\"e\": {\"endpoint_url\": \"@\", "
          "\"account_id\": \"000000000007\", \"credentials\": "
          "{\"access_key_id\": \"OFENTRY\", \"secret_access_key\": \"s\"}}}}");
    assert_identity("OFENTRY", "000000000007");
    setenv("AWS_ACCESS_KEY_ID", "OFAWS", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
    assert_identity("OFAWS", "000000000007");
    setenv("TEST_AWS_ACCESS_KEY_ID", "OFTEST", 1);
    setenv("TEST_AWS_ACCOUNT_ID", "000000000008", 1);
    assert_identity("OFTEST", "000000000008");
    end(NULL);
}

static void an_emulator_has_a_second_account_in_any_case(void **state)
{
    struct parity_run_target target;

    (void)state;
    begin("{\"emulator\": \"e\", \"emulators\": {\"e\": {\"endpoint_url\": \"@\"}}}");
    open_target(given(), &target);
    assert_true(target.has_secondary);
    assert_string_equal(target.secondary_account_id, "000000000002");
    assert_string_equal(target.secondary_credentials.access_key_id, "000000000002");
    assert_string_equal(target.secondary_region, "ap-southeast-1");
    assert_string_equal(target.region, "us-east-1");
    end(&target);
}

/* --- memory ------------------------------------------------------------------------------------
 */

static void check_memory(void)
{
    int rc = -1;

    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_run_target_options options = given();
        struct parity_run_target target;
        struct parity_error err = {0};

        assert_true(n < 20000);
        parity_memory_fail_at(n, 1);
        rc = parity_run_target_open(&options, &target, &err);
        parity_memory_fail_at(0, 0);
        parity_run_target_clear(&target);
        if (rc < 0)
            assert_int_not_equal(err.code, PARITY_OK);
    }
}

static void without_memory_no_target_is_opened(void **state)
{
    (void)state;
    on_aws("{}");
    setenv("AWS_PROFILE", "second", 1);
    setenv("SECONDARY_TEST_AWS_PROFILE", "second", 1);
    check_memory();
    end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aws_is_what_test_target_says_exactly),
        cmocka_unit_test(aws_and_an_emulator_contradict_each_other),
        cmocka_unit_test(the_region_of_aws_is_looked_for_in_order),
        cmocka_unit_test(the_second_account_of_aws_is_keys_or_a_profile),
        cmocka_unit_test(without_credentials_of_aws_nothing_is_opened),
        cmocka_unit_test(emulators_are_looked_for_in_order),
        cmocka_unit_test(an_unknown_emulator_is_refused_with_the_nearest),
        cmocka_unit_test(an_emulator_that_is_aws_is_not_even_asked_whether_it_is_ready),
        cmocka_unit_test(the_identity_on_an_emulator_is_looked_for_in_order),
        cmocka_unit_test(an_emulator_has_a_second_account_in_any_case),
        cmocka_unit_test(without_memory_no_target_is_opened),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
