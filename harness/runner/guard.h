/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_GUARD_H
#define PARITY_RUNNER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * What keeps a worker process whole while it runs tests that may do anything to it.
 */

enum { PARITY_LAST_FRAMES = 32 };

/** What a dying worker leaves for the runner: a page that both share. */
struct parity_last_words {
    int signal; /* 0: none */
    bool stack_overflow;
    bool was_sent;         /* by a process, with kill() or raise() */
    unsigned long address; /* that could not be read or written, for SIGSEGV and SIGBUS not sent */
    int line;              /* of the suite, where the test's last call stands; 0: none yet */
    char setting_up[96];  /* what the test is in the middle of setting up, "fixture 'queue'"; "": it
                             is  not, or the runner knows */
    char calling[160];    /* the call that it waits for, "sqs CreateQueue"; "": none */
    double calling_since; /* by parity_clock_s() */
    unsigned long frames[PARITY_LAST_FRAMES]; /* what it was doing, innermost first */
    size_t frame_count;
};

/** Put in place once, after the fork. */
struct parity_guard {
    pid_t process;
    int channel; /* moved out of the way of tests that close descriptors by number */
    int saved_input, saved_output, saved_folder;
    int next_descriptor; /* the lowest free number when descriptors were last counted */
    struct parity_last_words *last_words;
};

/** Load what backtraces need: in the runner, whose workers then have it. */
void parity_guard_prepare(void);

/**
 * Make this process, which was forked after parity_guard_prepare(), a worker: it ends with its
 * parent, has a process group of its own, writes to `output`, and tells `last_words` which signal
 * it dies of, and where. Processes that a test forks end with it, too.
 *
 * @param parent   who must still be the parent
 * @param channel  to the runner; moved
 * @return 0 or -1 (PARITY_E_ENVIRONMENT)
 */
int parity_guard_init(struct parity_guard *guard, pid_t parent, int channel, int output,
                      struct parity_last_words *last_words, struct parity_error *err);

/** Leave word of the line of the suite that the test has come to; for a process that may die there.
 * Does nothing in a process that is no worker. */
void parity_guard_note_line(int line);

/** The same of what is set up from now on: "fixture 'queue'"; "": nothing. */
void parity_guard_note_set_up(const char *what);

/** The same of the call to the target that begins now, and of its end. */
void parity_guard_note_call(const char *service, const char *operation);
void parity_guard_note_call_end(void);

/** Whether the runner has asked (by SIGTERM) that the test come to its end. */
bool parity_guard_is_asked_to_stop(void);

/** True in a child that a test forked and that came back from the test's body. */
bool parity_guard_is_stray(const struct parity_guard *guard);

/**
 * After a test: put standard input and output, the working folder, signals and timers back.
 *
 * @return NULL, or why this process should not run another test (a child left behind, descriptors
 * leaked)
 */
const char *parity_guard_settle(struct parity_guard *guard);

/** Name of a signal ("SIGSEGV"); "a signal" when it has none. */
const char *parity_signal_name(int number);

/** The signal of that name; 0: there is none, or no name. */
int parity_signal_number(const char *name);

#endif
