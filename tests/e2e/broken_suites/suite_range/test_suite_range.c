/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.skip_if = {{.reason = "old", .when = on_version("moto", "< ")}});

PARITY_TEST(of_it, .marker = UNKNOWN)
{
}
