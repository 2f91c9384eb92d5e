/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "client/model.h"
#include "runner/test.h"

/* Waiters, pages and protocols of a body, with models of our own and an invented target. */

static const char model[] = "{\"metadata\": {\"protocol\": \"json\"}}";
static const char waiters[] =
    "{\"version\": 2, \"waiters\": {\"ThingReady\": {"
    "\"operation\": \"GetThing\", \"delay\": 30, \"maxAttempts\": 5, \"acceptors\": ["
    "{\"state\": \"success\", \"matcher\": \"path\", \"argument\": \"State\", \"expected\": \"4\"},"
    "{\"state\": \"failure\", \"matcher\": \"error\", \"expected\": \"NoSuchThing\"}]}}}";
static const char paginators[] =
    "{\"pagination\": {\"ListThings\": {\"input_token\": \"Token\", \"output_token\": \"Next\","
    " \"result_key\": \"Things\"}, \"ListSecrets\": {\"input_token\": \"Token\","
    " \"output_token\": \"Next\", \"result_key\": \"Things\"}}}";

static char root[64];
static json_t *calls;        /* the inputs */
static int calls_until_stop; /* 0: nobody asks */

static void put(const char *name, const char *text)
{
    char path[256];
    struct parity_error err = {0};

    snprintf(path, sizeof path, "%s/things/2020-01-01/%s.json", root, name);
    if (parity_file_replace(path, text, strlen(text), &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static int set_up(void **state)
{
    (void)state;
    memcpy(root, "/tmp/parity-follow-XXXXXX", sizeof "/tmp/parity-follow-XXXXXX");
    assert_non_null(mkdtemp(root));
    setenv("HOME", root, 1);
    setenv("XDG_CACHE_HOME", root, 1);
    put("service-2", model);
    put("waiters-2", waiters);
    put("paginators-1", paginators);
    calls = json_array();
    calls_until_stop = 0;
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    json_decref(calls);
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

/* The n-th call finds the state "n", and page n of three. */
static int answer(void *data, const char *service, const char *operation, const json_t *input,
                  const struct parity_call_options *options, json_t **out,
                  struct parity_call_record *record, struct parity_error *err)
{
    int number;
    char text[16];

    (void)data;
    (void)service;
    (void)options;
    (void)err;
    json_array_append(calls, (json_t *)(uintptr_t)input);
    number = (int)json_array_size(calls);
    snprintf(text, sizeof text, "%d", number);
    record->status_code = 200;
    if (json_object_get(input, "Missing") || strcmp(operation, "ListSecrets") == 0)
        *out = json_pack("{s:{s:s, s:s}, s:{s:i}}", "Error", "Code", "NoSuchThing", "Message",
                         "there is none", "ResponseMetadata", "HTTPStatusCode", 400);
    else if (strcmp(operation, "GetThing") == 0)
        *out = json_pack("{s:s, s:{}}", "State", text, "ResponseMetadata");
    else
        *out = json_pack("{s:[s], s:s?, s:{}}", "Things", text, "Next", number < 3 ? text : NULL,
                         "ResponseMetadata");
    return 0;
}

static bool is_asked_to_stop(void)
{
    return calls_until_stop && (int)json_array_size(calls) >= calls_until_stop;
}

/* Runs a body; how it ended is compared, and a part of the message. */
static void assert_ends(void (*body)(struct parity_test *t, const void *data),
                        enum parity_outcome outcome, const char *part)
{
    static char suite_path[] = "x/test_x.c", id[] = "x/test_x.c::it";
    const struct parity_models_options options = {.data_path = root};
    struct parity_test_definition definition = {.name = "it", .run = body, .line = 1};
    struct parity_case test_case = {.id = id, .suite_path = suite_path, .definition = &definition};
    struct parity_models *models = parity_models_new(&options, NULL);
    struct parity_test_environment environment = {.partition = "aws",
                                                  .run_id = "0",
                                                  .models = models,
                                                  .call = answer,
                                                  .is_asked_to_stop = is_asked_to_stop};
    struct parity_test t;
    const char *message;

    assert_non_null(models);
    assert_int_equal(parity_test_init(&t, &test_case, &environment, 1, NULL), 0);
    parity_test_run_body(&t);
    message = t.message.data ? t.message.data : "";
    if (t.outcome != outcome || !strstr(message, part))
        fail_msg("%s: %s", parity_outcome_name(t.outcome), message);
    parity_test_clear(&t);
    parity_models_free(models);
}

/* --- waiters -----------------------------------------------------------------------------------
 */

static const struct parity_test_wait at_once = {.delay_s = -1};

static void waits(struct parity_test *t, const void *data)
{
    json_t *last = parity_test_wait_for(t, &at_once, "things", "ThingReady", "{'Id': %d}", 7);

    (void)data;
    assert_string_equal(parity_test_text(t, last, "$.State"), "4");
}

static void a_waiter_calls_until_the_state_is_there(void **state)
{
    (void)state;
    assert_ends(waits, PARITY_PASSED, "");
    assert_int_equal(json_array_size(calls), 4);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(calls, 3), "Id")), 7);
}

static void waits_too_long(struct parity_test *t, const void *data)
{
    const struct parity_test_wait twice = {.delay_s = -1, .max_attempts = 2};

    (void)data;
    parity_test_wait_for(t, &twice, "things", "ThingReady", "{}");
}

static void too_many_attempts_fail_the_test(void **state)
{
    (void)state;
    assert_ends(waits_too_long, PARITY_FAILED, "things ThingReady: ");
    assert_int_equal(json_array_size(calls), 2);
}

static void waits_for_a_failure(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_wait_for(t, &at_once, "things", "thing_ready", "{'Missing': true}");
}

static void the_state_of_a_failure_fails_the_test(void **state)
{
    (void)state;
    assert_ends(waits_for_a_failure, PARITY_FAILED, "NoSuchThing");
    assert_int_equal(json_array_size(calls), 1);
}

static void waits_for_what_is_unknown(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_wait_for(t, NULL, "things", "ThingRedy", "{}");
}

static void an_unknown_waiter_is_an_error_that_names_the_nearest(void **state)
{
    (void)state;
    assert_ends(waits_for_what_is_unknown, PARITY_ERROR, "ThingReady");
    assert_int_equal(json_array_size(calls), 0);
}

static void a_wait_ends_when_the_run_is_interrupted(void **state)
{
    (void)state;
    calls_until_stop = 2;
    assert_ends(waits, PARITY_ERROR, "interrupted");
    assert_int_equal(json_array_size(calls), 2);
}

/* --- pages -------------------------------------------------------------------------------------
 */

static void lists(struct parity_test *t, const void *data)
{
    json_t *all = parity_test_call_pages(t, NULL, "things", "ListThings", "{'Size': %d}", 1);

    (void)data;
    assert_int_equal(json_array_size(parity_test_get(t, all, "$.Things")), 3);
    assert_string_equal(parity_test_text(t, all, "$.Things[2]"), "3");
    assert_false(parity_test_has(t, all, "$.ResponseMetadata"));
}

static void pages_are_handed_over_in_one(void **state)
{
    (void)state;
    assert_ends(lists, PARITY_PASSED, "");
    assert_int_equal(json_array_size(calls), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(calls, 2), "Token")), "2");
}

