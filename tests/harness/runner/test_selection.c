/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

static const struct parity_test_definition fifo = {.name = "fifo"}, plain = {.name = "plain"};
static char send_path[] = "sqs/test_send.c", send_id[] = "sqs/test_send.c::fifo";
static char plain_id[] = "sqs/test_send.c::plain";
static char topic_path[] = "sns/test_topic.c", topic_id[] = "sns/test_topic.c::fifo";
static const struct parity_case cases[] = {
    {.id = send_id, .suite_path = send_path, .definition = &fifo},
    {.id = plain_id, .suite_path = send_path, .definition = &plain},
    {.id = topic_id, .suite_path = topic_path, .definition = &fifo},
};

/* Which of the three cases one operand selects: a bit for each. */
static int selected_by(const char *operand)
{
    struct parity_selection selection;
    struct parity_error err = {0};
    int bits = 0;

    assert_int_equal(
        parity_selection_make(&operand, operand ? 1 : 0, "/project/suites", &selection, &err), 0);
    for (int i = 0; i < 3; i++) {
        bool taken = parity_selection_takes(&selection, &cases[i]);

        bits |= taken << i;
        if (taken)
            assert_true(parity_selection_needs(&selection, cases[i].suite_path));
    }
    if (operand)
        assert_int_equal(parity_selection_unfound(&selection) == NULL, bits != 0);
    parity_selection_clear(&selection);
    return bits;
}

static void without_operands_everything_is_selected(void **state)
{
    (void)state;
    assert_int_equal(selected_by(NULL), 7);
}

static void a_folder_selects_what_is_below_it(void **state)
{
    (void)state;
    assert_int_equal(selected_by("sqs"), 3);
    assert_int_equal(selected_by("sqs/"), 3);
    assert_int_equal(selected_by("sns"), 4);
    assert_int_equal(selected_by("sq"), 0);
}

static void a_folder_around_all_suites_selects_everything(void **state)
{
    (void)state;
    assert_int_equal(selected_by("/project"), 7);
    assert_int_equal(selected_by("/project/suites/.."), 7);
    assert_int_equal(selected_by("/"), 7);
    assert_int_equal(selected_by("/project/sui"), 0);
    assert_int_equal(selected_by("/other"), 0);
    assert_int_equal(selected_by("/project::fifo"), 5);
}

static void a_suite_selects_its_tests(void **state)
{
    (void)state;
    assert_int_equal(selected_by("sqs/test_send.c"), 3);
    assert_int_equal(selected_by("sqs/test_send"), 0);
}

static void an_id_selects_one_test(void **state)
{
    (void)state;
    assert_int_equal(selected_by("sqs/test_send.c::fifo"), 1);
    assert_int_equal(selected_by("sqs/test_send.c::plain"), 2);
    assert_int_equal(selected_by("sqs/test_send.c::fif"), 0);
    assert_int_equal(selected_by("sqs/test_send.c::"), 0);
}

static void a_path_of_the_file_system_is_taken_as_one_below_suites(void **state)
{
    (void)state;
    assert_int_equal(selected_by("/project/suites"), 7);
    assert_int_equal(selected_by("/project/suites/sqs/"), 3);
    assert_int_equal(selected_by("/project/suites/sqs/test_send.c::fifo"), 1);
    assert_int_equal(selected_by("/project/docs/../suites/./sns"), 4);
    assert_int_equal(selected_by("/project/suitesque/sqs"), 0);
}

static void several_operands_add_up_and_each_must_find_something(void **state)
{
    const char *operands[] = {"sns", "sqs/test_send.c::plain", "kms"};
    struct parity_selection selection;

    (void)state;
    assert_int_equal(parity_selection_make(operands, 3, "/project/suites", &selection, NULL), 0);
    assert_false(parity_selection_takes(&selection, &cases[0]));
    assert_true(parity_selection_takes(&selection, &cases[1]));
    assert_true(parity_selection_takes(&selection, &cases[2]));
    assert_string_equal(parity_selection_unfound(&selection), "kms");
    parity_selection_clear(&selection);
}

static void running_out_of_memory_is_an_error(void **state)
{
    const char *operands[] = {"sns", "/project/suites/sqs::x"};
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_selection selection;
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        rc = parity_selection_make(operands, 2, "/project/suites", &selection, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_selection_clear(&selection);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_operands_everything_is_selected),
        cmocka_unit_test(a_folder_selects_what_is_below_it),
        cmocka_unit_test(a_folder_around_all_suites_selects_everything),
        cmocka_unit_test(a_suite_selects_its_tests),
        cmocka_unit_test(an_id_selects_one_test),
        cmocka_unit_test(a_path_of_the_file_system_is_taken_as_one_below_suites),
        cmocka_unit_test(several_operands_add_up_and_each_must_find_something),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
