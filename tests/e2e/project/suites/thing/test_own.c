/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(names_differ, .marker = EMULATOR_ONLY)
{
    match(t, "names", json(t, "{'first': %s}", "a"));
}
