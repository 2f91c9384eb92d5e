/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SNAPSHOT_H
#define PARITY_RECORDER_SNAPSHOT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "recorder/secrets.h"

/*
 * Snapshot and validation files, those of localstack-snapshot (REFERENCE.md, 1 and 7.5), with
 * provenance beside `last_validated_date`.
 */

/** Where recordings are: the project's own tree, and further ones to read from. */
struct parity_recordings;

struct parity_recordings_options {
    const char *folder;              /* the project's tree, recorded into; required */
    const char *const *ground_truth; /* NULL-terminated further trees; NULL: none. A tree is DIR or
                                        a folder one level below it. */
    long lock_timeout_ms;            /* how long to wait for another parity; 0: 30,000 */
};

/**
 * Nothing is read yet.
 *
 * @param options  copied
 * @param err      PARITY_E_NOT_FOUND: a ground truth folder does not exist; PARITY_E_NOMEM
 */
struct parity_recordings *parity_recordings_new(const struct parity_recordings_options *options,
                                                struct parity_error *err);
void parity_recordings_free(struct parity_recordings *recordings);

/** One test's recording. Zero-initialise, clear. */
struct parity_recording {
    json_t *content;     /* shared, not to be changed: {match key: value}; NULL: nothing recorded */
    json_t *provenance;  /* new; NULL: none (recorded by the reference, or before provenance) */
    bool from_aws;       /* the validation file says that it was validated on AWS */
    char *recorded_date; /* owned; NULL: none */
    char *last_validated_date; /* owned; NULL: none */
    char *file;                /* owned: where it stands */
    char *key;                 /* owned: under which key */
};
void parity_recording_clear(struct parity_recording *recording);

/**
 * Find the recording of a test: first in the ground truth trees (under `recorded_as`, then its own
 * id), then in the project's tree.
 *
 * Files are read once and kept until the recordings are freed. What is wrong with one anywhere
 * makes each of its tests fail, but of its entries only those are parsed that are found here.
 *
 * @param id           "<suite path>::<test>"
 * @param recorded_as  the key of the same test in another project; NULL: none
 * @param err          PARITY_E_NOT_FOUND: says which files and keys were looked at and how to
 * record; PARITY_E_PARSE: a file that is no snapshot file, with line and column
 * @return 0 or -1
 */
int parity_recordings_find(struct parity_recordings *recordings, const char *id,
                           const char *recorded_as, struct parity_recording *out,
                           struct parity_error *err);

struct parity_recording_update {
    const char *id;
    const json_t *content;    /* transformed, {match key: value} */
    const json_t *raw;        /* NULL: no raw file */
    const json_t *provenance; /* object, see parity_provenance(); members follow the reference's */
    const struct parity_secrets_options *secrets; /* what must not be written; NULL: only what looks
                                                     like a credential */
    time_t now;                                   /* seconds since 1970, UTC */
    double setup_s, call_s, teardown_s;           /* written for AWS only */
    bool replace_aws; /* let an emulator's answers replace a recording made on AWS */
};

struct parity_provenance_options {
    const char *target;  /* "aws", or an emulator's name and version; required */
    const char *region;  /* NULL: none */
    const char *account; /* from parity_account_hash(); NULL: none */
    const char *models;  /* version of the service models, "botocore 1.43.67"; NULL: unknown */
    const json_t *request_ids; /* array of strings, kept for "aws" only; NULL: none */
};

/**
 * What stands for an account in files: two recordings of one account agree in it, and the number
 * cannot be found from it in reasonable time. Takes some 50 ms on purpose: call it once per run.
 *
 * @return new, released with parity_free(); NULL when out of memory
 * @see RFC 7914 (scrypt)
 */
char *parity_account_hash(const char *account_id);

/** The provenance of a recording, in the order in which it is written. New; NULL: no memory. */
json_t *parity_provenance(const struct parity_provenance_options *options);

/**
 * Store one test's recording in the project's tree: its own entries in the snapshot and validation
 * file are replaced, everything else in them stays byte for byte.
 *
 * Then it is on the disk, found by parity_recordings_find(), and lost by nothing; in the files
 * themselves it stands once it is settled (recorder/settle.h). A recording that cannot be written
 * changes nothing. Where provenance names AWS as the target, the validation entry has a date and
 * durations; where it names an emulator, it has not, so it can never be taken for a validation. A
 * second parity that records into the same tree is waited for.
 *
 * @return 0 or -1: PARITY_E_IO (also: the lock), PARITY_E_PARSE (the existing file is broken, and
 * is not overwritten), PARITY_E_INVALID (a credential in the content; an emulator's answers would
 * replace a recording made on AWS)
 */
int parity_recordings_store(struct parity_recordings *recordings,
                            const struct parity_recording_update *update, struct parity_error *err);

/**
 * Store what stood before the transformers, and nothing else: a run that verifies does so to show
 * why it came to its verdict. Of `update` only `id`, `raw`, `secrets` and `now` are used.
 *
 * @return 0 or -1, as parity_recordings_store()
 * @see REFERENCE.md, 1.5
 */
int parity_recordings_store_raw(struct parity_recordings *recordings,
                                const struct parity_recording_update *update,
                                struct parity_error *err);

#endif
