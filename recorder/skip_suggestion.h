/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SKIP_SUGGESTION_H
#define PARITY_RECORDER_SKIP_SUGGESTION_H

#include <jansson.h>

/**
 * Suggest paths for a skip_verify that leaves differences out of a comparison, and little else.
 *
 * A list's items are left out together: a position on one side is another one on the other. Where a
 * path leads through a name that skip paths cannot go through, or into JSON text, what stands above
 * is left out. Whether the paths hide everything is for the caller to find out.
 *
 * @param differences  as parity_compare() makes it
 * @return new array of texts, none twice; NULL when out of memory
 */
json_t *parity_suggest_skips(const json_t *differences);

#endif
