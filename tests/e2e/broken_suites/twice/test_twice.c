/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(once, .marker = UNKNOWN)
{
}

/* What a macro in a shared header might do by mistake. */
__attribute__((constructor)) static void add_again(void)
{
    test_once_add();
}
