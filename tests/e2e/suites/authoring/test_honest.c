/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Skips that are needed or not, for test_run_skips.py. */

PARITY_SUITE(.skip_verify = {{.paths = {"$..Colour", "$..Weight"}, .reason = "of the suite"}});

PARITY_TEST(describes, .marker = AWS_VALIDATED)
{
    match(t, "describe", call(t, "thing", "DescribeThing", "{'Name': 'a'}"));
}

PARITY_TEST(has_skips, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size", "$..Nothing"}, .reason = "of the test"}})
{
    match(t, "describe", call(t, "thing", "DescribeThing", "{'Name': 'a'}"));
}

PARITY_TEST(skips_all, .marker = AWS_VALIDATED,
            .skip_verify = {{.reason = "everything", .when = on_emulator("fake")}})
{
    match(t, "describe", json(t, "{'Name': 'a'}"));
}

PARITY_TEST(ends_early, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Nothing"}, .reason = "of the test"}})
{
    match(t, "describe", json(t, "{'Name': 'a'}"));
    call(t, "thing", "DeleteThing", "{'Name': 'gone'}");
}
