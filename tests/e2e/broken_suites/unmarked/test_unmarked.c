/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(has_no_marker, .timeout_s = 1)
{
}
