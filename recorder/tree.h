/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_TREE_H
#define PARITY_RECORDER_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"

/* What reading and storing share: where the files of a test are, and reading them. */

/** A folder with recordings. */
struct parity_tree {
    char *folder; /* owned */
    bool ground_truth;
};

struct parity_recordings {
    struct parity_tree *trees; /* in the order in which they are looked through; own one last */
    size_t tree_count, tree_capacity;
    struct parity_tree_file *files; /* see recorder/tree_file.h */
    size_t file_count, file_capacity;
    long lock_timeout_ms;
};

/** The kinds of file that a suite has, by the end of their names. */
#define PARITY_SNAPSHOT_SUFFIX ".snapshot.json"
#define PARITY_RAW_SUFFIX ".raw.snapshot.json"
#define PARITY_VALIDATION_SUFFIX ".validation.json"

/**
 * "<folder>/<suite path of key, without its last extension><suffix>"; a key without "::" is that of
 * a scenario: "<folder>/<the folders of key><suffix>".
 *
 * @param key  "<suite path>::<test>" or "<folders>/<test>"
 * @param err  PARITY_E_INVALID: the key leads out of the folder; PARITY_E_NOMEM
 * @return new, or NULL
 */
char *parity_tree_path(const char *folder, const char *key, const char *suffix,
                       struct parity_error *err);

/**
 * Read a snapshot or validation file: an object of objects, no member twice. An empty file is an
 * empty object, as for the reference.
 *
 * @param out  new; NULL when there is no such file or on failure
 * @param err  PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 (also when there is no such file) or -1
 */
int parity_tree_read(const char *path, json_t **out, struct parity_error *err);

/** Replace such a file (parity_file_replace()). @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM) */
int parity_tree_write(const char *path, const json_t *content, struct parity_error *err);

/** The same in two steps; parity_file_commit() is the second. */
int parity_tree_prepare(const char *path, const json_t *content, struct parity_file_change *change,
                        struct parity_error *err);

/** The same for a text that was read from `path`. @return 0 or -1 (PARITY_E_PARSE, PARITY_E_NOMEM)
 */
int parity_tree_parse(const char *text, size_t length, const char *path, json_t **out,
                      struct parity_error *err);

/** An entry of a snapshot file: its date and a copy of `content`. New; NULL: out of memory. */
json_t *parity_recording_entry(const json_t *content, time_t now);

/** Does a validation entry speak of AWS? That of the reference always does. NULL: no. */
bool parity_validation_is_aws(const json_t *entry);

#endif
