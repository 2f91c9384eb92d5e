/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* As if compiled against other headers. */
static const struct parity_test_definition other = {
    .abi = PARITY_ABI + 1, .size = sizeof other, .name = "other", .marker = UNKNOWN};

__attribute__((constructor)) static void add_other(void)
{
    parity_register(&other);
}
