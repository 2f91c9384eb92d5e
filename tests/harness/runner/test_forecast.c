/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/forecast.h"
#include "scratch.h"

enum { COUNT = 10 };
static char ids[COUNT][32], suite_path[] = "x/test_x.c";
static struct parity_case tests[COUNT];
static const struct parity_case *cases[COUNT];

static int make_cases(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        snprintf(ids[i], sizeof ids[i], "x/test_x.c::t%d", i);
        tests[i] = (struct parity_case){.id = ids[i], .suite_path = suite_path};
        cases[i] = &tests[i];
    }
    return scratch_enter(state);
}

/* A forecast of the first `count` tests in the scratch folder, begun at the moment 100. */
static struct parity_forecast *begin(size_t count, size_t workers, size_t repeat)
{
    const struct parity_forecast_options options = {
        .cases = cases, .count = count, .repeat = repeat, .project = ".", .snapshots = "snapshots"};
    struct parity_forecast *forecast = parity_forecast_new(&options);

    assert_non_null(forecast);
    parity_forecast_start(forecast, workers, 100);
    return forecast;
}

/* What stands in .parity/last-run.jsonl: so many seconds for each test from the first on. */
static void ran_last(const double *seconds, size_t count)
{
    char text[1024] = "";

    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "{\"id\": \"%s\", \"duration_seconds\": %g}\n", ids[i], seconds[i]);
    scratch_write(".parity/last-run.jsonl", text);
}

static void assert_left(struct parity_forecast *forecast, double now_s, double expected)
{
    assert_float_equal((float)parity_forecast_left_s(forecast, now_s), (float)expected, 0.001F);
}

static void where_nothing_is_known_it_is_the_pace(void **state)
{
    struct parity_forecast *forecast = begin(10, 2, 0);

    (void)state;
    assert_left(forecast, 130, 0);
    parity_forecast_end(forecast, cases[0], 10);
    parity_forecast_end(forecast, cases[1], 10);
    assert_left(forecast, 130, 0);
    parity_forecast_end(forecast, cases[2], 10);
    parity_forecast_end(forecast, cases[3], 10);
    assert_left(forecast, 100.5, 0);
    assert_left(forecast, 130, 45);
    for (int i = 4; i < 10; i++)
        parity_forecast_end(forecast, cases[i], 10);
    assert_left(forecast, 190, 0);
    parity_forecast_free(forecast);
}

static void what_ran_last_is_known_from_the_beginning(void **state)
{
    const double seconds[] = {60, 1, 2, 3};
    struct parity_forecast *forecast;

    (void)state;
    ran_last(seconds, 4);
    forecast = begin(4, 1, 0);
    assert_left(forecast, 100, 66);
    parity_forecast_begin(forecast, cases[1], 100);
    assert_left(forecast, 100.5, 65.5);
    parity_forecast_end(forecast, cases[1], 1);
    parity_forecast_begin(forecast, cases[0], 101);
    /* It takes longer than it did; the others do not take less for that. */
    assert_left(forecast, 200, 5);
    parity_forecast_free(forecast);
}

static void workers_share_it_but_no_test(void **state)
{
    const double seconds[] = {60, 10, 10, 10};
    struct parity_forecast *forecast;

    (void)state;
    ran_last(seconds, 4);
    forecast = begin(4, 3, 2);
    assert_left(forecast, 100, 60);
    parity_forecast_begin(forecast, cases[0], 100);
    assert_left(forecast, 130, 50);
    assert_left(forecast, 150, 130.0 / 3);
    parity_forecast_free(forecast);
    forecast = begin(4, 8, 0);
    parity_forecast_begin(forecast, cases[0], 100);
    assert_left(forecast, 110, 50);
    parity_forecast_free(forecast);
}

static void tests_that_have_ended_tell_how_far_recordings_hold(void **state)
{
    struct parity_forecast *forecast;

    (void)state;
    scratch_write("snapshots/x/test_x.validation.json",
                  "{\"x/test_x.c::t0\": {\"durations_in_seconds\": {\"total\": 100}},"
                  " \"x/test_x.c::t1\": {\"durations_in_seconds\": {\"total\": 40}},"
                  " \"x/test_x.c::t2\": {\"durations_in_seconds\": {\"total\": 20}}}");
    forecast = begin(3, 1, 0);
    assert_left(forecast, 100, 0); /* AWS's time need not be an emulator's */
    parity_forecast_end(forecast, cases[1], 0.4);
    assert_left(forecast, 100.4, 1.2);
    parity_forecast_free(forecast);
}

static void the_unknown_take_as_long_as_the_others(void **state)
{
    const double seconds[] = {4, 4, 4, 8};
    struct parity_forecast *forecast;

    (void)state;
    ran_last(seconds, 4);
    forecast = begin(6, 1, 0);
    assert_left(forecast, 110, 0);
    for (int i = 0; i < 3; i++)
        parity_forecast_end(forecast, cases[i], 2);
    assert_left(forecast, 106, 4 + 2 + 2);
    parity_forecast_free(forecast);
}

static void files_that_cannot_be_read_tell_nothing(void **state)
{
    struct parity_forecast *forecast;

    (void)state;
    scratch_write(".parity/last-run.jsonl", "{");
    scratch_write("snapshots/x/test_x.validation.json", "[");
    forecast = begin(4, 1, 0);
    for (int i = 0; i < 3; i++)
        parity_forecast_end(forecast, cases[i], 1);
    assert_left(forecast, 103, 1);
    parity_forecast_free(forecast);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(where_nothing_is_known_it_is_the_pace, make_cases,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(what_ran_last_is_known_from_the_beginning, make_cases,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(workers_share_it_but_no_test, make_cases, scratch_leave),
        cmocka_unit_test_setup_teardown(tests_that_have_ended_tell_how_far_recordings_hold,
                                        make_cases, scratch_leave),
        cmocka_unit_test_setup_teardown(the_unknown_take_as_long_as_the_others, make_cases,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(files_that_cannot_be_read_tell_nothing, make_cases,
                                        scratch_leave),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("forecast", all, NULL, NULL);
}
