/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <parity/suite.h>

/* A hundred tests that do nothing wrong, to run between those that do. */

static void is_good(struct parity_test *t)
{
    if (json_array_size(json(t, "[%s, %s]", unique_name(t, "a"), unique_name(t, "a"))) != 2)
        fail(t, "no array of two");
    puts("a good test's output");
}

#define GOOD(n_)                                                                                   \
    PARITY_TEST(good_##n_, .marker = UNKNOWN)                                                      \
    {                                                                                              \
        is_good(t);                                                                                \
    }
#define TEN(n_)                                                                                    \
    GOOD(n_##0)                                                                                    \
    GOOD(n_##1)                                                                                    \
    GOOD(n_##2)                                                                                    \
    GOOD(n_##3)                                                                                    \
    GOOD(n_##4)                                                                                    \
    GOOD(n_##5)                                                                                    \
    GOOD(n_##6)                                                                                    \
    GOOD(n_##7)                                                                                    \
    GOOD(n_##8)                                                                                    \
    GOOD(n_##9)

TEN(0)
TEN(1)
TEN(2)
TEN(3)
TEN(4)
TEN(5)
TEN(6)
TEN(7)
TEN(8)
TEN(9)
