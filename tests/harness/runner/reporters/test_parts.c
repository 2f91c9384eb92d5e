/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/reporters/parts.h"

/* Ids in another order than the numbers: "t9" comes after "t10". */
enum { TESTS = 12 };
static char ids[TESTS][8];
static struct parity_case cases[TESTS];

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < TESTS; i++) {
        snprintf(ids[i], sizeof ids[i], "t%zu", i);
        cases[i] = (struct parity_case){.id = ids[i], .number = i};
    }
    return 0;
}

static int add(struct parity_parts *parts, const struct parity_case *test, unsigned run,
               struct parity_error *err)
{
    const struct parity_result result = {
        .test_case = test, .outcome = PARITY_FAILED, .duration_s = run};
    struct parity_buffer text = {0};
    char said[32];

    /* What is said takes no memory here, so that all that is taken is the parts'. */
    text.length = (size_t)snprintf(said, sizeof said, "%s %u", test->id, run);
    text.data = said;
    return parity_parts_add(parts, &result, &text, err);
}

/* The texts of all parts, each followed by a comma. */
static void assert_order(struct parity_parts *parts, const char *expected)
{
    struct parity_buffer all = {0};
    struct parity_error err = {0};
    struct parity_part part = {0};
    char text[32];

    while (parity_parts_next(parts, &part, &err)) {
        assert_true(part.head.length < sizeof text);
        assert_int_equal(parity_spool_read(&parts->spool, part.text, text, part.head.length, &err),
                         0);
        parity_buffer_add(&all, text, part.head.length);
        parity_buffer_add_char(&all, ',');
    }
    assert_int_equal(err.code, PARITY_OK);
    assert_null(part.test);
    assert_string_equal(all.data ? all.data : "", expected);
    parity_buffer_clear(&all);
}

static void tests_come_by_their_ids_and_their_parts_as_they_were_added(void **state)
{
    static const size_t order[] = {9, 10, 9, 1, 10, 9};
    struct parity_parts parts = {0};

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(add(&parts, &cases[order[i]], i, NULL), 0);
    parity_parts_sort(&parts, NULL);
    assert_int_equal(parts.count, 6);
    assert_order(&parts, "t1 3,t10 1,t10 4,t9 0,t9 2,t9 5,");
    assert_ptr_equal(parity_parts_find(&parts, "t10")->test, &cases[10]);
    assert_null(parity_parts_find(&parts, "t2"));
    parity_parts_clear(&parts);
}

static void tests_of_the_same_id_come_as_they_were_added(void **state)
{
    struct parity_parts parts = {0};

    (void)state;
    for (size_t i = 0; i < TESTS; i++)
        cases[i].id = ids[0];
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    for (unsigned i = TESTS; i-- > 0;)
        assert_int_equal(add(&parts, &cases[i], i, NULL), 0);
    parity_parts_sort(&parts, NULL);
    assert_order(&parts, "t0 11,t0 10,t0 9,t0 8,t0 7,t0 6,t0 5,t0 4,t0 3,t0 2,t0 1,t0 0,");
    parity_parts_clear(&parts);
}

static int backwards(const void *a, const void *b)
{
    const struct parity_parts_chain *left = a, *right = b;

    return strcmp(right->test->id, left->test->id);
}

static void another_order_is_the_callers(void **state)
{
    struct parity_parts parts = {0};

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(add(&parts, &cases[i % 3], i, NULL), 0);
    parity_parts_sort(&parts, NULL);
    parity_parts_sort(&parts, backwards);
    assert_order(&parts, "t2 2,t2 5,t1 1,t1 4,t0 0,t0 3,");
    parity_parts_clear(&parts);
}

static void a_part_says_how_its_test_went_and_can_be_copied(void **state)
{
    struct parity_parts parts = {0};
    struct parity_part first = {0}, later;

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(add(&parts, &cases[i % 2], i, NULL), 0);
    parity_parts_sort(&parts, NULL);
    assert_true(parity_parts_next(&parts, &first, NULL));
    later = first;
    assert_true(parity_parts_next(&parts, &later, NULL));
    assert_ptr_equal(later.test, &cases[0]);
    assert_true(later.head.duration_s > 1);
    assert_ptr_equal(first.test, &cases[0]);
    assert_true(first.head.duration_s < 1);
    assert_int_equal(first.head.outcome, PARITY_FAILED);
    assert_true(parity_parts_next(&parts, &first, NULL));
    assert_int_equal(first.text, later.text);
    parity_parts_clear(&parts);
}

static void nothing_said_is_nothing_to_read(void **state)
{
    struct parity_parts parts = {0};

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    parity_parts_sort(&parts, NULL);
    assert_order(&parts, "");
    assert_null(parity_parts_find(&parts, "t1"));
    parity_parts_clear(&parts);
}

/* Not a byte, however many there are: every allocation after the first runs would fail. */
static void further_runs_of_a_test_take_no_memory(void **state)
{
    enum { RUNS = 2000 };
    struct parity_parts parts = {0};
    struct parity_part part = {0};
    size_t count = 0;

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    for (size_t i = TESTS; i-- > 0;)
        assert_int_equal(add(&parts, &cases[i], 0, NULL), 0);
    parity_memory_fail_at(1, 1);
    for (unsigned run = 1; run < RUNS; run++)
        for (size_t i = 0; i < TESTS; i++)
            assert_int_equal(add(&parts, &cases[i], run, NULL), 0);
    parity_parts_sort(&parts, NULL);
    while (parity_parts_next(&parts, &part, NULL)) {
        assert_true(part.head.duration_s == (double)(count % RUNS));
        count++;
    }
    parity_memory_fail_at(0, 0);
    assert_int_equal(count, RUNS * TESTS);
    parity_parts_clear(&parts);
}

static void without_memory_nothing_is_added(void **state)
{
    struct parity_error err = {0};
    struct parity_parts parts = {0};

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    parity_memory_fail_at(1, 0);
    assert_int_equal(add(&parts, &cases[3], 0, &err), -1);
    parity_memory_fail_at(0, 0);
    assert_int_equal(err.code, PARITY_E_NOMEM);
    parity_parts_sort(&parts, NULL);
    assert_order(&parts, "");
    parity_parts_clear(&parts);
}

static void a_full_disk_loses_only_what_it_has_no_room_for(void **state)
{
    struct rlimit old, small;
    struct parity_error err = {0};
    struct parity_parts parts = {0};
    struct parity_buffer expected = {0};
    unsigned kept = 0;

    (void)state;
    assert_int_equal(parity_parts_open(&parts, NULL), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 128;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    while (kept < 10 && add(&parts, &cases[0], kept, &err) == 0)
        kept++;
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_true(kept > 1 && kept < 10);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.message, "cannot write a temporary file: File too large");
    parity_parts_sort(&parts, NULL);
    for (unsigned i = 0; i < kept; i++)
        parity_buffer_printf(&expected, "t0 %u,", i);
    assert_order(&parts, expected.data);
    parity_buffer_clear(&expected);
    parity_parts_clear(&parts);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tests_come_by_their_ids_and_their_parts_as_they_were_added),
        TEST(tests_of_the_same_id_come_as_they_were_added),
        TEST(another_order_is_the_callers),
        TEST(a_part_says_how_its_test_went_and_can_be_copied),
        TEST(nothing_said_is_nothing_to_read),
        TEST(further_runs_of_a_test_take_no_memory),
        TEST(without_memory_nothing_is_added),
        TEST(a_full_disk_loses_only_what_it_has_no_room_for),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
