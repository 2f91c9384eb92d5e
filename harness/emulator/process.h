/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMULATOR_PROCESS_H
#define PARITY_EMULATOR_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * A process that ends with this one, whatever ends this one.
 *
 * Between the two stands a keeper: a child of this process, told by the kernel when this process is
 * gone, that ends the process group and everything else that came of it.
 */

struct parity_process {
    pid_t keeper; /* 0: none */
    pid_t pid;    /* of the program, and of its process group */
    int log;      /* read and written; -1: none */
    char *log_path;
    bool ended;
    int status; /* of waitpid(), once it ended */
    long stop_timeout_ms;
};

struct parity_process_options {
    char *const *arguments;   /* the program, looked for in PATH, and its arguments */
    char *const *environment; /* all of it */
    const char *folder;       /* to run it in */
    const char *log_path;     /* a new file for its output; an old one is unlinked */
    long stop_timeout_ms;     /* between TERM and KILL; 0: 10,000 */
};

/**
 * Start a program.
 *
 * @param process  filled from zero; stopped by the caller only after success
 * @param err      PARITY_E_ENVIRONMENT (no such program, no more processes), PARITY_E_IO (the log)
 * @return 0 or -1
 */
int parity_process_start(struct parity_process *process,
                         const struct parity_process_options *options, struct parity_error *err);

/** Whether it runs; never waits. */
bool parity_process_is_alive(struct parity_process *process);

/** Append how it ended ("exit code 1", "signal 9 (Killed)"). */
void parity_process_describe(const struct parity_process *process, struct parity_buffer *out);

/** Append the end of its output, on one line, at most `max_bytes` of it. */
void parity_process_log_end(const struct parity_process *process, size_t max_bytes,
                            struct parity_buffer *out);

/** TERM, after the grace period KILL, for all of its group; wait; release. */
void parity_process_stop(struct parity_process *process);

/**
 * Run a program and take what it prints.
 *
 * @param out  appended to
 * @param err  PARITY_E_ENVIRONMENT: cannot be run, fails, or takes longer than `timeout_ms`
 * @return 0 or -1
 */
int parity_process_capture(const struct parity_process_options *options, long timeout_ms,
                           struct parity_buffer *out, struct parity_error *err);

#endif
