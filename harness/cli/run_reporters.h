/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_REPORTERS_H
#define PARITY_CLI_RUN_REPORTERS_H

#include "cli/run_arguments.h"
#include "runner/reporters/reporter.h"

enum { PARITY_RUN_REPORTERS_MOST = 8 };

/** The reports that a command line asks for. Zero-initialise, make, clear. */
struct parity_run_reporters {
    struct parity_reporter *items[PARITY_RUN_REPORTERS_MOST + 1]; /* owned, NULL-terminated */
    size_t count;
};

/**
 * @param out  cleared by the caller in either case
 * @param err  PARITY_E_IO: a report that could not be written; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_run_reporters_make(const struct parity_run_arguments *arguments,
                              struct parity_run_reporters *out, struct parity_error *err);
void parity_run_reporters_clear(struct parity_run_reporters *reporters);

#endif
