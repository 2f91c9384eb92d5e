/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

/* What a body can do, with a target that answers from here. */

struct target {
    json_t *calls;  /* array: {"operation", "input", "region", "key"} */
    json_t *events; /* array: names of what was told */
    json_t *told;   /* array: what was told of calls, as in the results file */
};

static int answer(void *data, const char *service, const char *operation, const json_t *input,
                  const struct parity_call_options *options, json_t **out,
                  struct parity_call_record *record, struct parity_error *err)
{
    struct target *target = data;

    json_array_append_new(
        target->calls,
        json_pack("{s:s, s:O, s:s?, s:s?}", "operation", operation, "input", input, "region",
                  options->region, "key",
                  options->credentials ? options->credentials->access_key_id : NULL));
    record->request_id = parity_strdup("request-1");
    if (strcmp(operation, "Unreachable") == 0) {
        parity_fail(err, PARITY_E_NETWORK, "http://127.0.0.1:1", "connection refused");
        return -1;
    }
    if (strcmp(operation, "Garbage") == 0) {
        parity_fail(err, PARITY_E_RESPONSE, service, "no JSON");
        return -1;
    }
    if (strcmp(operation, "Missing") == 0) {
        record->status_code = 400;
        record->error_code = parity_strdup("NoSuchThing");
        *out = json_pack("{s:{s:s, s:s}, s:{s:i}}", "Error", "Code", "NoSuchThing", "Message",
                         "there is none", "ResponseMetadata", "HTTPStatusCode", 400);
        return 0;
    }
    if (strcmp(operation, "Refused") == 0) {
        *out = json_pack("{s:{s:s, s:s}, s:{s:i}}", "Error", "Code", "AccessDenied", "Message",
                         "no", "ResponseMetadata", "HTTPStatusCode", 403);
        return 0;
    }
    record->status_code = 200;
    *out = json_pack("{s:s, s:i, s:b, s:[s,s], s:i, s:{s:i}}", "Url", "u-1", "Count", 7, "On", 1,
                     "List", "a", "b", "Calls", (int)json_array_size(target->calls),
                     "ResponseMetadata", "HTTPStatusCode", 200);
    return 0;
}

static void listen(void *data, const json_t *event)
{
    struct target *target = data;

    json_array_append(target->events, json_object_get(event, "event"));
}

static void listen_to_call(void *data, const struct parity_buffer *text)
{
    struct target *target = data;
    json_t *event;

    assert_int_equal(parity_json_parse(text->data, text->length, NULL, &event, NULL), 0);
    listen(data, event);
    json_array_append(target->told, json_object_get(event, "call"));
    json_decref(event);
}

static char second_key[] = "SECOND", first_key[] = "FIRST", secret[] = "s";
static const struct parity_credentials first = {.access_key_id = first_key,
                                                .secret_access_key = secret};
static const struct parity_credentials second = {.access_key_id = second_key,
                                                 .secret_access_key = secret};
static char suite_path[] = "x/test_x.c", id[] = "x/test_x.c::it";

/* Runs a body and its cleanups. The caller clears both. */
static void run(struct parity_test *t, struct target *target,
                void (*body)(struct parity_test *t, const void *data))
{
    static struct parity_test_definition definition;
    static struct parity_case test_case;
    static struct parity_test_environment environment;

    definition = (struct parity_test_definition){.name = "it", .run = body, .line = 1};
    test_case = (struct parity_case){.id = id, .suite_path = suite_path, .definition = &definition};
    environment = (struct parity_test_environment){
        .partition = "aws",
        .run_id = "0123abcd",
        .primary = {.account_id = "111122223333", .region = "eu-west-1", .credentials = &first},
        .secondary = {.account_id = "2", .region = "ap-southeast-1", .credentials = &second},
        .call = answer,
        .tell = listen,
        .tell_call = listen_to_call,
        .data = target,
    };
    target->calls = json_array();
    target->events = json_array();
    target->told = json_array();
    assert_int_equal(parity_test_init(t, &test_case, &environment, 5, NULL), 0);
    parity_test_run_body(t);
    parity_test_run_cleanups(t);
}

