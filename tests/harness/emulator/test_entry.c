/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "emulator/emulator.h"
#include "scratch.h"

static const struct parity_entry_values values = {
    .project = "/project", .python = "/venv/python", .port = 4566};

static void assert_refused(const char *entry, const char *context, const char *message)
{
    json_t *document = scratch_json(entry);
    struct parity_error err = {0};

    assert_int_equal(parity_emulator_check("mine", document, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.context, context);
    assert_string_equal(err.message, message);
    json_decref(document);
}

static void a_whole_entry_is_accepted(void **state)
{
    json_t *entry = scratch_json(
        "{\"command\": [\"run\", \"{port}\"], \"endpoint_url\": \"http://127.0.0.1:{port}\", "
        "\"environment\": {\"A\": \"b\", \"EMPTY\": \"\"}, "
        "\"ready\": {\"path\": \"/x\", \"status\": 200, \"timeout_seconds\": 1.5}, "
        "\"reset\": {\"method\": \"POST\", \"path\": \"/r\"}, \"stop_timeout_seconds\": 2, "
        "\"version\": {\"path\": \"/v\", \"pointer\": \"/version\"}, \"account_id\": \"1\", "
        "\"region\": \"us-east-1\", \"credentials\": {\"access_key_id\": \"a\", "
        "\"secret_access_key\": \"b\", \"session_token\": \"c\"}}");

    (void)state;
    assert_int_equal(parity_emulator_check("mine", entry, NULL), 0);
    json_decref(entry);
}

static void unknown_members_are_named_with_the_nearest_known_one(void **state)
{
    (void)state;
    assert_refused("{\"endpoint-url\": \"http://h\"}", "emulators.mine",
                   "unknown member 'endpoint-url'; did you mean 'endpoint_url'?");
    assert_refused("{\"endpoint_url\": \"http://h\", \"ready\": {\"pth\": \"/\"}}",
                   "emulators.mine.ready", "unknown member 'pth'; did you mean 'path'?");
    assert_refused("{\"zzz\": 1}", "emulators.mine", "unknown member 'zzz'");
}

static void wrong_types_are_named_with_their_path(void **state)
{
    (void)state;
    assert_refused("[]", "emulators.mine", "must be an object");
    assert_refused("{\"command\": \"run\"}", "emulators.mine.command",
                   "must be a list of texts, a program and its arguments");
    assert_refused("{\"command\": []}", "emulators.mine.command",
                   "must be a list of texts, a program and its arguments");
    assert_refused("{\"command\": [\"a\", 1]}", "emulators.mine.command",
                   "must be a list of texts, a program and its arguments");
    assert_refused("{\"environment\": {\"A=B\": \"x\"}}", "emulators.mine.environment",
                   "must be an object of names and texts");
    assert_refused("{\"ready\": {\"timeout_seconds\": -1}}", "emulators.mine.ready.timeout_seconds",
                   "must be a number above 0");
    assert_refused("{\"region\": \"\"}", "emulators.mine.region",
                   "must be a text that is not empty");
    assert_refused("{\"region\": \"a\\u0000b\"}", "emulators.mine.region",
                   "must be a text that is not empty");
    assert_refused("{\"version\": {}}", "emulators.mine.version",
                   "needs either 'command', which prints it, or 'path', which answers with it");
    assert_refused("{\"command\": [\"run\"]}", "emulators.mine",
                   "needs 'endpoint_url', the URL that it answers at (with 'command': "
                   "\"http://127.0.0.1:{port}\")");
}

static void no_emulator_may_pass_for_aws(void **state)
{
    json_t *entry = scratch_json("{\"endpoint_url\": \"http://h\"}");
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_emulator_check("aws", entry, &err), -1);
    assert_string_equal(err.message,
                        "an emulator cannot be called 'aws': its recordings would pass for AWS's");
    json_decref(entry);
}

static void assert_expands(const char *text, const char *expected)
{
    char *expanded = parity_entry_expand(text, &values, NULL);

    assert_string_equal(expanded, expected);
    parity_free(expanded);
}

static void placeholders_are_replaced_and_other_braces_stay(void **state)
{
    (void)state;
    assert_expands("", "");
    assert_expands("{port}", "4566");
    assert_expands("http://h:{port}/{project}{python}", "http://h:4566//project/venv/python");
    assert_expands("{\"json\": {}} {other} {", "{\"json\": {}} {other} {");
}

static void a_port_without_a_command_is_an_error(void **state)
{
    const struct parity_entry_values attached = {.project = "", .python = ""};
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_entry_expand("http://h:{port}", &attached, &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
}

static const char *find_variable(char **environment, const char *name)
{
    size_t length = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static void the_environment_is_inherited_but_for_the_caller_s_identity(void **state)
{
    json_t *added = scratch_json("{\"PARITY_TEST_NEW\": \"{port}\", \"PARITY_TEST_OLD\": \"new\", "
                                 "\"AWS_REGION\": \"eu-west-1\"}");
    char **environment;

    (void)state;
    setenv("AWS_SECRET_ACCESS_KEY", "mine", 1);
    setenv("AWS_REGION", "mine", 1);
    setenv("PARITY_TEST_OLD", "old", 1);
    setenv("PARITY_TEST_KEPT", "kept", 1);
    environment = parity_entry_environment(added, &values, NULL);
    assert_null(find_variable(environment, "AWS_SECRET_ACCESS_KEY"));
    assert_string_equal(find_variable(environment, "AWS_REGION"), "eu-west-1");
    assert_string_equal(find_variable(environment, "PARITY_TEST_OLD"), "new");
    assert_string_equal(find_variable(environment, "PARITY_TEST_NEW"), "4566");
    assert_string_equal(find_variable(environment, "PARITY_TEST_KEPT"), "kept");
    parity_entry_arguments_free(environment);
    json_decref(added);
}

static void a_pointer_names_a_value(void **state)
{
    json_t *document = scratch_json("{\"a/b\": [{\"~\": \"x\"}], \"\": \"empty\", \"v\": \"1\"}");

    (void)state;
    assert_ptr_equal(parity_entry_pointer(document, ""), document);
    assert_string_equal(json_string_value(parity_entry_pointer(document, "/v")), "1");
    assert_string_equal(json_string_value(parity_entry_pointer(document, "/")), "empty");
    assert_string_equal(json_string_value(parity_entry_pointer(document, "/a~1b/0/~0")), "x");
    assert_null(parity_entry_pointer(document, "/a~1b/1"));
    assert_null(parity_entry_pointer(document, "/a~1b/-"));
    assert_null(parity_entry_pointer(document, "v"));
    assert_null(parity_entry_pointer(document, "/v/x"));
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_entry_is_accepted),
        cmocka_unit_test(unknown_members_are_named_with_the_nearest_known_one),
        cmocka_unit_test(wrong_types_are_named_with_their_path),
        cmocka_unit_test(no_emulator_may_pass_for_aws),
        cmocka_unit_test(placeholders_are_replaced_and_other_braces_stay),
        cmocka_unit_test(a_port_without_a_command_is_an_error),
        cmocka_unit_test(the_environment_is_inherited_but_for_the_caller_s_identity),
        cmocka_unit_test(a_pointer_names_a_value),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
