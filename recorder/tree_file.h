/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_TREE_FILE_H
#define PARITY_RECORDER_TREE_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_members.h"
#include "recorder/tree.h"

/* Files of recordings, each read once: the tests of a suite share them. What is unsettled of a file
 * counts as if it stood there. What is wrong with a file anywhere shows at once; but of its
 * entries, of which a process may need few, only those are parsed that are asked for. */

/** What a file was when it was looked at; zeroed: there was none. */
struct parity_tree_stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

/** A file as it was read. */
struct parity_tree_file {
    char *path, *lines_path; /* owned; the second: of what is unsettled of its suite */
    const char *suffix;
    json_t *content; /* new; NULL: there is no such file, or `failure` says what is wrong, or it is
                        not parsed yet */
    struct parity_buffer text;          /* of a file that is not; else empty */
    struct parity_json_members entries; /* where they stand in `text` */
    struct parity_error failure;
    struct parity_tree_stamp stamp, lines_stamp;
};

/**
 * What stands in the file of `key`, which is read when it is first asked for; what is wrong with it
 * is remembered, too.
 *
 * @param folder   the tree
 * @param suffix   which of the suite's files; kept
 * @param content  borrowed until the file is forgotten; NULL when there is no such file
 * @return 0 or -1 (PARITY_E_PARSE, PARITY_E_IO, PARITY_E_INVALID, PARITY_E_NOMEM)
 */
int parity_tree_file_load(struct parity_recordings *recordings, const char *folder, const char *key,
                          const char *suffix, const json_t **content, struct parity_error *err);

/**
 * The entry of `key` in such a file, alone.
 *
 * @param entry  new; NULL when there is none, or no such file
 * @return 0 or -1, as parity_tree_file_load()
 */
int parity_tree_file_entry(struct parity_recordings *recordings, const char *folder,
                           const char *key, const char *suffix, json_t **entry,
                           struct parity_error *err);

/** As parity_tree_file_load() for whoever holds the lock and is about to write: as it is now,
 * whoever has changed it. */
int parity_tree_file_refresh(struct parity_recordings *recordings, const char *folder,
                             const char *key, const char *suffix, const json_t **content,
                             struct parity_error *err);

/**
 * Add a line to what is unsettled, by whoever holds the lock (parity_unsettled_add()). What was
 * read here counts it in.
 *
 * @param files  {suffix: entry or null}
 * @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM)
 */
int parity_tree_file_add_line(struct parity_recordings *recordings, const char *folder,
                              const char *id, const json_t *files, struct parity_error *err);

/** Let the files of the suite of `key` be read again when they are asked for. */
void parity_tree_file_forget(struct parity_recordings *recordings, const char *folder,
                             const char *key);

/** Forget all of them. */
void parity_tree_files_clear(struct parity_recordings *recordings);

#endif