static void clear(struct parity_test *t, struct target *target)
{
    parity_test_clear(t);
    json_decref(target->calls);
    json_decref(target->events);
    json_decref(target->told);
}

static void assert_ends(void (*body)(struct parity_test *t, const void *data),
                        enum parity_outcome outcome, const char *part)
{
    struct parity_test t;
    struct target target;

    run(&t, &target, body);
    if (t.outcome != outcome)
        fail_msg("outcome %s: %s", parity_outcome_name(t.outcome),
                 t.message.data ? t.message.data : "");
    if (!strstr(t.message.data ? t.message.data : "", part))
        fail_msg("other message: %s", t.message.data ? t.message.data : "(none)");
    clear(&t, &target);
}

/* --- values ------------------------------------------------------------------------------------
 */

static void looks_into_responses(struct parity_test *t, const void *data)
{
    json_t *response = parity_test_call(t, "x", "Good", "{'a': %d}", 1);

    (void)data;
    assert_string_equal(parity_test_text(t, response, "$.Url"), "u-1");
    assert_string_equal(parity_test_text(t, response, "$.Url[0]"), "u"); /* made for the path */
    assert_int_equal(parity_test_number(t, response, "$.Count"), 7);
    assert_true(parity_test_boolean(t, response, "$.On"));
    assert_true(parity_test_has(t, response, "$.List[1]"));
    assert_false(parity_test_has(t, response, "$.Nothing"));
    assert_string_equal(json_string_value(parity_test_get(t, response, "$.List[1]")), "b");
    assert_string_equal(parity_test_format(t, "%s-%d", "q", 3), "q-3");
    assert_string_equal(parity_test_region(t), "eu-west-1");
    assert_string_equal(parity_test_account_id(t), "111122223333");
    assert_string_equal(parity_test_secondary_account_id(t), "2");
    assert_string_equal(parity_test_partition(t), "aws");
}

static void selects_nothing(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_text(parity_test_at(t, "a.c", 17), parity_test_call(t, "x", "Good", "{}"),
                     "$.None");
}

static void selects_too_much(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_get(t, parity_test_call(t, "x", "Good", "{}"), "$.List[*]");
}

static void takes_a_number_for_a_text(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_text(t, parity_test_call(t, "x", "Good", "{}"), "$.Count");
}

static void has_a_broken_path(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_get(t, parity_test_call(t, "x", "Good", "{}"), "$.[");
}

static void has_a_broken_template(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call(t, "x", "Good", "{'a': }");
}

static void sends_a_list(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call(t, "x", "Good", "[]");
}

static void a_body_gets_values_that_belong_to_the_test(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, looks_into_responses);
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_false(t.ended_early);
    clear(&t, &target);
}

static void a_broken_path_is_named_once(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, has_a_broken_path);
    assert_string_equal(t.message.data,
                        "$.[: the path ends where a name, a position, '*', a slice or "
                        "'?' should be (column 4)");
    clear(&t, &target);
}

static void looks_at_some_answers(struct parity_test *t, const void *data)
{
    json_t *response;

    (void)data;
    parity_test_call(t, "x", "Good", "{'Unseen': 1}");
    response = parity_test_match(t, "whole", parity_test_call(t, "x", "Good", "{'A': 1, 'B': 2}"));
    parity_test_match_select(t, "part", response, "$.List");
    parity_test_match(t, "made",
                      parity_test_json(t, "{'x': %j}", parity_test_get(t, response, "$.Url")));
    parity_test_match(t, "own",
                      parity_test_json(t, "{'x': %s}", parity_test_text(t, response, "$.Url")));
    parity_test_call_error(t, "x", "Missing", "{}");
    parity_test_expect_equal(
        t, parity_test_get(t, parity_test_call(t, "x", "Good", "{}"), "$.Count"), "7");
}

