/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/region.h"

static void a_region_is_a_host_label(void **state)
{
    static const char *const good[] = {"us-east-1", "aws-global", "local", "X", "1a", "eu--9"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(parity_region_is_valid(good[i]));
}

static void nothing_in_a_region_ends_its_host_label(void **state)
{
    static const char *const bad[] = {
        "", "us.east", "us-east-1@example.com/#", "us east", "a\n", "-a", "a-", "1234", "é"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parity_region_is_valid(bad[i]));
}

static void a_region_has_63_characters_at_most(void **state)
{
    char text[65];

    (void)state;
    memset(text, 'a', sizeof text);
    text[63] = '\0';
    assert_true(parity_region_is_valid(text));
    text[63] = 'a';
    text[64] = '\0';
    assert_false(parity_region_is_valid(text));
}

static void what_cannot_be_a_region_is_quoted(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_region_check("us-east-1", &err), 0);
    assert_int_equal(parity_region_check("us/east", &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message,
                        "'us/east' cannot be a region: it becomes part of a host name, so it must "
                        "be letters, digits and hyphens, such as us-east-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_is_a_host_label),
        cmocka_unit_test(nothing_in_a_region_ends_its_host_label),
        cmocka_unit_test(a_region_has_63_characters_at_most),
        cmocka_unit_test(what_cannot_be_a_region_is_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
