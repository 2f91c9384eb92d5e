/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(odd, .marker = (enum parity_marker)99)
{
}