static void reports_know_whose_answers_were_looked_at(void **state)
{
    static const char *const expected[] = {
        "{\"parameters\": [\"Unseen\"]}",
        "{\"parameters\": [\"A\", \"B\"], \"matched\": [\"whole\"],"
        " \"matched_in_part\": [\"part\", \"made\"]}",
        "{\"parameters\": [], \"expected\": [\"error\"]}",
        "{\"parameters\": [], \"expected\": [\"value\"]}",
    };
    static const char *const members[] = {"parameters", "matched", "matched_in_part", "expected"};
    struct parity_test t;
    struct target target;
    json_t *notes;

    (void)state;
    run(&t, &target, looks_at_some_answers);
    assert_int_equal(t.outcome, PARITY_PASSED);
    notes = json_pack("[o]", parity_trace_take(&t.trace));
    parity_trace_apply(target.told, notes);
    assert_int_equal(json_array_size(target.told), 4);
    for (size_t i = 0; i < 4; i++) {
        json_t *wanted = json_loads(expected[i], 0, NULL), *call = json_array_get(target.told, i);

        for (size_t j = 0; j < 4; j++)
            if (json_object_get(wanted, members[j]) || json_object_get(call, members[j]))
                assert_true(json_equal(json_object_get(wanted, members[j]),
                                       json_object_get(call, members[j])));
        json_decref(wanted);
    }
    json_decref(notes);
    clear(&t, &target);
}

static void a_value_that_is_not_as_asked_ends_the_test(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    assert_ends(selects_nothing, PARITY_FAILED, "$.None selects nothing in {\"Url\"");
    assert_ends(selects_too_much, PARITY_FAILED, "selects more than one");
    assert_ends(takes_a_number_for_a_text, PARITY_FAILED, "at $.Count stands no text: 7");
    assert_ends(has_a_broken_path, PARITY_ERROR, "$.[");
    assert_ends(has_a_broken_template, PARITY_ERROR, "x Good");
    assert_ends(sends_a_list, PARITY_ERROR, "must be an object");
    run(&t, &target, selects_nothing);
    assert_string_equal(t.location, "x/test_x.c:17");
    assert_true(t.ended_early);
    clear(&t, &target);
}

/* --- calls -------------------------------------------------------------------------------------
 */

static void is_refused(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call(t, "x", "Missing", "{}");
}

static void is_not_refused(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_error(t, "x", "Good", "{}");
}

static void takes_either(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_any(t, "x", "Good", "{}");
    parity_test_call_any(t, "x", "Missing", "{}");
    parity_test_call_error(t, "x", "Missing", "{}");
}

static void reaches_nobody(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_any(t, "x", "Unreachable", "{}");
}

static void gets_garbage(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_any(t, "x", "Garbage", "{}");
}

static void an_answer_that_is_not_as_expected_ends_the_test(void **state)
{
    (void)state;
    assert_ends(is_refused, PARITY_FAILED,
                "x Missing was refused: NoSuchThing (HTTP 400): there is none");
    assert_ends(is_not_refused, PARITY_FAILED, "should have been refused");
    assert_ends(takes_either, PARITY_PASSED, "");
}

static void the_network_is_no_verdict_on_the_target_but_garbage_is(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    assert_ends(gets_garbage, PARITY_FAILED, "x Garbage: x: no JSON");
    run(&t, &target, reaches_nobody);
    assert_int_equal(t.outcome, PARITY_ERROR);
    assert_true(t.environmental);
    clear(&t, &target);
}

static void calls_with_options(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call(t, "x", "Good", "{}");
    parity_test_call_with(t, &(struct parity_test_options){.account = PARITY_SECONDARY}, "x",
                          "Good", "{}");
    parity_test_call_with(t,
                          &(struct parity_test_options){.account = PARITY_SECONDARY, .region = "r"},
                          "x", "Good", "{}");
}

static void assert_call(const struct target *target, size_t i, const char *region, const char *key)
{
    const json_t *call = json_array_get(target->calls, i);
    const char *observed = json_string_value(json_object_get(call, "region"));

    assert_string_equal(observed ? observed : "", region);
    assert_string_equal(json_string_value(json_object_get(call, "key")), key);
}

static void a_call_may_be_made_by_the_second_account(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, calls_with_options);
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_call(&target, 0, "", "FIRST");
    assert_call(&target, 1, "ap-southeast-1", "SECOND");
    assert_call(&target, 2, "r", "SECOND");
    clear(&t, &target);
}

