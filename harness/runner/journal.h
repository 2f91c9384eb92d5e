/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JOURNAL_H
#define PARITY_RUNNER_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "client/credentials.h"
#include "client/model.h"

/*
 * What a run writes down before it creates anything, so that what is left after a crash of anything
 * can be found and deleted (docs/cleanup.md).
 *
 * One file for each run, one JSON object on each line, only ever appended to, by the runner and all
 * its workers. The file is locked while a process of the run lives, and removed at the end if
 * nothing is left. Its lines:
 *
 *   {"event": "run", "run", "target": "aws" | "emulator", "endpoint_url", "emulator", "region",
 *    "project", "at"}
 *   {"event": "account", "hash"}                       on AWS: whose account it is
 *   {"event": "call", "id", "test", "at", "call"}      may create something; before it is sent
 *   {"event": "answer", "id", "output"}                it did
 *   {"event": "refusal", "id"}                         it did not
 *   {"event": "cleanup", "id", "test", "at", "call", "covers": [ids of calls]}
 *   {"event": "settled", "ids"}                        made, or nothing to be done about
 *
 * A "call" is of parity_test_pack_call(), with its region and, as "names", the id in the unique
 * names of the test's run. No line holds a credential, a value that
 * the service model calls sensitive, or the number of an account of AWS: the caller's own stand as
 * "<account>" and "<second-account>" and are put back when the file is read.
 */
struct parity_journal;

/** Whose run it is. Borrowed for the call; members may be NULL where not said otherwise. */
struct parity_journal_options {
    const char *folder;       /* where journals are; NULL: parity_journal_folder() */
    const char *run_id;       /* required */
    bool aws;                 /* also: each line that matters is on the disk before the call is
                                 sent, and accounts are not named */
    const char *endpoint_url; /* of an emulator */
    const char *emulator;     /* its name */
    const char *region, *project;
};

/** Values that no line may hold. Members may be NULL; all are borrowed until replaced. */
struct parity_journal_secrets {
    const char *account_id, *second_account_id;
    const struct parity_credentials *credentials, *second_credentials;
};

/**
 * "$XDG_STATE_HOME/parity/journal", else "~/.local/state/parity/journal". New.
 *
 * @param err  PARITY_E_ENVIRONMENT: neither variable is set
 */
char *parity_journal_folder(struct parity_error *err);

/**
 * Begin the journal of a run. Processes forked afterwards write to it, too.
 *
 * @param err  PARITY_E_ENVIRONMENT, PARITY_E_IO, PARITY_E_NOMEM
 * @return new, released with parity_journal_close(); NULL on failure
 */
struct parity_journal *parity_journal_open(const struct parity_journal_options *options,
                                           struct parity_error *err);

/** Go on with the file of a run that has ended. `fd` is locked and open for appending; taken over.
 * New, or NULL (then `fd` is closed). */
struct parity_journal *parity_journal_resume(const char *path, int fd, bool aws,
                                             struct parity_error *err);

/** Release it, by the process that opened it. `remove` deletes the file. NULL is fine. */
void parity_journal_close(struct parity_journal *journal, bool remove);

const char *parity_journal_path(const struct parity_journal *journal);

/** What is kept out of lines written from now on; on AWS only. Copied. */
void parity_journal_hide(struct parity_journal *journal,
                         const struct parity_journal_secrets *secrets);

/** Say, on AWS, whose account it is. */
void parity_journal_say_account(struct parity_journal *journal, const char *account_id);

/**
 * Say that a call is about to be sent that may create something.
 *
 * @param call       packed
 * @param operation  of the model, for the members that are sensitive; NULL: unknown
 * @param err        PARITY_E_IO: it could not be written, so the call must not be sent
 * @return its id, or 0
 */
json_int_t parity_journal_call(struct parity_journal *journal, const char *test, const json_t *call,
                               const struct parity_operation *operation, struct parity_error *err);

/** Say that a call was answered and what with, or (`output` NULL) that it was refused. */
void parity_journal_answer(struct parity_journal *journal, json_int_t id, const json_t *output,
                           const struct parity_operation *operation);

/**
 * Say that a cleanup is to be made.
 *
 * @param covers  array of ids of calls that it undoes
 * @return its id, or 0: it could not be written
 */
json_int_t parity_journal_cleanup(struct parity_journal *journal, const char *test,
                                  const json_t *call, const json_t *covers);

/** Strike entries off. `ids` is an array. */
void parity_journal_settle(struct parity_journal *journal, const json_t *ids);

/** The same for one. */
void parity_journal_settle_one(struct parity_journal *journal, json_int_t id);

#endif
