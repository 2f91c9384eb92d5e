/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JOURNAL_READ_H
#define PARITY_RUNNER_JOURNAL_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/** Something that a journal holds and that was not struck off. */
struct parity_journal_entry {
    json_int_t id;
    bool is_cleanup;  /* a registered cleanup; else a call that may have created something */
    bool answered;    /* of a call: it did */
    const char *test; /* id; borrowed, as all below */
    const char *at;   /* ISO 8601 */
    double at_s;      /* the same in seconds since 1970; 0: not said */
    json_t *call;     /* packed */
    json_t *output;   /* of an answered call; NULL: none */

    json_t *line, *answer; /* owned; what the above is borrowed from. `answer` may be NULL */
};

/** A journal (runner/journal.h) as far as it matters: what is left. Zero-initialise, read, clear.
 */
struct parity_journal_record {
    const char *run_id; /* NULL: there is no run in it; then nothing else is, either */
    bool aws;
    const char *endpoint_url, *emulator, *region, *project, *at; /* NULL: not said */
    const char *account_hash;                                    /* NULL: not said */

    struct parity_journal_entry *entries; /* in the order in which they began */
    size_t count;

    json_t *lines; /* owned; what the run's own members are borrowed from */
};

/**
 * Read the file of a run. Lines that are none, as the last one after a crash, are skipped.
 *
 * @param out  filled from zero; cleared by the caller in either case
 * @param err  PARITY_E_NOT_FOUND, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_journal_read(const char *path, struct parity_journal_record *out,
                        struct parity_error *err);

/** The same, with `note` told of each line in its turn, also of what was struck off. */
int parity_journal_read_lines(const char *path, void (*note)(void *data, json_t *line), void *data,
                              struct parity_journal_record *out, struct parity_error *err);
void parity_journal_record_clear(struct parity_journal_record *record);

#endif
