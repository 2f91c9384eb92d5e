/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <parity/suite.h>

/* Annotations, for test_run_annotations.py. */

PARITY_SUITE(.skip_verify = {{.paths = {"$..SuiteOnly"}, .reason = "of the suite"}},
             .skip_if = {{.reason = "the whole suite is not wanted",
                          .when = with_environment("WITHOUT_SUITE")}});

static bool in_region_two(const struct parity_target_info *target)
{
    return target->region[strlen("eu-west-")] == '2';
}

static json_t *describe(struct parity_test *t)
{
    return call(t, "thing", "DescribeThing", "{'Name': 'a'}");
}

PARITY_TEST(skips_by_emulator_and_version, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size"},
                             .reason = "new ones count otherwise",
                             .when = on_version("fake", ">=2 <3")}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(skips_by_environment, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size"}, .when = with_environment("SIZE_DIFFERS=yes")}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(skips_by_function, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size"}, .when = where(in_region_two)}})
{
    match(t, "describe", describe(t));
}

/* The examples of REFERENCE.md, 7.2. */
PARITY_TEST(combines_everything_with_paths, .marker = AWS_VALIDATED,
            .skip_verify = {{.reason = "all of it"}, {.paths = {"$..Size"}, .reason = "size"}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(combines_a_condition_that_ends_it, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size"}, .reason = "size"},
                            {.reason = "all of it", .when = on_emulator("fake")},
                            {.paths = {"$..Nothing"}}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(combines_one_that_does_not_hold, .marker = AWS_VALIDATED,
            .skip_verify = {{.reason = "all of it", .when = on_emulator("other")},
                            {.paths = {"$..Size"}, .reason = "size"}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(is_not_wanted, .marker = UNKNOWN,
            .skip_if = {{.reason = "not on others", .when = on_emulator("other")},
                        {.reason = "not on this one",
                         .when = {.emulators = {"fake"}, .environment = "!WANTED"}}})
{
    abort();
}

PARITY_TEST(is_never_wanted, .marker = UNKNOWN, .skip_if = {{.reason = "not for now"}})
{
    abort();
}

/* --- expected failures -------------------------------------------------------------------------
 */

PARITY_TEST(differs, .marker = AWS_VALIDATED,
            .expected_failure = {{.reason = "colours are not kept", .when = on_emulator("fake")}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(may_differ, .marker = AWS_VALIDATED,
            .expected_failure = {{.reason = "colours come and go", .may_pass = true}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(differs_elsewhere, .marker = AWS_VALIDATED,
            .expected_failure = {{.reason = "not here", .when = on_emulator("other")}})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(is_too_slow, .marker = UNKNOWN, .timeout_s = 0.3,
            .expected_failure = {{.reason = "it takes its time"}})
{
    sleep_for(t, 30);
}

PARITY_TEST(crashes, .marker = UNKNOWN, .expected_failure = {{.reason = "that is no failure"}})
{
    abort();
}

PARITY_TEST(cannot_be_judged, .marker = UNKNOWN,
            .expected_failure = {{.reason = "that is none either"}})
{
    call(t, "thing", "DescribeThings", "{}");
}

PARITY_TEST(skips_itself, .marker = UNKNOWN, .expected_failure = {{.reason = "nor that"}})
{
    skip(t, "not today");
}
