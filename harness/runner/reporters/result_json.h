/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_RESULT_JSON_H
#define PARITY_REPORTERS_RESULT_JSON_H

#include <jansson.h>

#include "runner/reporters/reporter.h"
#include "runner/result.h"

/* The parts of a results file (docs/results.schema.json), which other reports embed, too. Each is
 * new; NULL when out of memory. */

/** What the tests ran against. */
json_t *parity_target_json(const struct parity_run_info *info);

/** Which part of a divided run this is; null: all of it. */
json_t *parity_shard_json(const struct parity_shard *shard);

/** What happened in one test. Its parts may be those of `result`: not to be changed. */
json_t *parity_result_json(const struct parity_result *result);

json_t *parity_summary_json(const struct parity_summary *summary);

#endif
