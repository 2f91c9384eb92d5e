/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <parity/suite.h>

/* Tests that call the made-up service of tests/e2e/models; test_run.py answers. A name that begins
 * with "bad-" asks for a bad answer. */

PARITY_SUITE(.transformers = {key_value("Name", "name")});

static const char *create(struct parity_test *t, const char *prefix)
{
    const char *name = unique_name(t, prefix);

    call(t, "thing", "CreateThing", "{'Name': %s}", name);
    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", name);
    return name;
}

static json_t *describe(struct parity_test *t, const char *name)
{
    return call(t, "thing", "DescribeThing", "{'Name': %s}", name);
}

PARITY_TEST(describes, .marker = AWS_VALIDATED)
{
    match(t, "describe", describe(t, create(t, "plain")));
}

PARITY_TEST(describes_two, .marker = AWS_VALIDATED)
{
    match(t, "first", describe(t, create(t, "plain")));
    match(t, "second", describe(t, create(t, "plain")));
}

PARITY_TEST(needs_a_size, .marker = UNKNOWN)
{
    json_t *thing = describe(t, create(t, "plain"));

    number(t, thing, "$.Size");
    match(t, "describe", thing);
}

PARITY_TEST(skips_the_size, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Size"},
                             .reason = "the fake has its own idea of size",
                             .when = on_emulator("fake")},
                            {.paths = {"$..Nothing"}, .when = on_emulator("fake", "other")}})
{
    match(t, "describe", describe(t, create(t, "plain")));
}

PARITY_TEST(skips_everything, .marker = AWS_VALIDATED,
            .skip_verify = {{.reason = "all is different", .when = on_emulator("fake")}})
{
    match(t, "describe", describe(t, create(t, "plain")));
}

PARITY_TEST(matches_what_localstack_adds, .marker = AWS_VALIDATED,
            .transformers = {json_string("Text"), key_value("Id", "id")})
{
    match(t, "object",
          json(t, "{'Id': 'a-1', 'x-localstack': 'a-1', 'Items': [{'x-localstack': {}, 'Size': 1}],"
                  " 'Text': '[{\"x-localstack\": 1}]', 'Other': 'x-localstack'}"));
    match(t, "x-localstack", json(t, "1"));
}

PARITY_TEST(matches_twice, .marker = UNKNOWN)
{
    match(t, "same", describe(t, create(t, "plain")));
    match(t, "same", describe(t, create(t, "plain")));
    match(t, "other", describe(t, create(t, "plain")));
}

PARITY_TEST(matches_no_more_than_one, .marker = UNKNOWN)
{
    match(t, "describe", describe(t, create(t, "plain")));
    if (getenv("THING_BOTH"))
        match(t, "only recorded", json(t, "1"));
    else
        match(t, "only observed", json(t, "2"));
}

PARITY_TEST(fails_after_a_match, .marker = UNKNOWN)
{
    match(t, "describe", describe(t, create(t, "plain")));
    if (!getenv("THING_BOTH"))
        call_error(t, "thing", "DescribeThing", "{'Name': 'x'}");
    match(t, "never", json(t, "1"));
}

PARITY_TEST(runs_on_emulators_only, .marker = EMULATOR_ONLY)
{
    describe(t, create(t, "plain"));
}

PARITY_TEST(skips_itself, .marker = UNKNOWN)
{
    skip(t, "no need for %s", "it");
}

/* --- cleanups that another process has to make -------------------------------------------------
 */

PARITY_TEST(crashes_with_cleanups, .marker = UNKNOWN)
{
    create(t, "first");
    create(t, "second");
    abort();
}

PARITY_TEST(hangs_with_cleanups, .marker = UNKNOWN, .timeout_s = 1)
{
    create(t, "first");
    create(t, "second");
    call(t, "thing", "DescribeThing", "{'Name': 'bad-never'}");
}

PARITY_TEST(fails_with_cleanups, .marker = UNKNOWN)
{
    create(t, "first");
    create(t, "bad-delete");
    create(t, "third");
    fail(t, "on purpose");
}

PARITY_TEST(cleans_what_is_gone, .marker = UNKNOWN)
{
    const char *name = create(t, "plain");

    call(t, "thing", "DeleteThing", "{'Name': %s}", name);
}

PARITY_TEST(sleeps, .marker = UNKNOWN)
{
    create(t, "slow");
    sleep_for(t, 100);
}

PARITY_TEST(sleeps_after_a_fork, .marker = UNKNOWN)
{
    create(t, "slow");
    if (fork() == 0)
        for (;;)
            pause();
    sleep_for(t, 100);
}

PARITY_TEST(hangs_in_a_cleanup, .marker = UNKNOWN)
{
    create(t, "slow");
    on_cleanup(t, "thing", "DescribeThing", "{'Name': 'bad-never'}");
}

/* --- answers that no SDK understands -----------------------------------------------------------
 */

#define BAD(kind_)                                                                                 \
    PARITY_TEST(bad_##kind_, .marker = UNKNOWN, .timeout_s = 20)                                   \
    {                                                                                              \
        match(t, "bad",                                                                            \
              call_with(t, options(.max_attempts = 1), "thing", "DescribeThing",                   \
                        "{'Name': 'bad-" #kind_ "'}"));                                            \
    }

BAD(html500)
BAD(empty500)
BAD(html200)
BAD(empty)
BAD(truncated)
BAD(xml)
BAD(closed)
BAD(die)

PARITY_TEST(unknown_service, .marker = UNKNOWN)
{
    call(t, "thng", "DescribeThing", "{}");
}

PARITY_TEST(unknown_operation, .marker = UNKNOWN)
{
    call(t, "thing", "DescribeThings", "{}");
}

PARITY_TEST(unknown_parameter, .marker = UNKNOWN)
{
    call(t, "thing", "DescribeThing", "{'Name': 'a', 'Colur': 'red'}");
}
