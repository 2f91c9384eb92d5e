/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* The first test of a run is at work while others are cleaned up; see test_second.c. */

PARITY_TEST(holds_what_it_made, .marker = UNKNOWN)
{
    const char *name = unique_name(t, "held");

    call(t, "thing", "CreateThing", "{'Name': %s}", name);
    sleep_for(t, 0.6);
    call(t, "thing", "DeleteThing", "{'Name': %s}", name);
}
