/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/last_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/memory.h"
#include "runner/reporters/reporter.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_enter, scratch_leave)

#define LINE(id_) "{\"id\": \"" id_ "\", \"outcome\": \"failed\", \"duration_seconds\": 1.5}\n"

static struct parity_test_definition definition = {.name = "t"};
static char id_now[] = "a/test_a.c::now", id_other[] = "a/test_a.c::other",
            id_foreign[] = "a/test_a.c::\xc3\xa9", path[] = "a/test_a.c";
static struct parity_case cases[] = {
    {.id = id_now, .suite_path = path, .definition = &definition},
    {.id = id_other, .suite_path = path, .definition = &definition},
    {.id = id_foreign, .suite_path = path, .definition = &definition},
};

/* What a run leaves of the lines before in which one test has passed. */
static void assert_left(const char *before, const struct parity_registry *known,
                        struct parity_case *test, const char *expected)
{
    const struct parity_result passed = {.test_case = test, .outcome = PARITY_PASSED};
    const struct parity_summary summary = {.selected = 1};
    struct parity_error err = {0};
    struct parity_reporter *reporter;

    scratch_write("last", before);
    reporter = parity_last_run_reporter_new("last", known, &err);
    assert_non_null(reporter);
    reporter->test_done(reporter, &passed);
    assert_int_equal(reporter->finish(reporter, &summary, &err), 0);
    reporter->free(reporter);
    scratch_assert_file("last", expected);
}

#define NOW(id_)                                                                                   \
    "{\"id\": \"" id_                                                                              \
    "\", \"outcome\": \"passed\", \"duration_seconds\": 0.0, \"operations\": []}\n"

static void what_ran_now_takes_the_place_of_its_line(void **state)
{
    (void)state;
    assert_left(LINE("a/test_a.c::now") LINE("a/test_a.c::other"), NULL, &cases[0],
                LINE("a/test_a.c::other") NOW("a/test_a.c::now"));
    assert_left(LINE("a/test_a.c::\\u00e9") LINE("a/test_a.c::other"), NULL, &cases[2],
                LINE("a/test_a.c::other") NOW("a/test_a.c::\\u00e9"));
}

static void other_lines_stay_as_they_are(void **state)
{
    static const char others[] =
        LINE("a/test_a.c::\\u00e9") "{\"outcome\": \"passed\", \"id\": \"a/test_a.c::other\"}\n"
                                    "{\"id\": \"a/test_a.c::other[\\\"x\\\"]\"}\n";
    char expected[sizeof others + 200];

    (void)state;
    snprintf(expected, sizeof expected, "%s%s", others, NOW("a/test_a.c::now"));
    assert_left(others, NULL, &cases[0], expected);
}

static void lines_that_nobody_can_read_are_dropped(void **state)
{
    (void)state;
    assert_left(
        "{\"id\": \"a/test_a.c::other\", \"outcome\"\n" /* cut off */
        "not a line\n"
        "\n"
        "{\"outcome\": \"passed\"}\n" LINE("a/test_a.c::other") "{\"id\": \"the end is lost",
        NULL, &cases[0], LINE("a/test_a.c::other") NOW("a/test_a.c::now"));
}

static void tests_that_are_gone_are_dropped_where_all_are_known(void **state)
{
    const struct parity_registry known = {.cases = cases, .count = 3};

    (void)state;
    assert_left(LINE("a/test_a.c::gone") LINE("a/test_a.c::other") LINE("a/test_a.c::\\u00e9"),
                &known, &cases[0],
                LINE("a/test_a.c::other") LINE("a/test_a.c::\\u00e9") NOW("a/test_a.c::now"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_ran_now_takes_the_place_of_its_line),
        TEST(other_lines_stay_as_they_are),
        TEST(lines_that_nobody_can_read_are_dropped),
        TEST(tests_that_are_gone_are_dropped_where_all_are_known),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("last_run reporter", tests, NULL, NULL);
}
