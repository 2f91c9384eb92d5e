/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TEST_H
#define PARITY_RUNNER_TEST_H

#include <jansson.h>
#include <parity/test.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "client/client.h"
#include "runner/journal.h"
#include "runner/outcome.h"
#include "runner/registry.h"
#include "runner/trace.h"

/** An account that tests call with. */
struct parity_identity {
    const char *account_id;
    const char *region;
    const struct parity_credentials *credentials; /* NULL: the client's; for the secondary account:
                                                     there is none */
};

/** What a test runs in. */
struct parity_test_environment {
    struct parity_target_info target;
    const char *partition;
    const char *run_id; /* part of unique names */
    struct parity_identity primary, secondary;
    struct parity_models *models; /* for protocols, waiters and pages */
    const char *protocol; /* for calls that name none, of services that list it; NULL: none */

    /** As parity_client_call(). */
    int (*call)(void *data, const char *service, const char *operation, const json_t *input,
                const struct parity_call_options *options, json_t **out,
                struct parity_call_record *record, struct parity_error *err);
    /** Whether the test is to end before its next call. NULL: never. */
    bool (*is_asked_to_stop)(void);
    /** What tests of the same suite share when they are judged. NULL: each makes its own. */
    struct parity_common_transformers *common_transformers;
    /** Where calls that create and cleanups are written down (docs/cleanup.md). NULL: nowhere. */
    struct parity_journal *journal;
    /** How tests deleted what they created in earlier runs (runner/habits.h). NULL: not known. */
    const char *habits;
    /** Told of what must survive the test's process: {"event": "cleanup" | "said", …}.
     * Borrowed. NULL: nobody listens. */
    void (*tell)(void *data, const json_t *event);
    /** The same of {"event": "call", …}, by its text, or a buffer that failed: this is said often.
     */
    void (*tell_call)(void *data, const struct parity_buffer *event);
    /** Asked for a fixture that tests share, by {"event": "fixture", …}. Hands over a new answer:
     * {"value"}; {"error", "outcome", "location", "environmental"}; or {"set_up": true}: this test
     * is to set it up, and to tell {"event": "fixture_done", …}. NULL: each test sets up its own.
     */
    json_t *(*ask)(void *data, const json_t *question);
    void *data;
};

/** A fixture that is being set up, or the suite's `set_up`; those that asked for it are around it.
 */
struct parity_set_up {
    struct parity_set_up *outer;
    const struct parity_fixture *fixture; /* NULL: the suite's `set_up` */
    const char *key;             /* of a fixture that tests share; NULL: it is the test's */
    json_t *value;               /* borrowed from the test */
    enum parity_outcome outcome; /* of the set-up alone */
    size_t said;                 /* length of the test's message before it */
    size_t creates;              /* length of the test's list of them before it */
    jmp_buf end;
};

/** A test while it runs. Zero-initialise, init, run, clear. */
struct parity_test {
    const struct parity_case *test_case;
    const struct parity_test_environment *environment;
    size_t number; /* of the test in the run */

    enum parity_outcome outcome;
    bool environmental;           /* the machine or network is to blame for an error */
    struct parity_buffer message; /* why, a line for each reason */
    char location[256];           /* "sqs/test_send.c:17" where it ended; "" when it did not end
                                     early */
    bool is_set_up;               /* the suite's `set_up` has done its work */
    bool ended_early;             /* the body was left before its end */

    json_t *observed;          /* object: {match key: value} */
    json_t *transformations;   /* array: transformers added at run time, in the case format */
    size_t call_count;         /* of calls made; each was told with {"event": "call"} */
    json_t *request_ids;       /* array of strings */
    struct parity_trace trace; /* which of the calls had their answers checked */
    json_t *cleanups;          /* array: calls still to be made, see parity_test_run_cleanups() */
    json_t *cleanup_failures;  /* array: {"call", "message"} */
    double body_s, cleanup_s;

    json_t *creates;         /* array: calls that may have created something and that no cleanup
                                covers yet, see runner/test_journal.h */
    json_int_t fresh_create; /* of these, the one that was the last thing the body did; 0: none */
    json_t *made;            /* array: inputs of cleanups that were made */
    bool adopted;            /* of a test whose process died: all of `creates` are to be undone */
    json_t *fixtures;        /* object: values of those that this test asked for, by name */
    struct parity_set_up *setting_up; /* the innermost; NULL: none */

    json_t *owned; /* array: values handed to the body */
    char **texts;  /* texts handed to the body, each owned */
    size_t text_count, text_capacity;
    unsigned name_count;
    size_t attachment_count;
    /** Called when the body has ended, however it did; must not leave by parity_test_end(). */
    void (*at_end)(struct parity_test *t, void *data);
    void *at_end_data;
    bool in_body;
    pid_t process; /* in which the body runs */
    jmp_buf end;
    const char *file; /* where in the suite the last call stands */
    int line;
};

/** @return 0 or -1 (PARITY_E_NOMEM) */
int parity_test_init(struct parity_test *t, const struct parity_case *test_case,
                     const struct parity_test_environment *environment, size_t number,
                     struct parity_error *err);
void parity_test_clear(struct parity_test *t);

/** Run the body; the outcome and its reason stand in `t` afterwards. */
void parity_test_run_body(struct parity_test *t);

/**
 * Make the calls of `t->cleanups`, last one first, and take them out; each is told as {"event":
 * "cleaned"}, so that another process can go on where this one stops.
 */
void parity_test_run_cleanups(struct parity_test *t);

