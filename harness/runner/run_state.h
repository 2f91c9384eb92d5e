/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_RUN_STATE_H
#define PARITY_RUNNER_RUN_STATE_H

/* What the files of the run share: run.c (the loop), run_events.c (what workers say),
 * run_death.c (how they die), run_fixtures.c (what tests share), run_result.c (what becomes of it),
 * run_settle.c (when that is put into files), run_signals.c. */

#include "recorder/snapshot.h"
#include "runner/worker_process.h"
#include "runner/run.h"

enum parity_slot_state {
    PARITY_SLOT_EMPTY, /* no process */
    PARITY_SLOT_IDLE,
    PARITY_SLOT_IDENTIFY,
    PARITY_SLOT_TEST,
    PARITY_SLOT_CLEAN
};

/** Why the runner ends a worker. */
enum parity_kill_reason {
    PARITY_KILL_NONE,
    PARITY_KILL_TIMEOUT,
    PARITY_KILL_INTERRUPTED,
    PARITY_KILL_CHANNEL /* it closed its line to the runner, or sent noise */
};

/** Fixtures that tests share, as far as they end together: with a suite, or with the run. */
struct parity_shared_scope {
    struct parity_shared_scope *next;
    char *suite_path; /* owned; NULL: the run */
    size_t left;      /* tests that have not ended */
    json_t *cleanups; /* array: to be made when none is left, last one first */
    bool cleaning;    /* a worker is at it */
};

enum parity_shared_state { PARITY_SHARED_SETTING_UP, PARITY_SHARED_READY, PARITY_SHARED_FAILED };

/** A fixture that tests share. */
struct parity_shared_fixture {
    struct parity_shared_fixture *next;
    char *key, *name; /* owned */
    struct parity_shared_scope *scope;
    enum parity_shared_state state;
    struct parity_slot *setter; /* whose test is at it; NULL: nobody's any more */
    double allowance_s;         /* for setting it up */
    double rest_s;              /* what the setter's test has left afterwards; 0: no limit */
    unsigned failures;          /* how often setting it up has failed */
    json_t *answer;             /* what tests are told; NULL: not known yet */
};

/** A place for a worker process and what it is doing. */
struct parity_slot {
    struct parity_worker_process process;
    enum parity_slot_state state;
    struct parity_job *job; /* owned while the slot has a task; NULL: none */
    bool begun;             /* the worker has said that the test runs */
    double since;           /* by parity_clock_s(): when the task was given */
    double deadline;        /* by parity_clock_s(); 0: none */
    double allowance_s;     /* what the deadline was made from */
    enum parity_kill_reason kill_reason;
    bool kill_asked; /* SIGABRT was sent, for the backtrace; SIGKILL is next */
    struct parity_shared_fixture *waits_for; /* its test has asked for it; NULL: none */
    double rest_s;                           /* what that test has left afterwards; 0: no limit */
    struct parity_shared_scope *scope;       /* what it cleans up; NULL: a test */
};

/**
 * A test that was begun, and what is known of it so far. It belongs to the slot that works on it,
 * or to the queue; how many there are does not depend on how many tests a run has.
 */
struct parity_job {
    size_t number;       /* of the test: a position in the worker's cases */
    unsigned repetition; /* with `repeat`: which one, from 0 */
    unsigned attempt;    /* how often it was run again because it did not pass */
    bool retrying;       /* it waits for the next attempt; `result` is that of the last one */
    struct parity_result result;
    json_t *cleanups; /* array: registered and not yet made; NULL: none */
    json_t *said;     /* array: the lines of its message until now, should it die; NULL: none */
    json_t *transformed, *raw, *request_ids;
    json_t *suggestions; /* to be added to the suite's transformers; NULL: none */
    json_t *first;       /* with `check_stable`: what the first run observed; NULL: none */
    bool again;          /* the second run has begun */
    char *answered_by;   /* owned; on AWS: an endpoint that is none of AWS's; NULL: none */
    bool judged;         /* the verdict is known, cleanups may be left */
    int restarts;
};

struct parity_run_state {
    const struct parity_run_options *options;
    struct parity_summary *summary;
    struct parity_slot *slots;
    size_t slot_count;
    size_t job_count, next_job, finished_jobs;
    struct parity_job **queue; /* owned; what goes first: cleanups of dead workers, further runs */
    size_t queue_count, queue_capacity;
    bool identified;
    bool abandoning;         /* not even cleanups are made any more */
    bool stopping;           /* no further test is begun */
    const char *stop_reason; /* for the tests that are left; NULL: they are counted as not run */
    char stop_text[512];
    struct parity_error failure; /* why no test could run */
    bool failed;

    json_t *suite_skips;                    /* see run_skips.c; NULL: nothing yet */
    struct parity_shared_fixture *fixtures; /* owned, and: */
    struct parity_shared_scope *scopes;

    char *account_id, *secondary_account_id, *models; /* owned: what a worker found out */
    struct parity_recordings *recordings;
    json_t *unsettled; /* see run_settle.c; NULL: nothing is recorded */
    char *account_hash;
};

