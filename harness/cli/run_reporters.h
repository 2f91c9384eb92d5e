/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_REPORTERS_H
#define PARITY_CLI_RUN_REPORTERS_H

#include "cli/run_arguments.h"
#include "runner/registry.h"
#include "runner/reporters/reporter.h"

enum { PARITY_RUN_REPORTERS_MOST = 12 };

/** The reports that a command line asks for. Zero-initialise, make, clear. */
struct parity_run_reporters {
    struct parity_reporter *items[PARITY_RUN_REPORTERS_MOST + 1]; /* owned, NULL-terminated */
    size_t count;
    /* One of them, for --last-failed and the like; NULL: it cannot be kept. A run is no worse when
     * that fails. */
    struct parity_reporter *last_run;
};

/**
 * @param slowest   how many of the slowest tests are named
 * @param forecast  what the time left is told from; what it names must live as long as the reports;
 *                  NULL: no tests run
 * @param out       cleared by the caller in either case
 * @param err       PARITY_E_IO: a report that could not be written; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_run_reporters_make(const struct parity_run_arguments *arguments, size_t slowest,
                              const struct parity_project *project,
                              const struct parity_forecast_options *forecast,
                              struct parity_run_reporters *out, struct parity_error *err);

/**
 * Add what keeps how each test went, if it can be kept here; if not, say so on standard error.
 *
 * @param known  the tests that there are, if all were loaded; NULL: it is not known
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_run_reporters_add_last_run(const struct parity_project *project,
                                      const struct parity_registry *known,
                                      struct parity_run_reporters *out, struct parity_error *err);

/**
 * Finish all reports; those that cannot be written are told.
 * @param strict_skips  skip paths that hid nothing are a failure
 * @return the command's exit code
 */
int parity_run_reporters_finish(const struct parity_run_reporters *reporters,
                                const struct parity_summary *summary, bool strict_skips);
void parity_run_reporters_clear(struct parity_run_reporters *reporters);

#endif
