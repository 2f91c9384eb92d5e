/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "shared.h"

/* Tests that share what they need, for test_run_fixtures.py. */

PARITY_FIXTURE(own, .scope = TEST_SCOPE)
{
    return make_thing(t, "own");
}

PARITY_FIXTURE(of_the_suite, .scope = SUITE_SCOPE)
{
    fixture(t, of_the_run);
    sleep_for(t, 0.2); /* so that others wait */
    return make_thing(t, "suite");
}

PARITY_FIXTURE(without_a_value, .scope = SUITE_SCOPE)
{
    return NULL;
}

static void use(struct parity_test *t)
{
    const char *of_suite = text(t, fixture(t, of_the_suite), "$.Name");

    attach_text(t, "of_the_suite", of_suite);
    attach_text(t, "of_the_run", text(t, fixture(t, of_the_run), "$.Name"));
    call(t, "thing", "DescribeThing", "{'Name': %s}", of_suite);
}

PARITY_TEST(shares_a, .marker = UNKNOWN)
{
    use(t);
}

PARITY_TEST(shares_b, .marker = UNKNOWN)
{
    use(t);
}

PARITY_TEST(shares_c_with_less_time_than_it_waits, .marker = UNKNOWN, .timeout_s = 0.15)
{
    use(t);
}

PARITY_TEST(shares_d_and_crashes, .marker = UNKNOWN)
{
    use(t);
    abort();
}

PARITY_TEST(has_its_own, .marker = UNKNOWN)
{
    const char *name = text(t, fixture(t, own), "$.Name");

    expect_text(t, text(t, fixture(t, own), "$.Name"), name);
    expect_equal(t, fixture(t, without_a_value), "null");
}

PARITY_TEST(has_its_own_again, .marker = UNKNOWN)
{
    fixture(t, own);
}

/* --- what goes wrong ---------------------------------------------------------------------------
 */

PARITY_FIXTURE(refused, .scope = SUITE_SCOPE)
{
    make_thing(t, "refused");
    return call(t, "thing", "DeleteThing", "{'Name': 'none'}");
}

PARITY_FIXTURE(on_refused, .scope = SUITE_SCOPE)
{
    return fixture(t, refused);
}

PARITY_FIXTURE(refused_to_one, .scope = TEST_SCOPE)
{
    return call_error(t, "thing", "DescribeThing", "{'Name': 'x'}");
}

PARITY_FIXTURE(own_crashing, .scope = TEST_SCOPE)
{
    make_thing(t, "own_crashing");
    expect(t, false, "more of it");
    abort();
    return NULL;
}

PARITY_FIXTURE(own_endless, .scope = TEST_SCOPE)
{
    for (;;)
        pause();
    return NULL;
}

PARITY_FIXTURE(own_impatient, .scope = TEST_SCOPE, .timeout_s = 1)
{
    return NULL;
}

PARITY_FIXTURE(crashing, .scope = SUITE_SCOPE)
{
    make_thing(t, "crashing");
    abort();
}

PARITY_FIXTURE(endless, .scope = SUITE_SCOPE, .timeout_s = 0.5)
{
    make_thing(t, "endless");
    for (;;)
        pause();
    return NULL;
}

PARITY_FIXTURE(unneeded, .scope = SUITE_SCOPE)
{
    skip(t, "there is no need");
}

PARITY_FIXTURE(not_as_expected, .scope = SUITE_SCOPE)
{
    expect_number(t, 1, 2);
    return NULL;
}

PARITY_FIXTURE(matching, .scope = SUITE_SCOPE)
{
    return match(t, "key", json(t, "1"));
}

PARITY_FIXTURE(longer_than_its_need, .scope = SUITE_SCOPE)
{
    return fixture(t, own);
}

static json_t *go_round(struct parity_test *t);

PARITY_FIXTURE(needs_itself, .scope = SUITE_SCOPE)
{
    return go_round(t);
}

static json_t *go_round(struct parity_test *t)
{
    return fixture(t, needs_itself);
}

PARITY_FIXTURE(not_deleted, .scope = SUITE_SCOPE)
{
    make_thing(t, "first");
    call(t, "thing", "CreateThing", "{'Name': 'bad-delete-it'}");
    on_cleanup(t, "thing", "DeleteThing", "{'Name': 'bad-delete-it'}");
    make_thing(t, "third");
    return NULL;
}

PARITY_FIXTURE(forking, .scope = SUITE_SCOPE)
{
    json_t *thing = make_thing(t, "forked");

    if (fork() < 0)
        fail(t, "cannot fork");
    return thing;
}

#define TWO(name_)                                                                                 \
    PARITY_TEST(name_##_1, .marker = UNKNOWN)                                                      \
    {                                                                                              \
        fixture(t, name_);                                                                         \
    }                                                                                              \
    PARITY_TEST(name_##_2, .marker = UNKNOWN)                                                      \
    {                                                                                              \
        fixture(t, name_);                                                                         \
    }

TWO(on_refused)
TWO(refused_to_one)
TWO(refused_to_all)
TWO(own_crashing)
TWO(own_endless)
TWO(own_impatient)
TWO(crashing)
TWO(endless)
TWO(unneeded)
TWO(not_as_expected)
TWO(matching)
TWO(longer_than_its_need)
TWO(needs_itself)
TWO(not_deleted)
TWO(forking)

/* Two that set up each other's need, each in a process of its own. */
static json_t *tock(struct parity_test *t);

PARITY_FIXTURE(tick, .scope = SUITE_SCOPE, .timeout_s = 20)
{
    sleep_for(t, 0.5);
    return tock(t);
}

PARITY_FIXTURE(tack, .scope = SUITE_SCOPE, .timeout_s = 20)
{
    sleep_for(t, 0.5);
    return fixture(t, tick);
}

static json_t *tock(struct parity_test *t)
{
    return fixture(t, tack);
}

PARITY_TEST(circle_1, .marker = UNKNOWN)
{
    fixture(t, tick);
}

PARITY_TEST(circle_2, .marker = UNKNOWN)
{
    fixture(t, tack);
}

/* --- interrupted -------------------------------------------------------------------------------
 */

PARITY_FIXTURE(slow, .scope = SUITE_SCOPE)
{
    make_thing(t, "slow");
    sleep_for(t, 100);
    return NULL;
}

TWO(slow)
