/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMULATOR_KEEPER_H
#define PARITY_EMULATOR_KEEPER_H

#include <sys/types.h>

#include "emulator/process.h"

/** What the keeper tells the process that made it. */
struct parity_keeper_report {
    pid_t pid; /* of the program; 0: it could not be started */
    int error; /* errno, when it could not */
};

/**
 * The life of a keeper, in a process just forked: starts the program, reports once on `report`,
 * ends with the program or when asked to (TERM) or when `parent` is gone, and ends the program
 * then.
 *
 * Only async-signal-safe calls: the forking process may have threads.
 *
 * @param parent  the process that forked
 * @param log     descriptor for the program's output
 * @param report  descriptor to write a struct parity_keeper_report to
 */
_Noreturn void parity_keeper_run(const struct parity_process_options *options, pid_t parent,
                                 int log, int report);

#endif
