/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_WORKER_H
#define PARITY_RUNNER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "client/client.h"
#include "runner/guard.h"
#include "runner/journal.h"
#include "runner/mailbox.h"
#include "runner/registry.h"

/*
 * The process that runs tests, one after the other, with one client and its connections.
 *
 * The runner sends {"do": …}, the worker answers with events and ends each task with "done". What
 * the runner need not know at once waits in the mailbox: all but "fixture", "fixture_done", "done".
 *
 *   {"do": "identify"}
 *       → {"event": "done", "account_id", "secondary_account_id", "models"} or
 *         {"event": "done", "error": "…", "code": 9}
 *   {"do": "run", "test": 7, "round": 0}
 *       → "begin" (with the "expected_failure" that holds), then "call", "cleanup",
 *         "cleaned", "attachment", "fixture", "fixture_done" as the test goes on,
 *         {"event": "judged", "outcome", "message", …} when all but the cleanups is over,
 *         {"event": "done", "cleanup_failures", "retire"}
 *     (another "round" of a test makes other names; with "first", {"observed", "transformations"},
 *     it is the second time; with `check_stable` the first time ends in a "judged" that has such a
 *     "first")
 *     To "fixture" the runner answers, perhaps after a while: see parity_test_environment.ask
 *   {"do": "clean", "test": 7, "calls": […]}           of a test whose process died
 *       → "begin", "call", "cleaned", "done"
 *
 * The call that a worker waits for stands in its last words (guard.h).
 */

/** Exit status of a worker whose line to the runner is gone. */
enum { PARITY_WORKER_LOST = 113 };

/** What all workers of a run have in common; borrowed, and shared by the fork. */
struct parity_worker_options {
    const struct parity_case *const *cases; /* a task's "test" is a position in it */
    size_t case_count;

    struct parity_target target;                            /* of the client */
    const char *emulator, *emulator_version;                /* NULL: not named, unknown */
    const char *account_id;                                 /* NULL until the run has asked */
    const struct parity_credentials *primary_credentials;   /* what is neither shown nor recorded */
    const struct parity_credentials *secondary_credentials; /* NULL: no second account */
    const char *secondary_account_id, *secondary_region;
    const char *run_id;
    struct parity_journal *journal; /* of what is created; NULL: it goes with the emulator */
    const char *habits;             /* file of how tests delete what they create; NULL: not known */
    const char *protocol; /* for calls that name none, of services that list it; NULL: none */

    const char *snapshots;
    const char *const *ground_truth; /* NULL-terminated; NULL: none */
    struct parity_models *models;    /* borrowed; each worker goes on with its copy of them */
    const char *suites;              /* where transformers beside a suite are read from */
    bool update, raw, skip_all, compat_localstack;
    bool suggest_skips;     /* look for skip paths that would hide what differs */
    bool review;            /* like `update`, but the result waits beside the recording */
    bool check_stable;      /* with one of both: each test runs twice */
    bool apply_suggestions; /* with `check_stable` */
};

/**
 * Load and look up in the runner what each worker would have to for itself: after a fork the pages
 * of a few dozen libraries, which that leads through, have to be found again one by one.
 */
void parity_worker_prepare(void);

/**
 * Be a worker until the runner closes the channel. Called in a process made for it; does not
 * return. parity_worker_prepare() was called before that was made.
 */
__attribute__((noreturn)) void parity_worker_main(const struct parity_worker_options *options,
                                                  pid_t parent, int channel, int output,
                                                  struct parity_last_words *last_words,
                                                  struct parity_mailbox *mailbox);

#endif
