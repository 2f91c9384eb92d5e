/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_OUTCOME_H
#define PARITY_RUNNER_OUTCOME_H

#include <stdbool.h>

/** How a test ended. */
enum parity_outcome {
    PARITY_PASSED,
    PARITY_FAILED, /* the target answered otherwise than AWS did, or than the test needs */
    PARITY_ERROR,  /* could not be judged: network, credentials, no recording, a broken test */
    PARITY_SKIPPED,
    PARITY_CRASHED, /* its process died: a signal, exit() */
    PARITY_TIMEOUT
};
enum { PARITY_OUTCOME_COUNT = PARITY_TIMEOUT + 1 };

/** The word for it in reports, as in CLI.md. */
const char *parity_outcome_name(enum parity_outcome outcome);

/** The outcome with that name; PARITY_ERROR when there is none. */
enum parity_outcome parity_outcome_named(const char *name);

/** Whether a test that ended so is one that somebody has to look at: neither passed nor skipped. */
bool parity_outcome_is_bad(enum parity_outcome outcome);

#endif
