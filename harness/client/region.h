/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_REGION_H
#define PARITY_CLIENT_REGION_H

#include <stdbool.h>

#include "base/error.h"

/**
 * Whether `text` can be a region: as it becomes part of a host name, it has to be a host label
 * that is no number.
 * @see botocore/utils.py, validate_region_name
 */
bool parity_region_is_valid(const char *text);

/** @return 0, or -1 (PARITY_E_INVALID) if `region` cannot be one */
int parity_region_check(const char *region, struct parity_error *err);

#endif
