/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

enum { TESTS = 300 };

static struct parity_case tests[TESTS];
static char ids[TESTS][24];

static int make_tests(void **state)
{
    (void)state;
    for (int i = 0; i < TESTS; i++) {
        snprintf(ids[i], sizeof ids[i], "s/t.c::%03d", i);
        tests[i].id = ids[i];
    }
    return 0;
}

/* The tests of shard `index` of `count`; how many, and the plan. */
static size_t select_shard(size_t index, size_t count, const double *seconds, size_t given,
                           const struct parity_case **out, uint64_t *plan)
{
    struct parity_shard shard = {.index = index, .count = count};
    size_t kept = given;

    for (size_t i = 0; i < given; i++)
        out[i] = &tests[i];
    assert_int_equal(parity_shard_select(&shard, out, seconds, &kept, NULL), 0);
    if (plan)
        *plan = shard.plan;
    return kept;
}

/* Selects all shards, checks that each test is in one, and returns the heaviest's seconds. */
static double select_all(size_t count, const double *seconds, size_t given)
{
    const struct parity_case *kept[TESTS];
    int seen[TESTS] = {0};
    uint64_t first = 0, plan;
    double heaviest = 0;

    for (size_t index = 1; index <= count; index++) {
        size_t size = select_shard(index, count, seconds, given, kept, &plan);
        double sum = 0;

        for (size_t i = 0; i < size; i++) {
            assert_true(i == 0 || kept[i - 1] < kept[i]);
            seen[kept[i] - tests]++;
            sum += seconds[kept[i] - tests];
        }
        heaviest = sum > heaviest ? sum : heaviest;
        if (index == 1)
            first = plan;
        assert_true(plan == first);
    }
    for (size_t i = 0; i < given; i++)
        assert_int_equal(seen[i], 1);
    return heaviest;
}

static void every_test_is_in_exactly_one(void **state)
{
    double seconds[TESTS];

    (void)state;
    for (int i = 0; i < TESTS; i++)
        seconds[i] = (i * 7919) % 101 / 10.0;
    for (size_t count = 1; count < 20; count++)
        select_all(count, seconds, TESTS);
    select_all(5, seconds, 3);
    select_all(400, seconds, TESTS);
}

static void no_shard_has_much_more_to_do_than_the_others(void **state)
{
    double seconds[TESTS], sum = 0, longest = 0;

    (void)state;
    for (int i = 0; i < TESTS; i++) {
        seconds[i] = 0.1 + (i * 7919) % 101;
        sum += seconds[i];
        longest = seconds[i] > longest ? seconds[i] : longest;
    }
    /* Graham: at most 4/3 of the best, which is no less than either of these. */
    for (size_t count = 2; count < 40; count++) {
        double even = sum / (double)count;

        assert_true(select_all(count, seconds, TESTS) <=
                    4.0 / 3 * (even > longest ? even : longest));
    }
}

static void tests_of_unknown_length_count_as_the_median(void **state)
{
    const double seconds[] = {10, -1, -1, -1, 10, 10};
    const struct parity_case *kept[6];

    (void)state;
    assert_int_equal(select_shard(1, 3, seconds, 6, kept, NULL), 2);
    assert_int_equal(select_shard(2, 3, seconds, 6, kept, NULL), 2);
}

static void tests_that_take_no_time_are_spread_too(void **state)
{
    const double seconds[6] = {0};
    const struct parity_case *kept[6];

    (void)state;
    for (size_t index = 1; index <= 3; index++)
        assert_int_equal(select_shard(index, 3, seconds, 6, kept, NULL), 2);
}

static void other_durations_are_another_plan(void **state)
{
    double seconds[6] = {1, 2, 3, 4, 5, 6};
    const struct parity_case *kept[6];
    uint64_t one, other;

    (void)state;
    select_shard(1, 2, seconds, 6, kept, &one);
    seconds[0] = 9;
    select_shard(2, 2, seconds, 6, kept, &other);
    assert_true(one != other);
}

