/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TEST_JOURNAL_H
#define PARITY_RUNNER_TEST_JOURNAL_H

#include "runner/test.h"
#include "runner/undo.h"

/*
 * What a test says to the journal (runner/journal.h), and what becomes of its calls that created
 * something: one is covered by the cleanup that is registered for it. One without a cleanup is
 * undone at the end if the test could not register any: it ended, or died, before it came to that.
 * Otherwise it is the test's own business.
 *
 * `t->creates` holds {"id", "at_s", "call", "output"}, without "output" while there is no answer.
 */

/** A call of a body that may create something. */
struct parity_test_create {
    json_int_t id; /* 0: it may not, or there is no journal */
    json_t *entry; /* borrowed from the test */
};

/**
 * Write down a call that is about to be made, if it may create something.
 *
 * @param err  PARITY_E_IO: it could not be written, so the call must not be made
 * @return 0 or -1
 */
int parity_test_journal_call(struct parity_test *t, const struct parity_test_options *wishes,
                             const char *service, const char *operation, const json_t *input,
                             struct parity_test_create *out, struct parity_error *err);

/**
 * Write down how it ended.
 *
 * @param response  NULL: there was none
 * @param in_doubt  whether it may have created something, although the response says it did not
 */
void parity_test_journal_answer(struct parity_test *t, const struct parity_test_create *create,
                                const json_t *response, bool in_doubt);

/** Write down a cleanup that was registered; its id is put into `packed` as "journal". */
void parity_test_journal_cleanup(struct parity_test *t, json_t *packed);

/** Strike off a cleanup that was made, or not needed. */
void parity_test_journal_made(struct parity_test *t, const json_t *packed);

/** Turn what has to be undone, and can be, into cleanups. */
void parity_test_undo_creates(struct parity_test *t);

/** After the cleanups: strike off what need not be looked after any more. */
void parity_test_settle_creates(struct parity_test *t);

/**
 * The same where a fixture that tests share is set up: what it made without a cleanup must not go
 * when this test dies, since others need it.
 *
 * @param before  length of `t->creates` when the set-up began
 */
void parity_test_settle_set_up(struct parity_test *t, size_t before);

/** Take over from the journal what this run of a test, which died, may have created. */
void parity_test_adopt_creates(struct parity_test *t);

/**
 * Wait until an answer that there is nothing can be believed: a call of which it is not known how
 * it ended may still be under way.
 *
 * @param at_s  when it was sent, in seconds since 1970
 */
void parity_test_let_settle(struct parity_test *t, double at_s);

/** A call that may have created something. Borrowed. */
struct parity_test_made {
    const char *test;            /* id */
    const char *run_id;          /* in the unique names that it made */
    const json_t *call, *output; /* packed; `output` NULL: it was not answered */
    bool may_be_older;           /* ask also what would delete a thing that may be */
};

/** How to undo a call, with the calls of this test: as the test that made it has done when it came
 * to that, else by the service model. As parity_undo_find(). */
enum parity_undo_answer parity_test_undo(struct parity_test *t, const struct parity_test_made *made,
                                         json_t **undo, struct parity_error *err);

/** The part of a run's unique names that its attempts share. Borrowed from `run_id`. */
const char *parity_test_mark(const char *run_id);

#endif
