/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_TREE_FILE_H
#define PARITY_RECORDER_TREE_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_members.h"

/**
 * A snapshot or validation file as it was read once, for all tests of a suite. What is wrong with
 * it anywhere shows at once; but of entries, of which a process may need few, only those are parsed
 * that are asked for. Zero-initialise, read, clear.
 */
struct parity_tree_file {
    char *path; /* owned */
    bool exists;
    struct parity_buffer text;
    struct parity_json_members entries; /* where they stand in `text` */
    json_t *content; /* new: all entries, where they could not be found without parsing them */
    struct parity_error failure; /* what is wrong with the file */
};

/**
 * Read the file at `path`; that there is none, or that it is broken, is kept in `file`.
 *
 * @param path  copied
 * @return 0, or -1 (PARITY_E_NOMEM)
 */
int parity_tree_file_read(const char *path, struct parity_tree_file *file,
                          struct parity_error *err);
void parity_tree_file_clear(struct parity_tree_file *file);

/**
 * The entry of a test.
 *
 * @param entry  new; NULL: there is none
 * @param err    what is wrong with the file, or PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_tree_file_entry(const struct parity_tree_file *file, const char *key, json_t **entry,
                           struct parity_error *err);

#endif
