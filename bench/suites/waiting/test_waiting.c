/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Tests that do nothing but wait for the target: five calls each. */

static void wait_five_times(struct parity_test *t)
{
    for (int i = 0; i < 5; i++)
        call(t, "sqs", "ListQueues", "{}");
}

#define WAITS(n_)                                                                                  \
    PARITY_TEST(waits_##n_, .marker = UNKNOWN)                                                     \
    {                                                                                              \
        wait_five_times(t);                                                                        \
    }
#define EIGHT(n_)                                                                                  \
    WAITS(n_##0)                                                                                   \
    WAITS(n_##1)                                                                                   \
    WAITS(n_##2)                                                                                   \
    WAITS(n_##3)                                                                                   \
    WAITS(n_##4)                                                                                   \
    WAITS(n_##5)                                                                                   \
    WAITS(n_##6)                                                                                   \
    WAITS(n_##7)

EIGHT(0)
EIGHT(1)
EIGHT(2)
EIGHT(3)
EIGHT(4)
EIGHT(5)
EIGHT(6)
EIGHT(7)
EIGHT(8)
EIGHT(9)
