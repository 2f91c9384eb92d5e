/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

/* Another suite with the fixtures of the run; what happens before and after each of its tests. */

static void before_each(struct parity_test *t)
{
    note(t, "set up");
    if (target(t)->version)
        call(t, "thing", "CreateThing", "{'Name': 'version'}");
}

static void after_each(struct parity_test *t)
{
    note(t, "torn down");
    expect(t, has(t, fixture(t, of_the_run), "$.Name"), "a name");
}

PARITY_SUITE(.set_up = before_each, .tear_down = after_each);

PARITY_TEST(shares_with_others, .marker = UNKNOWN)
{
    attach_text(t, "of_the_run", text(t, fixture(t, of_the_run), "$.Name"));
}

PARITY_TEST(fails_before_the_end, .marker = UNKNOWN)
{
    fail(t, "on purpose");
}

PARITY_TEST(cannot_have_it, .marker = UNKNOWN)
{
    fixture(t, refused_to_all);
}
