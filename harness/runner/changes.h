/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CHANGES_H
#define PARITY_RUNNER_CHANGES_H

#include <stddef.h>

#include "base/error.h"
#include "runner/registry.h"

/** Files that differ from an earlier state. Zero-initialise, list, clear. */
struct parity_changes {
    char **paths; /* each owned, absolute */
    size_t count, capacity;
};

/**
 * Ask git what differs between the working tree and the commit where REV's history and this one's
 * part, files that are not tracked included. So on a branch that began at "main" it is what the
 * branch changes, whatever has happened on "main" since.
 *
 * @param folder  in the checkout
 * @param out     filled from zero; cleared by the caller in either case
 * @param err     PARITY_E_ENVIRONMENT: no git, no checkout; PARITY_E_USAGE: no such commit
 * @return 0 or -1
 */
int parity_changes_list(const char *folder, const char *rev, struct parity_changes *out,
                        struct parity_error *err);
void parity_changes_clear(struct parity_changes *changes);

/** Where a project's files are; absolute. */
struct parity_changes_layout {
    const char *folder, *suites;
    const char *const *trees; /* folders of recordings; NULL-terminated */
};

/**
 * Keep the tests that changes may have an effect on.
 *
 * A suite, a file of scenarios, or what is recorded of one concerns its own tests, another file
 * below the suites those below its folder, documentation none, and anything else all.
 *
 * @param count  of `cases`; becomes the number of those kept
 * @param all    the change that concerns all tests, borrowed from `changes`; NULL: none does
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_changes_select(const struct parity_changes *changes,
                          const struct parity_changes_layout *layout,
                          const struct parity_case **cases, size_t *count, const char **all,
                          struct parity_error *err);

#endif
