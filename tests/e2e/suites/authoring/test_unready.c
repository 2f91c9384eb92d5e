/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <parity/suite.h>

/* A suite whose set-up fails. */

static void before_each(struct parity_test *t)
{
    if (getenv("THING_CRASHES"))
        raise(SIGSEGV);
    if (getenv("THING_HANGS"))
        pause();
    call_error(t, "thing", "DescribeThing", "{'Name': 'x'}");
}

static void after_each(struct parity_test *t)
{
    note(t, "torn down");
}

PARITY_SUITE(.set_up = before_each, .tear_down = after_each);

PARITY_TEST(never_begins, .marker = UNKNOWN)
{
    note(t, "begun");
}
