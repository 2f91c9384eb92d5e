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
#include "runner/judge.h"
#include "runner/reporters/reporter.h"
#include "runner/test.h"

/* A test and its report when memory runs out at any point: an error, never a crash, and never a
 * verdict about what was not seen. */

static char suite_path[] = "x/test_x.c", id[] = "x/test_x.c::it";

static int answer(void *data, const char *service, const char *operation, const json_t *input,
                  const struct parity_call_options *options, json_t **out,
                  struct parity_call_record *record, struct parity_error *err)
{
    (void)data, (void)service, (void)operation, (void)input, (void)options;
    record->status_code = 200;
    record->request_id = parity_strdup("request-1");
    *out = record->request_id ? json_pack("{s:s, s:[s,s], s:{s:i}}", "Url", "u-1", "List", "a", "b",
                                          "ResponseMetadata", "HTTPStatusCode", 200)
                              : NULL;
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

static void ignore(void *data, const json_t *event)
{
    (void)data, (void)event;
}

static void ignore_call(void *data, const struct parity_buffer *event)
{
    (void)data;
    (void)event;
}

/* Each fixture that is asked for is yet to be set up. */
static json_t *let_set_up(void *data, const json_t *question)
{
    (void)data, (void)question;
    return json_pack("{s:b}", "set_up", 1);
}

static json_t *make_thing(struct parity_test *t)
{
    json_t *made = parity_test_call(t, "x", "Create", "{'Name': 'shared'}");

    parity_test_on_cleanup(t, NULL, "x", "Delete", "{'Name': 'shared'}");
    return made;
}

static const struct parity_fixture shared = {
    .name = "shared", .set_up = make_thing, .file = "x.h", .scope = PARITY_SCOPE_RUN};
static const struct parity_fixture own = {.name = "own", .set_up = make_thing, .file = "x.h"};

static void body(struct parity_test *t, const void *data)
{
    const struct parity_transformation url = {.type = "key_value", .key = "Url"};
    const char *name = parity_test_unique_name(t, "thing");
    json_t *made;

    (void)data;
    parity_test_transform(t, &url);
    parity_test_fixture(t, &own);
    parity_test_expect_equal(t, parity_test_get(t, parity_test_fixture(t, &shared), "$.List"),
                             "['a', 'b']");
    parity_test_attach_json(t, "name", parity_test_json(t, "%s", name));
    made = parity_test_call(t, "x", "Create", "{'Name': %s, 'List': [1, 2]}", name);
    parity_test_on_cleanup(t, NULL, "x", "Delete", "{'Name': %s}", name);
    parity_test_match(t, "made", made);
    parity_test_match(t, "again", parity_test_call(t, "x", "Get", "{'Name': %s}", name));
    parity_test_match_select(t, "list", made, "$.List");
}

static const struct parity_test_definition definition = {.name = "it", .run = body, .line = 1};
static const struct parity_case test_case = {
    .id = id, .suite_path = suite_path, .definition = &definition};
static const struct parity_test_environment environment = {
    .target = {.emulator = "fake"},
    .partition = "aws",
    .run_id = "0123abcd",
    .primary = {.account_id = "111122223333", .region = "eu-west-1"},
    .call = answer,
    .tell = ignore,
    .tell_call = ignore_call,
    .ask = let_set_up,
};

static json_t *expected; /* what is recorded when there is memory enough */

/* Runs, judges and cleans up. @return whether the verdict is "passed"; `recorded` new or NULL */
static bool run(json_t **recorded)
{
    const struct parity_judge_options options = {.update = true, .raw = true};
    struct parity_judgement judgement = {0};
    struct parity_test t;
    bool passed = false;

    *recorded = NULL;
    if (parity_test_init(&t, &test_case, &environment, 5, NULL) == 0) {
        parity_test_run_body(&t);
        parity_judge(&t, &options, &judgement);
        parity_test_run_cleanups(&t);
        passed = t.outcome == PARITY_PASSED;
        *recorded = json_incref(judgement.transformed);
    }
    parity_judgement_clear(&judgement);
    parity_test_clear(&t);
    return passed;
}

static int set_up(void **state)
{
    (void)state;
    return run(&expected) && json_object_size(expected) == 3 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(expected);
    return 0;
}

/* @return whether the run passed with allocation `n` failing */
static bool check_run(unsigned long n, int from_then_on)
{
    json_t *recorded;
    bool passed;

    parity_memory_fail_at(n, from_then_on);
    passed = run(&recorded);
    parity_memory_fail_at(0, 0);
    if (recorded && !parity_json_equal(recorded, expected))
        fail_msg("allocation %lu: something else would be recorded", n);
    if (passed && !recorded)
        fail_msg("allocation %lu: passed, and nothing would be recorded", n);
    json_decref(recorded);
    return passed;
}

static unsigned long allocations; /* of a run that passes */

static void no_memory_from_some_point_on_is_an_error(void **state)
{
    (void)state;
    while (!check_run(++allocations, 1))
        assert_true(allocations < 20000);
    assert_true(allocations > 100);
}

static void one_failing_allocation_is_an_error_or_changes_nothing(void **state)
{
    (void)state;
    for (unsigned long n = 1; n < allocations; n++)
        check_run(n, 0);
}

/* --- reports -----------------------------------------------------------------------------------
 */

static void fill(struct parity_result *result)
{
    static const char differences[] =
        "[{\"key\": \"made\", \"path\": [\"List\", 0], \"kind\": \"changed\", \"recorded\": \"a\","
        " \"observed\": \"b\"}]";

    memset(result, 0, sizeof *result);
    result->test_case = &test_case;
    result->outcome = PARITY_FAILED;
    parity_result_say(result, "1 difference");
    parity_json_parse(differences, strlen(differences), "test", &result->differences, NULL);
    result->calls =
        json_pack("[{s:s, s:s, s:i}]", "service", "x", "operation", "Get", "status_code", 200);
    result->suggested_skips = json_pack("{s:[s], s:i}", "paths", "$.made.List", "left", 0);
    result->attachments = json_pack("[{s:s, s:s}]", "name", "note", "text", "text");
    result->cleanup_failures = json_pack("[{s:s, s:s}]", "call", "x Delete", "message", "no");
}

/* Results as an event left them that itself ran out of memory. */
static void report(struct parity_reporter *reporter)
{
    const struct parity_run_info info = {.mode = "verify", .region = "eu-west-1", .selected = 1};
    const struct parity_summary summary = {.selected = 1, .counts[PARITY_FAILED] = 1};
    struct parity_error err = {0};
    struct parity_result result;

    fill(&result);
    if (reporter->start)
        reporter->start(reporter, &info);
    if (reporter->test_started)
        reporter->test_started(reporter, &test_case);
    if (reporter->test_done)
        reporter->test_done(reporter, &result);
    if (reporter->finish(reporter, &summary, &err) < 0)
        assert_int_not_equal(err.code, PARITY_OK);
    parity_result_clear(&result);
}

static void reports_survive_without_memory(void **state)
{
    FILE *nowhere = fopen("/dev/null", "w");
    const struct parity_terminal_options terminal = {.out = nowhere, .verbosity = 1};

    (void)state;
    assert_non_null(nowhere);
    for (unsigned long n = 1; n < 1000; n++) {
        struct parity_reporter *reporter;

        for (int kind = 0; kind < 3; kind++) {
            parity_memory_fail_at(n, n & 1);
            reporter = kind == 0   ? parity_results_reporter_new("/dev/null", NULL)
                       : kind == 1 ? parity_suggestions_reporter_new(nowhere, NULL)
                                   : parity_terminal_reporter_new(&terminal);
            if (reporter) {
                report(reporter);
                reporter->free(reporter);
            }
            parity_memory_fail_at(0, 0);
        }
    }
    fclose(nowhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_from_some_point_on_is_an_error),
        cmocka_unit_test(one_failing_allocation_is_an_error_or_changes_nothing),
        cmocka_unit_test(reports_survive_without_memory),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
