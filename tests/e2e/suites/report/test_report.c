/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <parity/suite.h>

/* Tests whose texts no report may stumble over. */

#define ODD                                                                                        \
    "a & b < c > \"d\" ]]> \x1b[31m </script><!-- \xe2\x80\xa8 50% \\ # 'x' \xc3\xa9 "             \
    "\xf0\x9f\x98\x80"

PARITY_SUITE(.tags = {"reports"});

PARITY_TEST(passes_with_output, .marker = UNKNOWN, .tags = {"quick"})
{
    (void)t;
    fputs("::error::not ours\nok 1 - not ours\n" ODD "\n\n    indented\n", stdout);
}

PARITY_TEST(fails_with_odd_text, .marker = UNKNOWN)
{
    printf("  leading blanks\n...\n---\n");
    fail(t, "%s", ODD "\nsecond line: ::error::x\n\n  third");
}

PARITY_TEST(passes_with_a_failed_cleanup, .marker = UNKNOWN)
{
    on_cleanup(t, "thing", "DeleteThing", "{'Name': 'bad-delete'}");
}

PARITY_TEST(skips_with_odd_text, .marker = UNKNOWN)
{
    skip(t, "%s", ODD "\nsecond line");
}

PARITY_TEST(differs, .marker = AWS_VALIDATED, .recorded_as = "report/test_report.c::differs")
{
    match(t, "odd & <key>", call(t, "thing", "DescribeThing", "{'Name': 'x'}"));
}
