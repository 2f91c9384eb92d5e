/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_HABITS_H
#define PARITY_RUNNER_HABITS_H

#include <jansson.h>

#include "base/error.h"
#include "runner/habit_prune.h"

/*
 * How tests delete what they create, as earlier runs have seen it: a call and the cleanup that the
 * test registered for it. Where a later run dies between the two, that cleanup is made up again,
 * also where the service model does not say it ("CreateKey" and "ScheduleKeyDeletion"), and for
 * things whose names say nothing of whose they are: the test would have deleted just that.
 *
 * They stand in .parity/cleanups.jsonl of the project, which belongs to the machine:
 *
 *   {"test", "scope", "service", "operation", "cleanups": [{"service", "operation", "input"}]}
 *
 * "test" is the id of a test, "scope" then "test", or the key of a fixture that tests share,
 * "scope" then "suite" or "run". In "input" stands
 * {"$of": "input" | "output", "path": […]} for what comes from the call that created, with "is"
 * where it was a text that does not change from run to run; then it must be the same again.
 */
struct parity_habits;

/** Where a project keeps them; new, or NULL when out of memory. */
char *parity_habits_path(const char *project_folder);

/** @return new, or NULL when out of memory */
struct parity_habits *parity_habits_new(void);
void parity_habits_free(struct parity_habits *habits);

/**
 * Learn from a line of a journal (runner/journal.h), each in its turn. What a test has made several
 * times and did not always delete in the same way is no habit.
 *
 * @param data  the habits: this is a callback of parity_journal_read_lines()
 * @param line  kept as long as no cleanup covers its call, which then gets an "output"
 */
void parity_habits_note(void *data, json_t *line);

/**
 * Keep in a file what was learned. What it says of other calls stays, unless their test is gone.
 *
 * @param tests  NULL: forget nothing
 * @param err  PARITY_E_IO, PARITY_E_PARSE, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_habits_save(const struct parity_habits *habits, const char *path,
                       const struct parity_habit_tests *tests, struct parity_error *err);

/** Whose habit a packed call of a test is. Borrowed. */
const char *parity_habits_owner(const char *test, const json_t *call);

/** What is put back in place of what a journal hides; members may be NULL. */
struct parity_habits_accounts {
    const char *account_id, *second_account_id;
};

/**
 * The cleanup that a test is used to make for a call.
 *
 * @param output    what it was answered with; NULL: that is not known, so all has to stand in its
 *                  input
 * @param accounts  NULL: nothing was hidden
 * @return new: packed, with the options of `call`; NULL: none is known
 */
json_t *parity_habits_find(const char *path, const char *owner, const json_t *call,
                           const json_t *output, const struct parity_habits_accounts *accounts);

#endif
