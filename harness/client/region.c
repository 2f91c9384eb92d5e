/* SPDX-License-Identifier: Apache-2.0 */
#include "client/region.h"

#include <string.h>

bool parity_region_is_valid(const char *text)
{
    static const char digits[] = "0123456789";
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    return length > 0 && length < 64 && !text[length] && text[strspn(text, digits)] &&
           text[0] != '-' && text[length - 1] != '-';
}

int parity_region_check(const char *region, struct parity_error *err)
{
    if (parity_region_is_valid(region))
        return 0;
    parity_fail(
        err, PARITY_E_INVALID, NULL,
        "'%.80s' cannot be a region: it becomes part of a host name, so it must be letters, "
        "digits and hyphens, such as us-east-1",
        region);
    return -1;
}
