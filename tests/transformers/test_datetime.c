/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transformers/datetime.h"

/* What is expected was computed with Python's datetime. */
static void assert_moment(const char *text, int64_t expected)
{
    int64_t moment;

    assert_int_equal(parity_datetime_microseconds(text, &moment), 0);
    if (moment != expected)
        fail_msg("%s is %lld, not %lld", text, (long long)moment, (long long)expected);
}

static void assert_none(const char *text)
{
    int64_t moment;

    if (parity_datetime_microseconds(text, &moment) == 0)
        fail_msg("'%s' was taken for a moment", text);
}

static void moments_are_microseconds_since_1970(void **state)
{
    (void)state;
    assert_moment("1970-01-01T00:00:00+00:00", 0);
    assert_moment("2024-02-29T23:59:59Z", 1709251199000000);
    assert_moment("1969-12-31T23:59:59.999999+00:00", -1);
}

static void zones_are_taken_off(void **state)
{
    (void)state;
    assert_moment("2024-01-02T03:04:05.123456+01:00", 1704161045123456);
    assert_moment("2024-01-02T03:04:05.123456+0100", 1704161045123456);
    assert_moment("1900-03-01T00:00:00-11:30", -2203849800000000);
}

static void without_a_zone_it_is_utc(void **state)
{
    (void)state;
    assert_moment("2024-01-02T03:04:05", 1704164645000000);
    assert_moment("2024-01-02 03:04:05", 1704164645000000);
}

static void the_first_and_last_year_have_room(void **state)
{
    (void)state;
    assert_moment("0001-01-01T00:00:00+00:00", -62135596800000000);
    assert_moment("9999-12-31T23:59:59.999999+00:00", 253402300799999999);
}

static void what_is_no_moment_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "2024-01-02",
                                        "2024-13-02T03:04:05",
                                        "2024-00-02T03:04:05",
                                        "24-01-02T03:04:05",
                                        "2024-01-02X03:04:05",
                                        "2024-01-02T03:04",
                                        "2024-01-02T03:04:05 CET",
                                        "2024-01-02T03:04:05+1",
                                        "2024-01-02T03:04:05+01:00 or so"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_none(texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_microseconds_since_1970),
        cmocka_unit_test(zones_are_taken_off),
        cmocka_unit_test(without_a_zone_it_is_utc),
        cmocka_unit_test(the_first_and_last_year_have_room),
        cmocka_unit_test(what_is_no_moment_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
