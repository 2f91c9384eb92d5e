/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/waiter.h"

/* JSON with ' for ". */
static json_t *json(const char *text)
{
    struct parity_error err = {0};
    char *copy = parity_strdup(text);
    json_t *value = NULL;

    assert_non_null(copy);
    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    if (parity_json_parse(copy, strlen(copy), text, &value, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    parity_free(copy);
    return value;
}

/* Answers one after the other, the last one again and again; without any, the call fails. Sleep is
 * noted instead of done. */
struct script {
    json_t *responses;
    size_t calls, sleeps, stop_at; /* stop_at: the sleep that ends the wait; 0: none */
    double slept;
};

static int call(void *data, const char *operation, const json_t *input, json_t **out,
                struct parity_error *err)
{
    struct script *script = data;
    size_t size = json_array_size(script->responses);

    *out = NULL;
    assert_string_equal(operation, "DescribeThing");
    assert_true(json_is_object(input));
    if (size == 0) {
        parity_fail(err, PARITY_E_NETWORK, "http://target", "connection reset");
        return -1;
    }
    *out = parity_json_copy(
        json_array_get(script->responses, script->calls < size ? script->calls : size - 1));
    script->calls++;
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

static int no_sleep(void *data, double seconds)
{
    struct script *script = data;

    script->slept += seconds;
    return ++script->sleeps == script->stop_at ? -1 : 0;
}

static struct parity_waiter *waiter(const char *acceptors, struct parity_error *err)
{
    json_t *file = json("{'version': 2, 'waiters': {'ThingExists': {'delay': 5, 'maxAttempts': 4, "
                        "'operation': 'DescribeThing'}}}");
    struct parity_waiter *made;

    json_object_set_new(json_object_get(json_object_get(file, "waiters"), "ThingExists"),
                        "acceptors", json(acceptors));
    made = parity_waiter_new(file, "ThingExists", err);
    json_decref(file);
    return made;
}

#define STATUS                                                                                     \
    "[{'matcher': 'path', 'argument': 'T.Status', 'expected': 'ACTIVE', 'state': 'success'}, "     \
    "{'matcher': 'path', 'argument': 'T.Status', 'expected': 'FAILED', 'state': 'failure'}, "      \
    "{'matcher': 'error', 'expected': 'NotFound', 'state': 'retry'}]"

static int run(const char *acceptors, const char *responses, struct script *script,
               struct parity_wait_options options, struct parity_error *err)
{
    struct parity_waiter *made = waiter(acceptors, err);
    json_t *input = json("{}"), *last;
    int rc;

    if (!made)
        fail_msg("%s: %s", err->context, err->message);
    script->responses = json(responses);
    options.sleep = no_sleep;
    options.data = script;
    rc = parity_wait(made, (struct parity_caller){call, script}, input, &options, &last, err);
    assert_true(!last == (script->calls == 0));
    json_decref(last);
    json_decref(input);
    json_decref(script->responses);
    parity_waiter_free(made);
    return rc;
}

static void a_wait_ends_when_the_state_is_reached(void **state)
{
    struct script script = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(run(STATUS,
                         "[{'Error': {'Code': 'NotFound'}}, {'T': {'Status': 'CREATING'}}, "
                         "{'T': {'Status': 'ACTIVE'}}]",
                         &script, (struct parity_wait_options){0}, &err),
                     0);
    assert_int_equal(err.code, PARITY_OK);
    assert_int_equal(script.calls, 3);
    assert_int_equal(script.sleeps, 2);
    assert_true(script.slept > 9.9 && script.slept < 10.1);
}

static void delay_and_attempts_can_be_overridden(void **state)
{
    struct script script = {0};

    (void)state;
    assert_int_equal(run(STATUS, "[{}]", &script,
                         (struct parity_wait_options){.delay_s = 0.5, .max_attempts = 7}, NULL),
                     1);
    assert_int_equal(script.calls, 7);
    assert_true(script.slept > 2.9 && script.slept < 3.1);
    script = (struct script){0};
    assert_int_equal(
        run(STATUS, "[{}]", &script, (struct parity_wait_options){.delay_s = -1}, NULL), 1);
    assert_int_equal(script.calls, 4);
    assert_int_equal(script.sleeps, 0);
}

struct failure {
    const char *acceptors, *responses;
    int rc;
    enum parity_errc code;
    const char *message;
};

static void a_wait_that_fails_says_what_was_seen(void **state)
{
    static const struct failure failures[] = {
        {STATUS, "[{'T': {'Status': 'CREATING'}}]", 1, PARITY_E_LIMIT,
         "waiter ThingExists gave up after 4 attempts, 5 s apart; last seen: "
         "T.Status = \"CREATING\""},
        {STATUS, "[{'T': {'Status': 'FAILED'}}]", 1, PARITY_E_RESPONSE,
         "waiter ThingExists failed after 1 attempt: T.Status is \"FAILED\"; last seen: "
         "T.Status = \"FAILED\""},
        {STATUS,
         "[{'T': {}}, {'Error': {'Code': 'Denied', 'Message': 'Not you'}, "
         "'ResponseMetadata': {'HTTPStatusCode': 403}}]",
         1, PARITY_E_RESPONSE,
         "waiter ThingExists failed after 2 attempts; last seen: error Denied (HTTP status 403): "
         "Not you"},
        {STATUS, "[{'Error': {'Code': 'NotFound'}}]", 1, PARITY_E_LIMIT,
         "waiter ThingExists gave up after 4 attempts, 5 s apart; last seen: error NotFound"},
        {"[{'matcher': 'status', 'expected': 404, 'state': 'failure'}]",
         "[{'ResponseMetadata': {'HTTPStatusCode': 404}}]", 1, PARITY_E_RESPONSE,
         "waiter ThingExists failed after 1 attempt: the HTTP status is 404; last seen: an answer "
         "without error"},
        {"[{'matcher': 'error', 'expected': false, 'state': 'failure'}]", "[{}]", 1,
         PARITY_E_RESPONSE,
         "waiter ThingExists failed after 1 attempt: the answer is no error; last seen: an answer "
         "without error"},
        {"[{'matcher': 'pathAny', 'argument': 'L[].S', 'expected': 'x', 'state': 'failure'}]",
         "[{'L': [{'S': 'y'}, {'S': 'x'}]}]", 1, PARITY_E_RESPONSE,
         "waiter ThingExists failed after 1 attempt: L[].S are in part \"x\"; last seen: "
         "L[].S = [\"y\", \"x\"]"},
        {"[{'matcher': 'path', 'argument': 'length(L)', 'expected': 0, 'state': 'success'}]",
         "[{}]", -1, PARITY_E_INVALID,
         "argument 1 of length() must be a string or an array or an object, not null"},
        {STATUS, "[]", -1, PARITY_E_NETWORK, "connection reset"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct script script = {0};
        struct parity_error err = {0};

        assert_int_equal(run(failures[i].acceptors, failures[i].responses, &script,
                             (struct parity_wait_options){0}, &err),
                         failures[i].rc);
        assert_string_equal(err.message, failures[i].message);
        assert_int_equal(err.code, failures[i].code);
        assert_string_equal(err.context, failures[i].rc == 1 ? "DescribeThing"
                                         : failures[i].code == PARITY_E_NETWORK
                                             ? "waiter ThingExists, attempt 1: http://target"
                                             : "waiter ThingExists, attempt 1: length(L)");
    }
}

static void a_wait_can_be_stopped_between_attempts(void **state)
{
    struct script script = {.stop_at = 2};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(run(STATUS, "[{}]", &script, (struct parity_wait_options){0}, &err), 1);
    assert_int_equal(err.code, PARITY_E_LIMIT);
    assert_string_equal(err.message, "waiter ThingExists was stopped after 2 attempts, 5 s apart; "
                                     "last seen: T.Status = null");
}

static void matchers_match_as_the_reference_has_it(void **state)
{
    static const struct {
        const char *matcher, *response;
        int reached;
    } examples[] = {
        {"'pathAll', 'argument': 'L', 'expected': 1", "{'L': [1, 1.0]}", 1},
        {"'pathAll', 'argument': 'L', 'expected': 1", "{'L': [1, 2]}", 0},
        {"'pathAll', 'argument': 'L', 'expected': 1", "{'L': []}", 0},
        {"'pathAll', 'argument': 'L', 'expected': 1", "{'L': 1}", 0},
        {"'pathAny', 'argument': 'L', 'expected': 1", "{'L': [2, 1]}", 1},
        {"'pathAny', 'argument': 'L', 'expected': 1", "{'L': [2, 3]}", 0},
        {"'pathAny', 'argument': 'L', 'expected': 1", "{'L': []}", 0},
        {"'path', 'argument': 'a', 'expected': true", "{'a': true}", 1},
        {"'path', 'argument': 'a', 'expected': true", "{'a': 1}", 0},
        {"'path', 'argument': 'a', 'expected': 'x'", "{'a': 'x', 'Error': {'Code': 'E'}}", 0},
        {"'path', 'argument': 'a', 'expected': 'x'", "{'a': 'x', 'Error': {}}", 1},
        {"'status', 'expected': 200", "{'ResponseMetadata': {'HTTPStatusCode': 200}}", 1},
        {"'status', 'expected': 200", "{'ResponseMetadata': {'HTTPStatusCode': 301}}", 0},
        {"'status', 'expected': 200", "{}", 0},
        {"'error', 'expected': 'E'", "{'Error': {'Code': 'E'}}", 1},
        {"'error', 'expected': 'E'", "{'Error': {'Code': 'F'}}", 0},
        {"'error', 'expected': 'E'", "{}", 0},
        {"'error', 'expected': true", "{'Error': {'Code': 'F'}}", 1},
        {"'error', 'expected': true", "{}", 0},
        {"'error', 'expected': false", "{}", 1},
        {"'error', 'expected': false", "{'Error': {'Code': 'F'}}", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct script script = {0};
        char acceptors[160], responses[160];

        snprintf(acceptors, sizeof acceptors, "[{'matcher': %s, 'state': 'success'}]",
                 examples[i].matcher);
        snprintf(responses, sizeof responses, "[%s]", examples[i].response);
        if (run(acceptors, responses, &script, (struct parity_wait_options){.max_attempts = 1},
                NULL) != !examples[i].reached)
            fail_msg("%s on %s", examples[i].matcher, examples[i].response);
    }
}

static void a_broken_description_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *acceptors, *context, *message;
    } faults[] = {
        {"null", "acceptors", "a list of at least one is expected"},
        {"[]", "acceptors", "a list of at least one is expected"},
        {"[1]", "acceptors[0]: state", "missing"},
        {"[{'state': 'success', 'matcher': 'path', 'argument': 'a', 'expected': 1}, {'state': "
         "'done'}]",
         "acceptors[1]: state", "'done' is not known"},
        {"[{'state': 'retry', 'matcher': 'pathSome'}]", "acceptors[0]: matcher",
         "'pathSome' is not known"},
        {"[{'state': 'retry', 'matcher': 'path', 'argument': 'a'}]", "acceptors[0]: expected",
         "missing"},
        {"[{'state': 'retry', 'matcher': 'path', 'expected': 1}]", "acceptors[0]: argument",
         "a JMESPath expression is expected"},
        {"[{'state': 'retry', 'matcher': 'path', 'argument': 'a b', 'expected': 1}]",
         "acceptors[0]: argument: a b", "'b' stands where an operator or the end is expected"},
        {"[{'state': 'retry', 'matcher': 'status', 'expected': '200'}]", "acceptors[0]: expected",
         "an HTTP status code is expected"},
        {"[{'state': 'retry', 'matcher': 'error', 'expected': 1}]", "acceptors[0]: expected",
         "an error code, true or false is expected"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct parity_error err = {0};
        char context[160];

        assert_null(waiter(faults[i].acceptors, &err));
        snprintf(context, sizeof context, "waiters-2.json: ThingExists: %s", faults[i].context);
        assert_string_equal(err.context, context);
        assert_string_equal(err.message, faults[i].message);
    }
}

static void a_broken_file_is_refused(void **state)
{
    static const struct {
        const char *file, *message;
    } faults[] = {
        {"[]", "its version must be 2"},
        {"{'version': 1}", "its version must be 2"},
        {"{'version': 2}", "no object 'waiters' in it"},
        {"{'version': 2, 'waiters': {'A': 1}}", "the name of an operation is expected"},
        {"{'version': 2, 'waiters': {'A': {'operation': 'O'}}}", "a number of seconds is expected"},
        {"{'version': 2, 'waiters': {'A': {'operation': 'O', 'delay': -1}}}",
         "a number of seconds is expected"},
        {"{'version': 2, 'waiters': {'A': {'operation': 'O', 'delay': 1, 'maxAttempts': 0}}}",
         "a number of at least 1 is expected"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct parity_error err = {0};
        json_t *file = json(faults[i].file);

        assert_null(parity_waiter_new(file, "A", &err));
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_string_equal(err.message, faults[i].message);
        json_decref(file);
    }
}

static void names_are_found_whatever_their_case_and_underscores(void **state)
{
    struct parity_error err = {0};
    json_t *file = json("{'version': 2, 'waiters': {'ThingExists': {'delay': 1, 'maxAttempts': 1, "
                        "'operation': 'DescribeThing', 'acceptors': [{'matcher': 'status', "
                        "'expected': 200, 'state': 'success'}]}}}");
    struct parity_waiter *made = parity_waiter_new(file, "thing_exists", &err);

    (void)state;
    assert_non_null(made);
    assert_string_equal(parity_waiter_name(made), "ThingExists");
    assert_string_equal(parity_waiter_operation(made), "DescribeThing");
    parity_waiter_free(made);
    assert_null(parity_waiter_new(file, "ThingExist", &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.message,
                        "there is no waiter 'ThingExist'; did you mean 'ThingExists'?");
    json_decref(file);
}

static void a_lack_of_memory_is_reported_wherever_it_happens(void **state)
{
    json_t *file = json("{'version': 2, 'waiters': {'ThingExists': {'delay': 1, 'maxAttempts': 2, "
                        "'operation': 'DescribeThing', 'acceptors': [{'matcher': 'pathAll', "
                        "'argument': 'L[].S', 'expected': 'x', 'state': 'failure'}]}}}");
    json_t *responses = json("[{'L': [{'S': 'y'}]}, {'L': [{'S': 'x'}]}]"), *input = json("{}");
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        struct script script = {.responses = responses};
        struct parity_wait_options options = {.sleep = no_sleep, .data = &script};
        struct parity_waiter *made;

        parity_memory_fail_at(n, 0);
        made = parity_waiter_new(file, "ThingExists", &err);
        if (made)
            rc = parity_wait(made, (struct parity_caller){call, &script}, input, &options, NULL,
                             &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        else
            assert_int_equal(rc, 1);
        parity_waiter_free(made);
        assert_true(n < 10000);
    }
    json_decref(input);
    json_decref(responses);
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_ends_when_the_state_is_reached),
        cmocka_unit_test(delay_and_attempts_can_be_overridden),
        cmocka_unit_test(a_wait_that_fails_says_what_was_seen),
        cmocka_unit_test(a_wait_can_be_stopped_between_attempts),
        cmocka_unit_test(matchers_match_as_the_reference_has_it),
        cmocka_unit_test(a_broken_description_is_refused_with_its_place),
        cmocka_unit_test(a_broken_file_is_refused),
        cmocka_unit_test(names_are_found_whatever_their_case_and_underscores),
        cmocka_unit_test(a_lack_of_memory_is_reported_wherever_it_happens),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
