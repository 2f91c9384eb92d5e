/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_UNSETTLED_H
#define PARITY_RECORDER_UNSETTLED_H

#include <jansson.h>

#include "base/error.h"

/*
 * What was recorded and does not stand in its files yet. Writing a suite's files again for each of
 * its tests would take the square of their number, so a test adds a line to one file,
 * "<folder>/.unsettled/<suite>.jsonl", and parity_recordings_settle() puts all lines in place
 * together. A line is {"id", "files": {suffix: entry}}: what is to stand under the id in which of
 * the suite's files; an entry that is null is to go.
 *
 * Writers hold the lock of the tree (recorder/lock.h).
 */

#define PARITY_UNSETTLED_FOLDER ".unsettled"
#define PARITY_UNSETTLED_SUFFIX ".jsonl"

/** Where the lines of the suite of `key` stand, see parity_tree_path(). New, or NULL. */
char *parity_unsettled_path(const char *folder, const char *key, struct parity_error *err);

/**
 * Add a line, which is on the disk then.
 *
 * @param files  {suffix: entry or null}
 * @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM; then there is no such line)
 */
int parity_unsettled_add(const char *path, const char *id, const json_t *files,
                         struct parity_error *err);

/**
 * Read the lines. One that a killed process left unfinished at the end is none.
 *
 * @param out  new: {id: {suffix: entry or null}}, of which the last ones count; NULL when there is
 * no such file or on failure
 * @param err  PARITY_E_PARSE (with the line), PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 (also when there is no such file) or -1
 */
int parity_unsettled_read(const char *path, json_t **out, struct parity_error *err);

/**
 * Change the content of one of the suite's files as the lines say.
 *
 * @param lines  as they were read; NULL: none
 * @return 0 or -1 (out of memory)
 */
int parity_unsettled_apply(const json_t *lines, const char *suffix, json_t *content);

/** Remove the file of lines, and folders that were made for it and are empty then. @return 0 or -1
 * (PARITY_E_IO) */
int parity_unsettled_remove(const char *path, struct parity_error *err);

#endif
