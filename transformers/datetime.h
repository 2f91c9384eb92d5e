/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_DATETIME_H
#define PARITY_DATETIME_H

#include <stdint.h>

/**
 * The moment that an ISO 8601 date and time names (`2024-01-02T03:04:05.123456+01:00`, zone `Z` or
 * an offset), in microseconds since 1970. Without a zone it is taken as UTC.
 *
 * @return 0, or -1: it is no date and time
 */
int parity_datetime_microseconds(const char *text, int64_t *out);

#endif
