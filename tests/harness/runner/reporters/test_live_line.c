/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "runner/reporters/live_line.h"

static void assert_line(const struct parity_progress *progress, size_t width, const char *expected)
{
    struct parity_buffer line = {0};

    parity_live_line(&line, progress, width);
    assert_false(line.failed);
    assert_string_equal(line.data, expected);
    assert_true(parity_utf8_count(line.data, line.length) <= width);
    parity_buffer_clear(&line);
}

static const struct parity_progress some = {
    .done = 12,
    .selected = 340,
    .counts = {[PARITY_PASSED] = 9, [PARITY_FAILED] = 2, [PARITY_SKIPPED] = 1},
    .elapsed_s = 4,
    .left_s = 109.3,
    .running = "sqs/test_send.c::fifo",
};

static void counts_times_and_the_test_are_shown(void **state)
{
    (void)state;
    assert_line(&some, 120,
                "12/340  2 failed  9 passed  1 skipped  4 s  1 min 49 s left  "
                "sqs/test_send.c::fifo");
}

static void what_is_bad_outlasts_the_rest_on_a_narrow_terminal(void **state)
{
    (void)state;
    assert_line(&some, 79,
                "12/340  2 failed  9 passed  1 skipped  4 s  1 min 49 s left  sqs/test_send.c::f");
    assert_line(&some, 70, "12/340  2 failed  9 passed  1 skipped  4 s  1 min 49 s left");
    assert_line(&some, 40, "12/340  2 failed  9 passed  1 skipped");
    assert_line(&some, 20, "12/340  2 failed");
    assert_line(&some, 7, "12/340");
    assert_line(&some, 3, "12/");
}

static void times_are_spelt_as_they_are_said(void **state)
{
    struct parity_progress progress = {.selected = 10, .running = ""};

    (void)state;
    assert_line(&progress, 80, "0/10  0 s");
    progress.done = progress.counts[PARITY_PASSED] = 4;
    progress.elapsed_s = 30;
    progress.left_s = 45;
    assert_line(&progress, 80, "4/10  4 passed  30 s  45 s left");
    progress.elapsed_s = 7200;
    progress.left_s = 10800;
    assert_line(&progress, 80, "4/10  4 passed  2 h 0 min  3 h 0 min left");
    progress.elapsed_s = 5;
    progress.left_s = 0.6;
    assert_line(&progress, 80, "4/10  4 passed  5 s");
}

static void a_name_is_cut_between_characters(void **state)
{
    const struct parity_progress progress = {
        .selected = 1,
        .running = "\xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t\xc3\xa9"};

    (void)state;
    assert_line(&progress, 22,
                "0/1  0 s  \xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t\xc3\xa9\xc3\xa9t");
    assert_int_equal(parity_live_line_fit("a\xff\xc3\xa9", 2), 2);
    assert_int_equal(parity_live_line_fit("a\xff\xc3\xa9", 3), 4);
    assert_int_equal(parity_live_line_fit("ab", 9), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_times_and_the_test_are_shown),
        cmocka_unit_test(what_is_bad_outlasts_the_rest_on_a_narrow_terminal),
        cmocka_unit_test(times_are_spelt_as_they_are_said),
        cmocka_unit_test(a_name_is_cut_between_characters),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("live_line", tests, NULL, NULL);
}