/* run_events.c */
void parity_run_take_events(struct parity_run_state *run, struct parity_slot *slot);
/** What the worker noted without sending a message. */
void parity_run_take_mail(struct parity_run_state *run, struct parity_slot *slot);
/** The worker's task is over: it takes another one, or is gone. */
void parity_run_make_idle(struct parity_slot *slot);
void parity_run_make_empty(struct parity_slot *slot);
/** What the worker wrote until now is its test's. */
void parity_run_keep_output(struct parity_slot *slot, struct parity_result *result);
/** The cleanup that was registered last is done with. */
void parity_run_drop_cleanup(struct parity_job *job);

/* run_death.c */
void parity_run_handle_death(struct parity_run_state *run, struct parity_slot *slot, int status);
void parity_run_check_deadline(struct parity_run_state *run, struct parity_slot *slot, double now);
void parity_run_kill(struct parity_slot *slot, enum parity_kill_reason reason);
/** Let a test end before its next call; one that makes none is killed after a moment. */
void parity_run_ask_to_stop(struct parity_slot *slot);
/** Give up the cleanups of a test that are still to be made; each is reported. */
void parity_run_abandon_cleanups(struct parity_job *job);

/* run_job.c */
/** The next test of the run. New; NULL: out of memory, which is noted as the run's failure. */
struct parity_job *parity_run_next_job(struct parity_run_state *run);
void parity_run_free_job(struct parity_job *job);
/** Steals `job`, unless it fails. @return 0 or -1 (out of memory) */
int parity_run_queue(struct parity_run_state *run, struct parity_job *job);
/** NULL: nothing waits. */
struct parity_job *parity_run_unqueue(struct parity_run_state *run);
/** Which run of its test this is, so that the names it makes are others each time; 0: the first. */
unsigned parity_run_round(const struct parity_run_state *run, const struct parity_job *job);
/** Whether a test that did not pass is run again; then the job waits in the queue. */
bool parity_run_retry(struct parity_run_state *run, struct parity_job *job);
/** Keep what the last attempt found, and make room for the next one. */
void parity_run_begin_attempt(struct parity_job *job);
/* run_fixtures.c */
/** A worker asks for a fixture, has set one up, or hands over a cleanup of one. */
void parity_run_fixture_asked(struct parity_run_state *run, struct parity_slot *slot,
                              const json_t *event);
void parity_run_fixture_done(struct parity_run_state *run, struct parity_slot *slot,
                             const json_t *event);
void parity_run_fixture_cleanup(struct parity_run_state *run, const json_t *event);
/** What a worker was still setting up has failed: with its process, and the verdict on its test
 * changes accordingly; or, without `result`, since the worker had no memory to say more. */
void parity_run_fixtures_bury(struct parity_run_state *run, struct parity_slot *slot,
                              struct parity_result *result);
/** How long the innermost fixture that a worker sets up may take; 0: it sets up none. */
double parity_run_fixture_allowance(const struct parity_run_state *run,
                                    const struct parity_slot *slot);
/** The test that the worker is at is to end: it must not go on waiting for others. */
void parity_run_fixture_stop_waiting(struct parity_slot *slot);
/** A test has ended. */
void parity_run_scopes_note_end(struct parity_run_state *run, const struct parity_case *test);
/** Fixtures that no test needs any more and that are to be cleaned up; NULL: none. */
struct parity_shared_scope *parity_run_scope_due(const struct parity_run_state *run);
/** What a worker says while it cleans up, and its death. */
void parity_run_scope_event(struct parity_run_state *run, struct parity_slot *slot,
                            const json_t *event);
void parity_run_scope_death(struct parity_run_state *run, struct parity_slot *slot);
/** Give up the cleanups that are still to be made; each is reported. */
void parity_run_scopes_abandon(struct parity_run_state *run);
void parity_run_fixtures_clear(struct parity_run_state *run);

/* run_skips.c */
/** What the skip paths of a suite hid of one of its tests; NULL: nobody knows. */
void parity_run_skips_note(struct parity_run_state *run, const struct parity_case *test,
                           const json_t *suite_skips);
/** A test has ended. */
void parity_run_skips_note_end(struct parity_run_state *run, const struct parity_result *result);
/** At the end of the run: report and count those of which it is sure that they hid nothing. */
void parity_run_skips_report(struct parity_run_state *run);

/* run_settle.c */
/** Before the first test: see which tests are recorded into the same files. @return 0 or -1 (out of
 * memory) */
int parity_run_settle_begin(struct parity_run_state *run, struct parity_error *err);
/** A test has ended. */
void parity_run_settle_note_end(struct parity_run_state *run, const struct parity_case *test);

/* run_result.c */
/** Report a test and release it, unless it is to run again. Steals `job`. */
void parity_run_finish_job(struct parity_run_state *run, struct parity_job *job);
int parity_run_prepare_recording(struct parity_run_state *run, struct parity_error *err);
void parity_run_notice(const struct parity_run_state *run, const char *text);
/** Hide what no report may show in a text that is not part of a test's result. NULL is fine. */
void parity_run_mask_text(const struct parity_run_state *run, char *text);

/* run_signals.c */
/** Begin to catch SIGINT, SIGTERM, SIGHUP (unless it is ignored) and SIGCHLD. @return a descriptor
 * that is readable after one, or -1 (PARITY_E_ENVIRONMENT) */
int parity_run_signals_catch(struct parity_error *err);
/** How often the run was asked to end; empties the descriptor. */
int parity_run_signals_interruptions(void);
/** Which signal asked it first; 0: none did. */
int parity_run_signals_first(void);
void parity_run_signals_release(void);

#endif
