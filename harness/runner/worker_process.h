/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_WORKER_PROCESS_H
#define PARITY_RUNNER_WORKER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "runner/capture.h"
#include "runner/message.h"
#include "runner/worker.h"

/** A worker as the runner sees it. Zero-initialise, start, end. */
struct parity_worker_process {
    pid_t pid;           /* 0: there is none */
    int channel, output; /* -1: closed */
    struct parity_inbox inbox;
    struct parity_capture captured;
    struct parity_mailbox *mailbox;       /* owned; shared with the worker */
    size_t mail_place;                    /* what is in front of it was read */
    bool mail_waits;                      /* what follows comes after a message not yet taken */
    struct parity_last_words *last_words; /* shared with the worker */
};

/**
 * Fork a worker.
 *
 * @param others  processes whose descriptors the new one has no business with
 * @return 0 or -1 (PARITY_E_ENVIRONMENT)
 */
int parity_worker_process_start(struct parity_worker_process *process,
                                const struct parity_worker_options *options,
                                const struct parity_worker_process *const *others,
                                size_t other_count, struct parity_error *err);

/** Send a signal to the worker and all that its tests started in its group. */
void parity_worker_process_signal(const struct parity_worker_process *process, int signal_number);

/** Take what the worker wrote to its output so far, without waiting. */
void parity_worker_process_drain(struct parity_worker_process *process);

/** The call that a worker which has ended was waiting for, "sqs CreateQueue". Borrowed; NULL: none.
 */
const char *parity_worker_process_calling(const struct parity_worker_process *process);

/** What it was in the middle of setting up, "fixture 'queue'". Borrowed; NULL: nothing. */
const char *parity_worker_process_setting_up(const struct parity_worker_process *process);

/** Add to what it wrote where it was when it died, if it has left word of that. */
void parity_worker_process_keep_backtrace(struct parity_worker_process *process);

/**
 * Whether the worker has ended. It is reaped, what is left of its group killed, and its last output
 * read; its descriptors stay open until parity_worker_process_end().
 *
 * @param status  as of waitpid()
 */
bool parity_worker_process_has_ended(struct parity_worker_process *process, int *status);

/** Kill it if it lives, close everything, ready for another start. */
void parity_worker_process_end(struct parity_worker_process *process);

/** Kill and reap all children of this process, adopted ones included, but for `spared` (0: none).
 */
void parity_worker_process_sweep(pid_t spared);

#endif