/**
 * Register a cleanup as data.
 *
 * @param call  new or NULL (out of memory): of parity_test_pack_call(); stolen
 * @param rank  its place among cleanups that have one: a higher rank is made earlier, whatever was
 *              registered first. Negative: made before all that are registered until now
 */
void parity_test_add_cleanup(struct parity_test *t, json_t *call, int rank);

/** The same where the body has ended. @return 0 or -1 (no memory) */
int parity_test_push_cleanup(struct parity_test *t, json_t *call, int rank);

enum parity_cleanup_result { PARITY_CLEANUP_MADE, PARITY_CLEANUP_GONE, PARITY_CLEANUP_FAILED };

/**
 * Make one cleanup.
 *
 * @param packed  a call, or a wait or pause between calls
 * @param text    why it failed, or "", of `size` bytes
 * @return PARITY_CLEANUP_GONE: what it deletes is not there
 */
enum parity_cleanup_result parity_test_make_cleanup(struct parity_test *t, const json_t *packed,
                                                    char *text, size_t size);

/** Whether a cleanup only waits, so that nothing is left where it fails. */
bool parity_test_is_pause(const json_t *packed);

/** Pause between cleanups; ends early when the test is asked to stop. */
void parity_test_sleep_in_cleanup(struct parity_test *t, double seconds);

/** What a packed call is made with. Borrowed from `packed`. */
void parity_test_unpack_options(const json_t *packed, struct parity_test_options *out);

/** A call as data, so that another process can make it. New; NULL when out of memory. */
json_t *parity_test_pack_call(const struct parity_test_options *options, const char *service,
                              const char *operation, json_t *input);

/** Set the outcome, unless a worse one is known, and add a line to the message. */
__attribute__((format(printf, 3, 4))) void
parity_test_conclude(struct parity_test *t, enum parity_outcome outcome, const char *format, ...);

/** The same for a function that failed: by its code the outcome is `failed` (the response) or
 * `error`. */
void parity_test_conclude_error(struct parity_test *t, const struct parity_error *err);

/* --- between the files of the test -------------------------------------------------------------
 */

/** Leave the body, or the innermost set-up, and note where. */
__attribute__((noreturn)) void parity_test_end(struct parity_test *t);

/** The same where the place is known already. */
__attribute__((noreturn)) void parity_test_leave(struct parity_test *t);

/** Where in the suite the last call stands, without the line: as ids name the suite, and other
 * files beside it. Borrowed. */
const char *parity_test_file(const struct parity_test *t);

/** Run the suite's `set_up`, if it has one; leaves the body when it fails. */
void parity_test_set_up_suite(struct parity_test *t);

/** Leave the body if what is set up is for other tests, too, where `what` has no place. */
void parity_test_refuse_in_shared(struct parity_test *t, const char *what);

/** Note that a value was got for the calls from the `first`-th on; NULL is no value. */
void parity_test_trace(struct parity_test *t, json_t *value, size_t first_call);

/** A text made as vprintf makes it; new, or NULL when out of memory. */
__attribute__((format(printf, 1, 0))) char *parity_test_vformat(const char *format,
                                                                va_list arguments);

/** The beginning of a value for a message; new, or NULL. */
char *parity_test_excerpt(const json_t *value);

/** Leave the body if the runner wants it to end: before a call, when all that was created before
 * has its cleanup registered. */
void parity_test_heed_stop(struct parity_test *t);

/**
 * Wait for an interval, or for what is left of it until the deadline.
 *
 * @param deadline_s  by parity_clock_s()
 * @return false when nothing is left
 */
bool parity_test_wait_within(struct parity_test *t, double interval_s, double deadline_s);

/** Read the template of a call's input; ends the test when it does not hold. Owned by the test. */
json_t *parity_test_read_input(struct parity_test *t, const char *service, const char *operation,
                               const char *input, va_list *arguments);

/** The call as the client makes it, noted for the report. @param out new @return 0 or -1 */
int parity_test_exchange_to_file(struct parity_test *t, const struct parity_test_options *wishes,
                                 const char *path, const char *service, const char *operation,
                                 const json_t *input, json_t **out, struct parity_error *err);
int parity_test_exchange(struct parity_test *t, const struct parity_test_options *wishes,
                         const char *service, const char *operation, const json_t *input,
                         json_t **out, struct parity_error *err);

/** A call of the body: checked, and owned by the test. */
json_t *parity_test_call_value(struct parity_test *t, const struct parity_test_options *wishes,
                               const char *service, const char *operation, const json_t *input);

/** "Code" or "Message" of an error response; "" when it has none. Borrowed. */
const char *parity_test_error_member(const json_t *response, const char *name);

/** Leave the body if the response is not what was expected. */
void parity_test_check_expectation(struct parity_test *t, enum parity_expectation expect,
                                   const char *service, const char *operation, json_t *response);

/** Leave the body for a call that failed. */
__attribute__((noreturn)) void parity_test_end_call(struct parity_test *t, const char *service,
                                                    const char *operation,
                                                    struct parity_error *err);

/** Leave the body for lack of memory. */
__attribute__((noreturn)) void parity_test_end_nomem(struct parity_test *t);

/** Hand a new value over to the test. @return `value`, borrowed from the test */
json_t *parity_test_own(struct parity_test *t, json_t *value);

/** The same for a text of parity_malloc(). */
const char *parity_test_own_text(struct parity_test *t, char *text);

/** Add a transformer in the case format to an array. @return 0 or -1 (out of memory) */
int parity_transformation_add(json_t *specs, const struct parity_transformation *transformation);

/** Pass an event on to whoever listens. Steals `event`. */
void parity_test_tell(struct parity_test *t, json_t *event);

#endif
