/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_COMPARE_H
#define PARITY_RECORDER_COMPARE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct parity_compare_options {
    bool compat_localstack; /* placeholder numbers literally, members that begin with `__` left out,
                               deepdiff's rules */
};

/**
 * Compare one test's recorded and observed state, {match key: value} each, both transformed.
 *
 * @param options  NULL: the defaults
 * @param out      new array of differences in the form of `parity diff --format json` (CLI.md):
 *                 {"key", "path", "kind", "recorded", "observed"}, each difference once. The side
 *                 that has no value has no member. Positions in "path" are those of the recorded
 *                 list, of what was added those of the observed one.
 * @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_INVALID: a state is no object)
 */
int parity_compare(const json_t *recorded, const json_t *observed,
                   const struct parity_compare_options *options, json_t **out,
                   struct parity_error *err);

#endif
