/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_SELECTION_H
#define PARITY_RUNNER_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "runner/registry.h"

/** Which tests to run. Zero-initialise, make, clear. */
struct parity_selection {
    struct parity_selection_item {
        const char *operand; /* borrowed: as it was given */
        char *full;          /* owned: the path part as an absolute path, whatever it is */
        char *path;          /* owned: of a suite or a folder of suites; "" is everything */
        char *test;          /* owned: name of one test; NULL: all */
        bool found;          /* a test was selected by it */
    } * items;
    size_t count; /* 0: everything is selected */
};

/**
 * The absolute form of a path that need not exist, without "." and "..".
 * @return new, released with parity_free(); NULL when out of memory
 */
char *parity_path_absolute(const char *path);

/** What leads from `folder` to `path`; NULL if that is not below it. Borrowed from `path`. */
const char *parity_path_below(const char *path, const char *folder);

/**
 * Read PATH and ID operands: "sqs", "sqs/test_send.c", "sqs/test_send.c::fifo", each also as a path
 * of the file system that leads below the suites folder, as the shell completes it; a folder around
 * it is everything. Scenarios are selected by the path of their file or of a folder above it,
 * wherever that is, and by their id or the folders that it begins with.
 *
 * @param operands       borrowed until the selection is cleared
 * @param suites_folder  absolute, whether it exists or not
 * @param err            PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_selection_make(const char *const *operands, size_t count, const char *suites_folder,
                          struct parity_selection *out, struct parity_error *err);
void parity_selection_clear(struct parity_selection *selection);

/** Whether any test of this suite might be selected, so that its module is needed. */
bool parity_selection_needs(const struct parity_selection *selection, const char *suite_path);

/** Whether this test is selected; the items that say so are marked as found. */
bool parity_selection_takes(struct parity_selection *selection, const struct parity_case *test);

/** The first operand that selected nothing; NULL: each found something. */
const char *parity_selection_unfound(const struct parity_selection *selection);

#endif
