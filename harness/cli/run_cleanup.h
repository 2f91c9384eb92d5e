/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_CLEANUP_H
#define PARITY_CLI_RUN_CLEANUP_H

#include "cli/run_arguments.h"
#include "runner/habit_prune.h"
#include "runner/journal.h"
#include "runner/target.h"

/**
 * Begin the journal of a run whose target outlives it; an emulator that was started for it takes
 * everything along when it ends.
 *
 * @param out  new; NULL: the run needs none, or (with a notice) an emulator's can't be written
 * @param err  of a run on AWS, which does not begin without a journal
 * @return 0 or -1
 */
int parity_run_journal_begin(const struct parity_run_target *target,
                             const struct parity_project *project, const char *run_id,
                             struct parity_journal **out, struct parity_error *err);

/**
 * End it: removed if nothing is left, else with a notice. NULL is fine.
 * @param habits  file that keeps how tests delete what they create; NULL: none
 * @param tests   what that says of tests that are gone is forgotten, once no run has left anything
 *                that it may be needed for
 */
void parity_run_journal_end(struct parity_journal *journal, const char *habits,
                            const struct parity_habit_tests *tests);

/**
 * `parity run --cleanup`: delete what runs that are over have left, or with `--list` say what it
 * is.
 *
 * @return the exit code
 */
int parity_run_cleanup(const struct parity_run_arguments *arguments,
                       const struct parity_project *project);

#endif
