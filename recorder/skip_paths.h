/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SKIP_PATHS_H
#define PARITY_RECORDER_SKIP_PATHS_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

/**
 * parity_skip_remove() that also says what it removed.
 *
 * @param removed  borrowed object, may be NULL: gets, for each place (the steps from the match key
 *                 on, as one line of JSON), the list of the numbers of the paths that removed it
 * @return 0 or -1
 */
int parity_skip_remove_noting(json_t *state, const char *const *paths, size_t path_count,
                              json_t *removed, struct parity_error *err);

#endif
