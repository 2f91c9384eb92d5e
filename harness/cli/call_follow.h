/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_CALL_FOLLOW_H
#define PARITY_CLI_CALL_FOLLOW_H

#include <jansson.h>

#include "client/caller.h"

/* `parity call --pages` and `--wait`. Both print and return the exit code, or -1 with a reason that
 * is still to be printed. */

/** Follow the paginator of an operation and print the merged result. */
int parity_call_follow_pages(struct parity_client_caller *caller, const char *operation,
                             const json_t *input, struct parity_error *err);

struct parity_call_wait {
    const char *name;
    double delay_s;   /* 0: the waiter's own */
    int max_attempts; /* 0: the waiter's own */
};

/**
 * Run a waiter and print the last response; when the state is not reached, also why.
 * @param operation  must be the one that the waiter calls (PARITY_E_USAGE)
 */
int parity_call_follow_wait(struct parity_client_caller *caller, const char *operation,
                            const struct parity_call_wait *wait, const json_t *input,
                            struct parity_error *err);

#endif
