/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/test.h"

/* What a worker asks and tells the runner about fixtures, and what a test gets. The runner's side
 * is in tests/e2e/test_run_fixtures.py. */

static json_t *told;      /* array: events */
static json_t *to_answer; /* what the runner answers; NULL: nobody is there */

static void listen(void *data, const json_t *event)
{
    (void)data;
    json_array_append_new(told, json_deep_copy(event));
}

static json_t *answer(void *data, const json_t *question)
{
    listen(data, question);
    return json_incref(to_answer);
}

static int call(void *data, const char *service, const char *operation, const json_t *input,
                const struct parity_call_options *options, json_t **out,
                struct parity_call_record *record, struct parity_error *err)
{
    (void)data, (void)service, (void)operation, (void)input, (void)options, (void)record, (void)err;
    *out = json_object();
    return 0;
}

static char suite_path[] = "x/test_x.c", id[] = "x/test_x.c::it";

/* Runs a body. The caller clears the test, `told` and `to_answer`, which it steals. */
static void run(struct parity_test *t, void (*body)(struct parity_test *t, const void *data),
                json_t *answered)
{
    static struct parity_test_definition definition;
    static struct parity_case test_case;
    static struct parity_test_environment environment;

    definition = (struct parity_test_definition){
        .name = "it", .run = body, .file = "/src/x/test_x.c", .line = 1};
    test_case = (struct parity_case){.id = id, .suite_path = suite_path, .definition = &definition};
    environment = (struct parity_test_environment){
        .run_id = "0123abcd", .call = call, .tell = listen, .ask = answered ? answer : NULL};
    told = json_array();
    to_answer = answered;
    assert_int_equal(parity_test_init(t, &test_case, &environment, 5, NULL), 0);
    parity_test_run_body(t);
}

static void clear(struct parity_test *t)
{
    parity_test_clear(t);
    json_decref(told);
    json_decref(to_answer);
}

/* The only event of that name. */
static const json_t *event(const char *name)
{
    const json_t *item, *found = NULL;
    size_t i;

    json_array_foreach(told, i, item) {
        if (strcmp(json_string_value(json_object_get(item, "event")), name) != 0)
            continue;
        if (found)
            fail_msg("more than one '%s'", name);
        found = item;
    }
    assert_non_null(found);
    return found;
}

static const char *text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* --- fixtures ----------------------------------------------------------------------------------
 */

static int set_ups;

static json_t *make(struct parity_test *t)
{
    set_ups++;
    parity_test_on_cleanup(t, NULL, "x", "Delete", "{}");
    return parity_test_json(t, "{'number': %d}", set_ups);
}

static json_t *give_up(struct parity_test *t)
{
    parity_test_at(t, "/src/x/shared.h", 7);
    parity_test_fail(t, "there is none");
}

static const struct parity_fixture of_suite = {
    .name = "thing", .set_up = make, .file = "/src/x/test_x.c", .scope = PARITY_SCOPE_SUITE};
static const struct parity_fixture broken = {.name = "broken",
                                             .set_up = give_up,
                                             .file = "/src/x/shared.h",
                                             .scope = PARITY_SCOPE_RUN,
                                             .timeout_s = 9};

static void asks_twice(struct parity_test *t, const void *data)
{
    (void)data;
    assert_ptr_equal(parity_test_fixture(t, &of_suite), parity_test_fixture(t, &of_suite));
    parity_test_expect_number(
        t, parity_test_number(t, parity_test_fixture(t, &of_suite), "$.number"), 1);
}

static void asks_for_what_is_broken(struct parity_test *t, const void *data)
{
    (void)data;
    parity_test_expect_number(parity_test_at(t, "/src/x/test_x.c", 3), 1, 2);
    parity_test_fixture(t, &broken);
    fail_msg("it went on");
}

static void the_first_test_sets_it_up_and_hands_its_cleanups_to_the_runner(void **state)
{
    struct parity_test t;

    (void)state;
    set_ups = 0;
    run(&t, asks_twice, json_pack("{s:b}", "set_up", 1));
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_int_equal(set_ups, 1);
    assert_string_equal(text(event("fixture"), "key"), "x/test_x.c::thing");
    assert_string_equal(text(event("fixture"), "suite"), "x/test_x.c");
    assert_string_equal(text(event("cleanup"), "fixture"), "x/test_x.c::thing");
    assert_int_equal(json_array_size(t.cleanups), 0);
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(event("fixture_done"), "value"), "number")),
                     1);
    clear(&t);
}

static void others_get_its_value(void **state)
{
    struct parity_test t;

    (void)state;
    set_ups = 0;
    run(&t, asks_twice, json_pack("{s:{s:i}}", "value", "number", 1));
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_int_equal(set_ups, 0);
    assert_int_equal(json_array_size(told), 1);
    clear(&t);
}

static void where_no_runner_is_each_test_has_its_own(void **state)
{
    struct parity_test t;

    (void)state;
    set_ups = 0;
    run(&t, asks_twice, NULL);
    assert_int_equal(t.outcome, PARITY_PASSED);
    assert_int_equal(set_ups, 1);
    assert_int_equal(json_array_size(t.cleanups), 1);
    clear(&t);
}

static void one_that_fails_is_told_without_what_was_said_before_it(void **state)
{
    struct parity_test t;

    (void)state;
    run(&t, asks_for_what_is_broken, json_pack("{s:b}", "set_up", 1));
    assert_int_equal(t.outcome, PARITY_ERROR);
    assert_string_equal(t.message.data, "x/test_x.c:3: expected 2, found 1\n"
                                        "fixture 'broken': there is none");
    assert_string_equal(t.location, "x/shared.h:7");
    assert_string_equal(text(event("fixture"), "key"), "/src/x/shared.h::broken");
    assert_null(text(event("fixture"), "suite"));
    assert_string_equal(text(event("fixture_done"), "error"), "fixture 'broken': there is none");
    assert_string_equal(text(event("fixture_done"), "outcome"), "error");
    assert_string_equal(text(event("fixture_done"), "location"), "x/shared.h:7");
    clear(&t);
}

static void one_that_failed_elsewhere_ends_the_test_with_its_reason(void **state)
{
    struct parity_test t;

    (void)state;
    run(&t, asks_for_what_is_broken,
        json_pack("{s:s, s:s, s:s, s:b}", "error", "fixture 'broken': no", "outcome", "error",
                  "location", "x/shared.h:7", "environmental", 1));
    assert_int_equal(t.outcome, PARITY_ERROR);
    assert_true(t.environmental);
    assert_non_null(strstr(t.message.data, "\nfixture 'broken': no"));
    assert_string_equal(t.location, "x/shared.h:7");
    clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_test_sets_it_up_and_hands_its_cleanups_to_the_runner),
        cmocka_unit_test(others_get_its_value),
        cmocka_unit_test(where_no_runner_is_each_test_has_its_own),
        cmocka_unit_test(one_that_fails_is_told_without_what_was_said_before_it),
        cmocka_unit_test(one_that_failed_elsewhere_ends_the_test_with_its_reason),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
