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
 *                 list, of what was added those of the observed one. But for compat_localstack: a
 *                 list item that only changed its place is one "removed" with "moved_to" and one
 *                 "added" with "moved_from", the position on the other side. Strings that hold an
 *                 object or list as JSON text on both sides are compared as what they hold: then
 *                 "path" goes on inside, and "text_at" says after how many of its steps it enters
 *                 a text.
 * @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_INVALID: a state is no object)
 */
int parity_compare(const json_t *recorded, const json_t *observed,
                   const struct parity_compare_options *options, json_t **out,
                   struct parity_error *err);

#endif
