/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"

static const struct parity_test_definition definition = {.name = "fifo"};
static char send_path[] = "sqs/test_send.c", send_id[] = "sqs/test_send.c::fifo";
static char old_key[] = "tests/aws/test_sqs.py::test_fifo";
static char topic_path[] = "sns/test_topic.c", topic_id[] = "sns/test_topic.c::fifo";
static char scenario_path[] = "kms/keys.yaml", scenario_id[] = "kms/rotates";
static char scenario_source[] = "/p/suites/kms/keys.yaml";
static const struct parity_case cases[] = {
    {.id = send_id, .suite_path = send_path, .definition = &definition, .recorded_as = old_key},
    {.id = topic_id, .suite_path = topic_path, .definition = &definition},
    {.id = scenario_id,
     .suite_path = scenario_path,
     .source = scenario_source,
     .definition = &definition},
};
enum { SEND = 1, TOPIC = 2, SCENARIO = 4, ALL = 7 };

static const char *const trees[] = {"/truth", "/p/snapshots", NULL};
static const struct parity_changes_layout layout = {
    .folder = "/p", .suites = "/p/suites", .trees = trees};

/* Which of the tests a change concerns: a bit for each. */
static int concerned(const char *name)
{
    char *path = parity_strdup(name);
    const struct parity_changes changes = {.paths = &path, .count = 1};
    const struct parity_case *kept[] = {&cases[0], &cases[1], &cases[2]};
    const char *all;
    size_t count = 3;
    int bits = 0;

    assert_int_equal(parity_changes_select(&changes, &layout, kept, &count, &all, NULL), 0);
    for (size_t i = 0; i < count; i++)
        bits |= 1 << (kept[i] - cases);
    assert_true(!all || bits == ALL);
    parity_free(path);
    return bits;
}

static void a_suite_concerns_its_tests(void **state)
{
    (void)state;
    assert_int_equal(concerned("/p/suites/sqs/test_send.c"), SEND);
    assert_int_equal(concerned("/p/suites/sqs/test_send.transformers.json"), SEND);
    assert_int_equal(concerned("/p/suites/kms/keys.yaml"), SCENARIO);
    assert_int_equal(concerned("/p/suites/sqs/test_new.c"), 0);
    assert_int_equal(concerned("/p/suites/sqs/test_sender.c"), 0);
}

static void what_is_recorded_concerns_its_tests(void **state)
{
    (void)state;
    assert_int_equal(concerned("/p/snapshots/sqs/test_send.snapshot.json"), SEND);
    assert_int_equal(concerned("/p/snapshots/sqs/test_send.validation.json"), SEND);
    assert_int_equal(concerned("/p/snapshots/kms.snapshot.json"), SCENARIO);
    assert_int_equal(concerned("/truth/tests/aws/test_sqs.snapshot.json"), SEND);
    assert_int_equal(concerned("/p/snapshots/sqs/test_gone.snapshot.json"), 0);
}

static void what_stands_beside_suites_concerns_their_folder(void **state)
{
    (void)state;
    assert_int_equal(concerned("/p/suites/sqs/queue.h"), SEND);
    assert_int_equal(concerned("/p/suites/common.h"), ALL);
    assert_int_equal(concerned("/p/suites/iam/policy.txt"), 0);
}

static void documentation_concerns_nothing(void **state)
{
    (void)state;
    assert_int_equal(concerned("/p/README.md"), 0);
    assert_int_equal(concerned("/p/docs/picture.svg"), 0);
    assert_int_equal(concerned("/p/LICENSE"), 0);
    assert_int_equal(concerned("/p/suites/sqs/README.md"), 0);
}

static void anything_else_concerns_everything(void **state)
{
    (void)state;
    assert_int_equal(concerned("/p/parity.json"), ALL);
    assert_int_equal(concerned("/p/docs.c"), ALL);
    assert_int_equal(concerned("/elsewhere/CMakeLists.txt"), ALL);
}

static void running_out_of_memory_is_an_error(void **state)
{
    char path_text[] = "/p/snapshots/sqs/test_send.snapshot.json", *path = path_text;
    const struct parity_changes changes = {.paths = &path, .count = 1};
    const struct parity_case *kept[] = {&cases[0]};
    const char *all;
    size_t count = 1;
    struct parity_error err = {0};

    (void)state;
    parity_memory_fail_at(1, 1);
    assert_int_equal(parity_changes_select(&changes, &layout, kept, &count, &all, &err), -1);
    parity_memory_fail_at(0, 0);
    assert_int_equal(err.code, PARITY_E_NOMEM);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_concerns_its_tests),
        cmocka_unit_test(what_is_recorded_concerns_its_tests),
        cmocka_unit_test(what_stands_beside_suites_concerns_their_folder),
        cmocka_unit_test(documentation_concerns_nothing),
        cmocka_unit_test(anything_else_concerns_everything),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
