/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(unexplained, .marker = UNKNOWN, .skip_if = {{.when = on_emulator("moto")}})
{
}
