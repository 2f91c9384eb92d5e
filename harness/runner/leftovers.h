/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_LEFTOVERS_H
#define PARITY_RUNNER_LEFTOVERS_H

#include <stddef.h>

#include "base/error.h"
#include "runner/journal_read.h"
#include "runner/test.h"

/*
 * What runs that are over have left behind, by their journals: `parity run --cleanup`.
 */

/** A run that is over, and what it left. Its journal is locked. */
struct parity_leftover {
    struct parity_journal *journal;
    struct parity_journal_record record; /* at least one entry */
};

struct parity_leftovers {
    struct parity_leftover *items; /* the oldest run first */
    size_t count, capacity;
    size_t running; /* runs that are not over, and are left alone */
};

/**
 * Look through the journals of a folder. Those of runs that left nothing are removed.
 *
 * A journal is locked while a process of its run lives; for one that is, this waits a moment, since
 * the last processes of a run that was killed end a little later.
 *
 * @param folder  NULL: parity_journal_folder(); one that does not exist holds nothing
 * @param out     filled from zero; cleared by the caller in either case
 * @return 0 or -1 (PARITY_E_ENVIRONMENT, PARITY_E_IO, PARITY_E_NOMEM)
 */
int parity_leftovers_find(const char *folder, struct parity_leftovers *out,
                          struct parity_error *err);

/** How many runs that are over have a journal, without reading any; 0 also where that can't be
 * told.
 * @param folder  as above */
size_t parity_leftovers_count(const char *folder);

/** Release them, and remove the journals of which nothing is left. */
void parity_leftovers_clear(struct parity_leftovers *leftovers);

enum parity_leftover_fate {
    PARITY_LEFTOVER_DELETED,
    PARITY_LEFTOVER_GONE,     /* it was not there any more, or never */
    PARITY_LEFTOVER_FAILED,   /* it is still there */
    PARITY_LEFTOVER_DOUBTFUL, /* it may be older than its run; what would delete it is known */
    PARITY_LEFTOVER_UNKNOWN,  /* nobody can say how to delete it, or whether it is there */
    PARITY_LEFTOVER_FATES
};

struct parity_leftover_options {
    const struct parity_test_environment
        *environment; /* of the same target, with accounts, models and `call` */
    bool force;       /* delete also what may be older than its run */
    /** Told what became of each entry. @param call  the one that was made, of
     * PARITY_LEFTOVER_DOUBTFUL the one that would delete it, of PARITY_LEFTOVER_UNKNOWN the one
     * that may have created something. @param reason  "" or why it failed */
    void (*tell)(void *data, enum parity_leftover_fate fate,
                 const struct parity_journal_entry *entry, const json_t *call, const char *reason);
    void *data;
};

/**
 * Delete what a run has left.
 *
 * Newest first, over and over while that deletes anything, since things may depend on each other.
 *
 * @return 0, whatever became of the entries, or -1 (PARITY_E_NOMEM)
 */
int parity_leftover_delete(struct parity_leftover *leftover,
                           const struct parity_leftover_options *options, struct parity_error *err);

/**
 * Whether an entry may be older than its run, so that only `force` deletes it, as far as that can
 * be said without asking the target.
 *
 * @param models  NULL: there are none
 * @param habits  file that says how tests delete what they create (runner/habits.h); NULL: none
 * @param undo    new: what would delete it; NULL: that is found out by asking, if at all
 */
bool parity_leftover_needs_force(const struct parity_leftover *leftover,
                                 const struct parity_journal_entry *entry,
                                 struct parity_models *models, const char *habits, json_t **undo);

#endif