static void pages_end_when_the_run_is_interrupted(void **state)
{
    (void)state;
    calls_until_stop = 1;
    assert_ends(lists, PARITY_ERROR, "interrupted");
    assert_int_equal(json_array_size(calls), 1);
}

static void lists_what_is_refused(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_pages(t, NULL, "things", "ListSecrets", "{}");
}

static void a_page_that_is_refused_fails_the_test(void **state)
{
    (void)state;
    assert_ends(lists_what_is_refused, PARITY_FAILED,
                "things ListSecrets was refused: NoSuchThing");
}

static void lists_what_has_no_pages(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_pages(t, NULL, "things", "GetThing", "{}");
}

static void an_operation_without_pages_is_an_error(void **state)
{
    (void)state;
    assert_ends(lists_what_has_no_pages, PARITY_ERROR, "GetThing");
}

/* --- protocols ---------------------------------------------------------------------------------
 */

static void speaks_new_and_old(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_needs_protocol(t, "things", "json");
    parity_test_call(t, "things", "GetThing", "{}");
    parity_test_needs_protocol(t, "things", "query");
}

static void a_test_that_needs_a_protocol_without_a_model_is_skipped(void **state)
{
    (void)state;
    assert_ends(speaks_new_and_old, PARITY_SKIPPED, "things: does not speak the protocol 'query'");
    assert_int_equal(json_array_size(calls), 1);
}

static void speaks_for_nobody(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_needs_protocol(t, "nobody", "json");
}

static void a_protocol_of_an_unknown_service_is_an_error(void **state)
{
    (void)state;
    assert_ends(speaks_for_nobody, PARITY_ERROR, "unknown service 'nobody'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_waiter_calls_until_the_state_is_there),
        TEST(too_many_attempts_fail_the_test),
        TEST(the_state_of_a_failure_fails_the_test),
        TEST(an_unknown_waiter_is_an_error_that_names_the_nearest),
        TEST(a_wait_ends_when_the_run_is_interrupted),
        TEST(pages_are_handed_over_in_one),
        TEST(pages_end_when_the_run_is_interrupted),
        TEST(a_page_that_is_refused_fails_the_test),
        TEST(an_operation_without_pages_is_an_error),
        TEST(a_test_that_needs_a_protocol_without_a_model_is_skipped),
        TEST(a_protocol_of_an_unknown_service_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
