/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_INVENTORY_H
#define PARITY_RECORDER_INVENTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/buffer.h"
#include "base/error.h"
#include "recorder/layout.h"
#include "recorder/secrets.h"

/*
 * Everything that stands in a folder of recordings, for those who keep it in order.
 */

/** Names of files below a folder, sorted folder by folder. Zero-initialise, clear. */
struct parity_inventory_names {
    char **items; /* each owned */
    size_t count, capacity;
};
void parity_inventory_names_clear(struct parity_inventory_names *names);

/** The names that end with `suffix`. @return 0 (also when there is no folder) or -1 (PARITY_E_IO)
 */
int parity_inventory_names(const char *folder, const char *suffix,
                           struct parity_inventory_names *out, struct parity_error *err);

/** One file. */
struct parity_inventory_file {
    char *path, *name; /* owned; `name` is below the folder */
    bool exists;
    struct parity_buffer text;
    json_t *content; /* new: object of objects; NULL: no such file, or `failure` says what is wrong
                        with it */
    struct parity_layout layout; /* of `content` */
    struct parity_error failure;
};

/** The files of one suite. */
struct parity_inventory_suite {
    char *stem; /* owned: "sqs/test_send" */
    struct parity_inventory_file snapshot, validation;
};

/** Zero-initialise, read, clear. */
struct parity_inventory {
    char *folder; /* owned */
    struct parity_inventory_suite *suites;
    size_t count, capacity;
};

/**
 * Read all snapshot and validation files below `folder`, in the order of their names; raw and
 * pending ones are left out. A folder that does not exist is empty. A file that cannot be read is
 * no failure here: it has a `failure`.
 *
 * @param out  filled from zero; cleared by the caller in either case
 * @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM)
 */
int parity_inventory_read(const char *folder, struct parity_inventory *out,
                          struct parity_error *err);
void parity_inventory_clear(struct parity_inventory *inventory);

/**
 * What is recorded: an array of {"id", "file", "keys" (of the match values), "recorded_date"
 * (ISO 8601), "age_days", "last_validated_date", "from_aws", "target", "region", "models"}; what is
 * not known is null.
 *
 * @param out  new
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_inventory_list(const struct parity_inventory *inventory, time_t now, json_t **out,
                          struct parity_error *err);

/** "15-01-2024, 12:00:00" or "2024-01-15T12:00:00+00:00" as seconds since 1970; -1: no date. */
time_t parity_inventory_date(const char *text);

/** Which tests there are. */
struct parity_inventory_tests {
    const json_t *ids;     /* object: the ids, and the keys that tests name with `recorded_as` */
    const json_t *unknown; /* object: suite paths of which the tests are not known, since they are
                              not built; NULL: none */
};

/**
 * What is wrong in the files: an array of {"file", "test" (or null), "problem", "message"}, where
 * "problem" is
 *
 *   broken        no file of recordings, or a member twice in one object; with line and column
 *   format        not in the canonical form
 *   misplaced     the entry of a test of another suite
 *   empty         nothing stands in the recording
 *   date          no date, or none of the form
 *   secret        what looks like a credential
 *   provenance    a validation entry without a recording
 *   unknown-test  no suite has this test
 *
 * @param tests    NULL: tests are not looked at
 * @param secrets  as for recording
 * @param out      new
 * @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_PARSE: a path of `secrets->allow`)
 */
int parity_inventory_check(const struct parity_inventory *inventory,
                           const struct parity_inventory_tests *tests,
                           const struct parity_secrets_options *secrets, json_t **out,
                           struct parity_error *err);

/** Append the canonical text of a file that was read. @return 0 or -1 (out of memory) */
int parity_inventory_canonical(const struct parity_inventory_file *file, struct parity_buffer *out);

/**
 * Entries that no test has, sorted by file: an array of {"id", "file"}.
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_inventory_orphans(const struct parity_inventory *inventory,
                             const struct parity_inventory_tests *tests, json_t **out,
                             struct parity_error *err);

/**
 * Read what "older than" means: a number of days before `now`, "2024-01-15" or "15-01-2024" (the
 * start of that day, UTC).
 * @return 0 or -1 (PARITY_E_USAGE)
 */
int parity_inventory_limit(const char *text, time_t now, time_t *out, struct parity_error *err);

/**
 * Tests that were last validated on AWS before `limit`, or never: an array of {"id",
 * "last_validated_date" (or null)}, the oldest first.
 *
 * @return 0 or -1 (PARITY_E_NOMEM)
 * @see REFERENCE.md, 7.5
 */
int parity_inventory_stale(const struct parity_inventory *inventory, time_t limit, json_t **out,
                           struct parity_error *err);

/* Changes: other writers are kept out, and what stands on disk is read again. */

/**
 * Rewrite a file in the canonical form. One with a member that stands twice is refused, since one
 * of the two would be lost.
 *
 * @param name  as in the inventory
 * @return 0 or -1 (PARITY_E_PARSE, PARITY_E_INVALID, PARITY_E_IO)
 */
int parity_inventory_format(const char *folder, const char *name, struct parity_error *err);

/**
 * Take entries out of the files of one suite (raw and pending ones, too); all that is left stays
 * byte for byte. A file with nothing left is removed.
 *
 * @param ids  array of strings
 * @return 0 or -1 (PARITY_E_PARSE, PARITY_E_IO; then some files may be done and others not, none
 * half)
 */
int parity_inventory_delete(const char *folder, const char *stem, const json_t *ids,
                            struct parity_error *err);

#endif