static void running_out_of_memory_is_an_error(void **state)
{
    const double seconds[6] = {0};
    const struct parity_case *kept[6];
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_shard shard = {.index = 1, .count = 2};
        struct parity_error err = {0};
        size_t count = 6;

        for (size_t i = 0; i < 6; i++)
            kept[i] = &tests[i];
        parity_memory_fail_at(n, 1);
        rc = parity_shard_select(&shard, kept, seconds, &count, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0) {
            assert_int_equal(err.code, PARITY_E_NOMEM);
            assert_int_equal(count, 6);
        }
    }
}

/* --- the environment ---------------------------------------------------------------------------
 */

static const char *variables[8];

static char *get(const char *name)
{
    static char values[8][64]; /* one for each variable: a pair of them is looked at together */
    size_t length = strlen(name);

    for (size_t i = 0; variables[i]; i++)
        if (strncmp(variables[i], name, length) == 0 && variables[i][length] == '=') {
            snprintf(values[i], sizeof values[i], "%s", variables[i] + length + 1);
            return values[i];
        }
    return NULL;
}

static void assert_shard(size_t index, size_t count)
{
    struct parity_shard_environment said;

    assert_int_equal(parity_shard_from_environment(get, &said, NULL), 0);
    assert_int_equal(said.shard.index, index);
    assert_int_equal(said.shard.count, count);
}

#define VARIABLES(...)                                                                             \
    do {                                                                                           \
        const char *const given[8] = {__VA_ARGS__};                                                \
        memcpy(variables, given, sizeof variables);                                                \
    } while (0)

static void each_system_counts_in_its_own_way(void **state)
{
    (void)state;
    VARIABLES(NULL);
    assert_shard(0, 0);
    VARIABLES("TEST_SHARD_INDEX=0", "TEST_TOTAL_SHARDS=3");
    assert_shard(1, 3);
    VARIABLES("CI_NODE_INDEX=3", "CI_NODE_TOTAL=3");
    assert_shard(3, 3);
    VARIABLES("JOB_COMPLETION_INDEX=2", "PARITY_SHARD_TOTAL=3");
    assert_shard(3, 3);
    VARIABLES("CI_NODE_INDEX=3", "CI_NODE_TOTAL=3", "TEST_SHARD_INDEX=0", "TEST_TOTAL_SHARDS=2");
    assert_shard(1, 2);
}

static void half_of_what_is_needed_is_nothing(void **state)
{
    (void)state;
    VARIABLES("CI_NODE_TOTAL=1");
    assert_shard(0, 0);
    VARIABLES("TEST_SHARD_INDEX=1", "TEST_TOTAL_SHARDS=");
    assert_shard(0, 0);
}

static void what_makes_no_sense_is_refused(void **state)
{
    struct parity_shard_environment said;
    struct parity_error err = {0};

    (void)state;
    VARIABLES("CI_NODE_INDEX=0", "CI_NODE_TOTAL=3");
    assert_int_equal(parity_shard_from_environment(get, &said, &err), -1);
    assert_int_equal(err.code, PARITY_E_USAGE);
    VARIABLES("TEST_SHARD_INDEX=3", "TEST_TOTAL_SHARDS=3");
    assert_int_equal(parity_shard_from_environment(get, &said, NULL), -1);
    VARIABLES("TEST_SHARD_INDEX=one", "TEST_TOTAL_SHARDS=3");
    assert_int_equal(parity_shard_from_environment(get, &said, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_test_is_in_exactly_one),
        cmocka_unit_test(no_shard_has_much_more_to_do_than_the_others),
        cmocka_unit_test(tests_of_unknown_length_count_as_the_median),
        cmocka_unit_test(tests_that_take_no_time_are_spread_too),
        cmocka_unit_test(other_durations_are_another_plan),
        cmocka_unit_test(running_out_of_memory_is_an_error),
        cmocka_unit_test(each_system_counts_in_its_own_way),
        cmocka_unit_test(half_of_what_is_needed_is_nothing),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };

    parity_memory_init();
    return cmocka_run_group_tests(all, make_tests, NULL);
}
