/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_MERGE_H
#define PARITY_RUNNER_MERGE_H

#include <jansson.h>

#include "base/buffer.h"
#include "runner/reporters/reporter.h"

/*
 * Joining results files: those of the shards of a run, and those of runs one after the other.
 *
 * A test that is in several counts as in the last one, as if the earlier ones were attempts: one
 * that has passed in the end, and had not before, is flaky.
 */
struct parity_merge;

/** @return new, or NULL when out of memory */
struct parity_merge *parity_merge_new(void);
void parity_merge_free(struct parity_merge *merge);

/**
 * Add the content of a results file.
 *
 * @param document  its content, of which the tests are not kept but put aside in a file
 * @param name      of the file, for messages; borrowed until the merge is freed
 * @param err       PARITY_E_PARSE: it is no results file; PARITY_E_INVALID: what it ran against,
 * how, or how it was divided differs from a file before it; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_merge_add(struct parity_merge *merge, json_t *document, const char *name,
                     struct parity_error *err);

/**
 * Append the numbers of the shards that no file holds, such as "2, 5 of 8".
 * @return how many there are
 */
size_t parity_merge_missing(const struct parity_merge *merge, struct parity_buffer *out);

/**
 * Tell reporters all that they would have been told by a single run, up to its end; the caller
 * finishes them.
 *
 * @param reporters  NULL-terminated
 * @param summary    filled in; the durations of the runs are added up
 * @return 0 or -1 (PARITY_E_INVALID, PARITY_E_NOMEM)
 */
int parity_merge_report(struct parity_merge *merge, struct parity_reporter *const *reporters,
                        struct parity_summary *summary, struct parity_error *err);

#endif
