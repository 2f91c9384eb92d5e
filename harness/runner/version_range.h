/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_VERSION_RANGE_H
#define PARITY_RUNNER_VERSION_RANGE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Versions of emulators, and which of them an annotation is about. A version is a row of numbers
 * and words ("5.1", "v4.0.3", "3.0.0-rc.1", "5.2.1.dev0"); missing numbers are 0, a word comes
 * before the end (a pre-release before its release), and what follows a '+' does not count.
 *
 * A range is one or more comparisons, parted by blanks or commas, that must all hold:
 * ">=5.1 <6", "!=5.0.3".
 */

/** @return less than, equal to or greater than 0, as `a` is before, with or after `b` */
int parity_version_compare(const char *a, const char *b);

/** Whether `version` is in `range`, which must be one that parity_version_range_check() likes. */
bool parity_version_in_range(const char *version, const char *range);

/** @return 0, or -1 (PARITY_E_INVALID: no range, with what is expected) */
int parity_version_range_check(const char *range, struct parity_error *err);

#endif
