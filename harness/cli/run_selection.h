/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_SELECTION_H
#define PARITY_CLI_RUN_SELECTION_H

#include "base/buffer.h"
#include "cli/run_arguments.h"
#include "runner/collection.h"
#include "runner/shard.h"

/** What came of the options that choose among the tests and order them. Zero-initialise, clear. */
struct parity_run_selection {
    struct parity_shard shard;    /* `count` 0: the run is not divided */
    struct parity_buffer steps;   /* "of 120 tests -k 'fifo' leaves 3, -m 'slow' none" */
    struct parity_buffer notices; /* lines for the user, each with an end */
    json_t *last_run;             /* as parity_last_run_read(); NULL: nobody asked */
};

/**
 * Leave in a collection the tests that the options choose, in the order in which they run.
 *
 * @param ground_truth  folders of recordings beside the project's; NULL-terminated
 * @param out           cleared by the caller in either case
 * @param err           PARITY_E_USAGE (an expression, a shard, a commit), PARITY_E_ENVIRONMENT (no
 *                      git), PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_run_select(const struct parity_run_arguments *arguments,
                      const struct parity_project *project, const char *const *ground_truth,
                      struct parity_collection *collection, struct parity_run_selection *out,
                      struct parity_error *err);
void parity_run_selection_clear(struct parity_run_selection *selection);

#endif