static void waits(struct parity_test *t, const void *data)
{
    json_t *three = parity_test_json(t, "3");
    json_t *response;

    (void)data;
    response = parity_test_call_until(
        t,
        &(struct parity_test_until){.path = "$.Calls", .equals_value = three, .interval_s = 0.001},
        "x", "Good", "{}");
    assert_int_equal(parity_test_number(t, response, "$.Calls"), 3);
    parity_test_call_until(t, &(struct parity_test_until){.path = "$.Url", .equals = "u-1"}, "x",
                           "Good", "{}");
    parity_test_call_until(t, &(struct parity_test_until){.path = "$.Url"}, "x", "Good", "{}");
}

static void waits_in_vain(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_call_until(
        t,
        &(struct parity_test_until){
            .path = "$.Url", .equals = "u-2", .timeout_s = 0.01, .interval_s = 0.002},
        "x", "Good", "{}");
}

/* The interval is longer than the time that there is: once at the beginning, once at the end. */
static void waits_to_the_end(struct parity_test *t, const void *data)
{
    json_t *two = parity_test_json(t, "2");

    (void)data;
    parity_test_call_until(
        t,
        &(struct parity_test_until){
            .path = "$.Calls", .equals_value = two, .timeout_s = 0.01, .interval_s = 20},
        "x", "Good", "{}");
}

static bool is_second_time(struct parity_test *t, void *data)
{
    int *times = data;

    (void)t;
    return ++*times == 2;
}

static void polls_to_the_end(struct parity_test *t, const void *data)
{
    int times = 0;

    (void)data;
    parity_test_poll_until(t, &(struct parity_test_poll){.timeout_s = 0.01, .interval_s = 20},
                           is_second_time, &times);
}

static void a_test_waits_for_a_state_and_not_for_ever(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, waits);
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_int_equal(json_array_size(target.calls), 5);
    clear(&t, &target);
    assert_ends(waits_in_vain, PARITY_FAILED, "there was still \"u-1\" at $.Url, not \"u-2\"");
    assert_ends(waits_to_the_end, PARITY_PASSED, "");
    assert_ends(polls_to_the_end, PARITY_PASSED, "");
}

/* --- match -------------------------------------------------------------------------------------
 */

static void matches(struct parity_test *t, const void *data)
{
    json_t *value = parity_test_json(t, "{'a': [1]}");

    (void)data;
    assert_ptr_equal(parity_test_match(t, "first", value), value);
    json_array_clear(json_object_get(value, "a"));
    parity_test_match_select(t, "second", value, "$.a");
}

static void matches_twice(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_match(t, "key", parity_test_json(t, "1"));
    parity_test_match(t, "key", parity_test_json(t, "2"));
    parity_test_match(t, "other", parity_test_json(t, "3"));
}

static void a_matched_value_is_taken_as_it_is_then(void **state)
{
    struct parity_test t;
    struct target target;
    json_t *expected = json_pack("{s:{s:[i]}, s:[]}", "first", "a", 1, "second");

    (void)state;
    run(&t, &target, matches);
    assert_true(json_equal(t.observed, expected));
    json_decref(expected);
    clear(&t, &target);
}

static void a_key_used_twice_is_an_error_that_hides_nothing(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, matches_twice);
    assert_int_equal(t.outcome, PARITY_ERROR);
    assert_non_null(strstr(t.message.data, "match key \"key\" was used before"));
    assert_int_equal(json_integer_value(json_object_get(t.observed, "key")), 1);
    assert_non_null(json_object_get(t.observed, "other"));
    clear(&t, &target);
}

/* --- cleanups ----------------------------------------------------------------------------------
 */

static void registers_cleanups(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_on_cleanup(t, NULL, "x", "Good", "{'n': 1}");
    parity_test_on_cleanup(t, NULL, "x", "Missing", "{'n': 2}");
    parity_test_on_cleanup(t, NULL, "x", "Refused", "{'n': 3}");
    parity_test_on_cleanup(
        t, &(struct parity_test_options){.account = PARITY_SECONDARY, .region = "r"}, "x",
        "Unreachable", "{'n': 4}");
    parity_test_fail(t, "on purpose");
}

