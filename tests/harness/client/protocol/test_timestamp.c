/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/protocol/timestamp.h"

/* Expectations: Python 3.11, datetime.isoformat() of botocore.utils.parse_timestamp(), TZ=UTC. */
static void expect(const char *text, const char *isoformat)
{
    struct parity_timestamp timestamp;
    struct parity_buffer out = {0};

    if (parity_timestamp_parse(text, strlen(text), &timestamp) < 0)
        fail_msg("'%s' was refused", text);
    parity_timestamp_isoformat(&timestamp, &out);
    if (strcmp(out.data, isoformat) != 0)
        fail_msg("'%s' gave %s instead of %s", text, out.data, isoformat);
    parity_buffer_clear(&out);
}

static void refuse(const char *text)
{
    struct parity_timestamp timestamp;

    if (parity_timestamp_parse(text, strlen(text), &timestamp) == 0)
        fail_msg("'%s' was taken", text);
}

static void iso_8601_is_read_in_its_usual_forms(void **state)
{
    (void)state;
    expect("2014-04-29T18:30:38Z", "2014-04-29T18:30:38+00:00");
    expect("2014-04-29T18:30:38.123Z", "2014-04-29T18:30:38.123000+00:00");
    expect("2014-04-29T18:30:38.123456789Z", "2014-04-29T18:30:38.123456+00:00");
    expect("2014-04-29T18:30:38,5Z", "2014-04-29T18:30:38.500000+00:00");
    expect("2014-04-29 18:30:38", "2014-04-29T18:30:38");
    expect("2014-04-29T18:30Z", "2014-04-29T18:30:00+00:00");
    expect("2014-04-29", "2014-04-29T00:00:00");
    expect("20140429T183038Z", "2014-04-29T18:30:38+00:00");
    expect("2014-04-29T18:30:38-0730", "2014-04-29T18:30:38-07:30");
    expect("2014-04-29T18:30:38+02", "2014-04-29T18:30:38+02:00");
    expect("2014-04-29T18:30:38 UTC", "2014-04-29T18:30:38+00:00");
    expect("2000-02-29T00:00:00Z", "2000-02-29T00:00:00+00:00");
    expect("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00");
    expect("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00");
}

static void the_dates_of_http_and_mail_are_read(void **state)
{
    (void)state;
    expect("Tue, 29 Apr 2014 18:30:38 GMT", "2014-04-29T18:30:38+00:00");
    expect("29 Apr 2014 18:30:38 +0100", "2014-04-29T18:30:38+01:00");
    expect("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00");
    expect("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37");
    expect("Sun Nov 06 08:49:37 UTC 1994", "1994-11-06T08:49:37+00:00");
}

static void seconds_are_rounded_to_microseconds_half_to_even(void **state)
{
    (void)state;
    expect("0", "1970-01-01T00:00:00+00:00");
    expect("1398796238", "2014-04-29T18:30:38+00:00");
    expect("1398796238.5", "2014-04-29T18:30:38.500000+00:00");
    expect("1.3987962385e9", "2014-04-29T18:30:38.500000+00:00");
    expect("0.0000005", "1970-01-01T00:00:00+00:00");
    expect("0.0000015", "1970-01-01T00:00:00.000002+00:00");
    expect("0.9999999", "1970-01-01T00:00:01+00:00");
    expect("-1", "1969-12-31T23:59:59+00:00");
    expect("-0.25", "1969-12-31T23:59:59.750000+00:00");
    expect(" 10 ", "1970-01-01T00:00:10+00:00");
    expect("20140429", "1970-08-22T02:33:49+00:00"); /* a number before all else */
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "soon",
        "2014-13-01",
        "2014-02-29",
        "2014-04-31T00:00:00Z",
        "2014-04-29T24:00:00Z",
        "2014-04-29T18:60:00Z",
        "2014-04-29T18:30:61Z",
        "2014-04-29T18:30:38Q",
        "2014-04-29T18:30:38+25:00",
        "2014-04-29T18:30:38.Z",
        "0000-01-01T00:00:00Z",
        "nan",
        "inf",
        "253402300800",
        "1e300",
        "-62135596801",
        "Tue, 29 Foo 2014 18:30:38 GMT",
        "2014-04-29T18:3",
        "2014-04-29T18:30:38Z and more",
        "Mon",
        "Apr",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuse(texts[i]);
}

static void numbers_outside_the_calendar_are_refused(void **state)
{
    struct parity_timestamp timestamp;

    (void)state;
    assert_int_equal(parity_timestamp_from_real(NAN, &timestamp), -1);
    assert_int_equal(parity_timestamp_from_real(INFINITY, &timestamp), -1);
    assert_int_equal(parity_timestamp_from_real(1e18, &timestamp), -1);
    assert_int_equal(parity_timestamp_from_integer(INT64_MIN, &timestamp), -1);
    assert_int_equal(parity_timestamp_from_integer(253402300799, &timestamp), 0);
}

static void it_is_written_in_every_format(void **state)
{
    static const char *const expected[] = {
        [PARITY_TIMESTAMP_ISO8601] = "2014-04-29T16:30:38.000123Z",
        [PARITY_TIMESTAMP_RFC822] = "Tue, 29 Apr 2014 16:30:38 GMT",
        [PARITY_TIMESTAMP_UNIX] = "1398789038",
    };
    struct parity_timestamp timestamp;
    static const char text[] = "2014-04-29T18:30:38.000123+02:00";

    (void)state;
    assert_int_equal(parity_timestamp_parse(text, sizeof text - 1, &timestamp), 0);
    for (int format = 0; format < 3; format++) {
        struct parity_buffer out = {0};

        parity_timestamp_write(&timestamp, (enum parity_timestamp_format)format, &out);
        assert_string_equal(out.data, expected[format]);
        parity_buffer_clear(&out);
    }
}

static void names_of_formats_compare_without_case(void **state)
{
    (void)state;
    assert_int_equal(parity_timestamp_format("unixTimestamp", PARITY_TIMESTAMP_ISO8601),
                     PARITY_TIMESTAMP_UNIX);
    assert_int_equal(parity_timestamp_format("RFC822", PARITY_TIMESTAMP_ISO8601),
                     PARITY_TIMESTAMP_RFC822);
    assert_int_equal(parity_timestamp_format(NULL, PARITY_TIMESTAMP_UNIX), PARITY_TIMESTAMP_UNIX);
    assert_int_equal(parity_timestamp_format("odd", PARITY_TIMESTAMP_RFC822),
                     PARITY_TIMESTAMP_RFC822);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_8601_is_read_in_its_usual_forms),
        cmocka_unit_test(the_dates_of_http_and_mail_are_read),
        cmocka_unit_test(seconds_are_rounded_to_microseconds_half_to_even),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(numbers_outside_the_calendar_are_refused),
        cmocka_unit_test(it_is_written_in_every_format),
        cmocka_unit_test(names_of_formats_compare_without_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
