/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(ranges, .marker = UNKNOWN,
            .skip_verify = {{.paths = {"$..a"}, .when = on_version("moto", "5.x")}})
{
}