static void cleanups_are_made_in_reverse_order_whatever_happens(void **state)
{
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, registers_cleanups);
    assert_int_equal(t.outcome, PARITY_FAILED);
    assert_int_equal(json_array_size(target.calls), 4);
    for (int i = 0; i < 4; i++) {
        const json_t *call = json_array_get(target.calls, (size_t)i);

        assert_int_equal(json_integer_value(json_object_get(json_object_get(call, "input"), "n")),
                         4 - i);
    }
    assert_call(&target, 0, "r", "SECOND");
    /* What is gone already is no failure; the other two are. */
    assert_int_equal(json_array_size(t.cleanup_failures), 2);
    assert_int_equal(json_array_size(t.cleanups), 0);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(t.cleanup_failures, 1), "message")),
        "AccessDenied: no");
    clear(&t, &target);
}

static void the_runner_is_told_of_all_that_must_survive(void **state)
{
    const char *expected[] = {"cleanup", "cleanup", "cleanup", "cleanup",
                              "said",    "call",    "cleaned"};
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, registers_cleanups);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(json_string_value(json_array_get(target.events, i)), expected[i]);
    clear(&t, &target);
}

/* --- the rest ----------------------------------------------------------------------------------
 */

static void skips(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_skip(t, "because of %d", 7);
}

static void a_test_may_skip_itself(void **state)
{
    (void)state;
    assert_ends(skips, PARITY_SKIPPED, "because of 7");
}

static void names_itself(struct parity_test *t, const void *data)
{
    const char *first_name = parity_test_unique_name(t, "queue");
    const char *second_name = parity_test_unique_name(t, "queue");

    (void)data;
    assert_string_not_equal(first_name, second_name);
    assert_string_equal(first_name, "queue-0123abcd0050");
}

static void unique_names_carry_the_run_and_the_test(void **state)
{
    (void)state;
    assert_ends(names_itself, PARITY_PASSED, "");
}

static void adds_transformers(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_transform(
        t, &(struct parity_transformation){.type = "regex", .pattern = "a+", .replacement = "<a>"});
    parity_test_transform(
        t,
        &(struct parity_transformation){
            .type = "key_value", .key = "K", .replacement = "k", .direct = true, .priority = -1});
}

static void transformers_of_the_run_are_kept_in_the_case_format(void **state)
{
    json_t *expected =
        json_pack("[{s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:b, s:i}]", "type", "regex", "pattern",
                  "a+", "replacement", "<a>", "priority", 0, "type", "key_value", "key", "K",
                  "replacement", "k", "reference", 0, "priority", -1);
    struct parity_test t;
    struct target target;

    (void)state;
    run(&t, &target, adds_transformers);
    assert_true(json_equal(t.transformations, expected));
    json_decref(expected);
    clear(&t, &target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_gets_values_that_belong_to_the_test),
        cmocka_unit_test(a_broken_path_is_named_once),
        cmocka_unit_test(reports_know_whose_answers_were_looked_at),
        cmocka_unit_test(a_value_that_is_not_as_asked_ends_the_test),
        cmocka_unit_test(an_answer_that_is_not_as_expected_ends_the_test),
        cmocka_unit_test(the_network_is_no_verdict_on_the_target_but_garbage_is),
        cmocka_unit_test(a_call_may_be_made_by_the_second_account),
        cmocka_unit_test(a_test_waits_for_a_state_and_not_for_ever),
        cmocka_unit_test(a_matched_value_is_taken_as_it_is_then),
        cmocka_unit_test(a_key_used_twice_is_an_error_that_hides_nothing),
        cmocka_unit_test(cleanups_are_made_in_reverse_order_whatever_happens),
        cmocka_unit_test(the_runner_is_told_of_all_that_must_survive),
        cmocka_unit_test(a_test_may_skip_itself),
        cmocka_unit_test(unique_names_carry_the_run_and_the_test),
        cmocka_unit_test(transformers_of_the_run_are_kept_in_the_case_format),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
