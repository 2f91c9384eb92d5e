/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ISO8601_H
#define PARITY_CLIENT_ISO8601_H

#include <time.h>

/**
 * Seconds since 1970 of a time such as "2015-08-30T12:36:00Z" (RFC 3339): fractions of a second are
 * cut off, an offset ("+02:00") is taken into account.
 *
 * @return 0, or -1 if `text` is no such time
 */
int parity_iso8601_parse(const char *text, time_t *out);

#endif
