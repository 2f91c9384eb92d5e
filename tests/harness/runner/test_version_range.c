/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/version_range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void versions_have_an_order(void **state)
{
    static const char *const in_order[] = {
        "0.9",  "1.0.0-rc.1", "1.0.0-rc.2", "1.0", "1.0.1.dev0", "1.0.1", "1.2",
        "1.10", "2a",         "2b",         "2",   "2.0.1",      "10",    "2026.1.15",
    };
    size_t count = sizeof in_order / sizeof *in_order;

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int order = parity_version_compare(in_order[i], in_order[j]);

            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s beside %s: %d", in_order[i], in_order[j], order);
        }
}

static void what_is_written_otherwise_is_the_same(void **state)
{
    (void)state;
    assert_int_equal(parity_version_compare("5", "5.0.0"), 0);
    assert_int_equal(parity_version_compare("v5.1", "5.1"), 0);
    assert_int_equal(parity_version_compare("5.01", "5.1"), 0);
    assert_int_equal(parity_version_compare("5-rc1", "5.0.rc.1"), 0);
    assert_int_equal(parity_version_compare("5.1+build.7", "5.1"), 0);
    assert_int_equal(parity_version_compare("5.1", "5.1.0-"), 0);
    assert_true(parity_version_compare("99999999999999999999", "100000000000000000000") < 0);
}

static void ranges_hold_when_each_comparison_does(void **state)
{
    (void)state;
    assert_true(parity_version_in_range("5.1.3", ">=5.1 <6"));
    assert_true(parity_version_in_range("5.1", ">=5.1, < 6"));
    assert_false(parity_version_in_range("6.0", ">=5.1 <6"));
    assert_true(parity_version_in_range("6.0.0-rc1", ">=5.1 <6"));
    assert_false(parity_version_in_range("5.0.9", ">=5.1 <6"));
    assert_true(parity_version_in_range("5.0.9", "<=5.0.9"));
    assert_false(parity_version_in_range("5.0.9", ">5.0.9"));
    assert_true(parity_version_in_range("5.0.0", "=5"));
    assert_true(parity_version_in_range("5.0.0", "==5"));
    assert_false(parity_version_in_range("5.0.0", "!=5"));
}

static void what_is_no_range_is_refused(void **state)
{
    static const char *const good[] = {"<6", ">= 5.1 <6", " >=5,<6 ", "!=5.0.3", "=v5"};
    static const char *const bad[] = {"",    " ",    "5",  "5.x", "<",   "<6 5",
                                      "<>6", "<6 >", "~5", "<x",  "<5<6"};
    struct parity_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (parity_version_range_check(good[i], &err) < 0)
            fail_msg("'%s': %s", good[i], err.message);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (struct parity_error){0};
        if (parity_version_range_check(bad[i], &err) == 0)
            fail_msg("'%s' is taken", bad[i]);
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_non_null(strstr(err.message, "\">=5.1 <6\""));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_have_an_order),
        cmocka_unit_test(what_is_written_otherwise_is_the_same),
        cmocka_unit_test(ranges_hold_when_each_comparison_does),
        cmocka_unit_test(what_is_no_range_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
