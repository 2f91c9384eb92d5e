/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_COLLECTION_H
#define PARITY_RUNNER_COLLECTION_H

#include "runner/registry.h"
#include "runner/selection.h"

struct parity_collection_options {
    const char *modules;          /* folder of the modules */
    const char *suites;           /* folder of their sources, whether it exists or not */
    struct parity_models *models; /* for tests over all protocols of their service; may be NULL */
    const char *protocol;         /* leave out cases of another protocol; NULL: none is left out */
    /** Told of what does not end the command: a module left over from a suite that is gone, and
     * each broken module but the last. NULL: nobody. */
    void (*notice)(const struct parity_error *what);
    /** Told of each suite whose module is loaded next: its constructors may end the process. NULL:
     * nobody. */
    void (*loading)(const char *suite_path);
    /** Adds tests that come from elsewhere than modules. NULL: there are none. */
    int (*load_more)(void *data, const struct parity_selection *selection,
                     struct parity_registry *registry, struct parity_error *err);
    void *data;
};

/** The selected tests, in the order of their ids. Zero-initialise, collect, clear. */
struct parity_collection {
    struct parity_registry registry;
    const struct parity_case **cases; /* of the registry */
    size_t count;
};

/**
 * Load the modules that a selection needs, and select. As one broken module may hide any number of
 * tests, it ends the command.
 *
 * @param selection  its items are marked as found
 * @param out        filled from zero; cleared by the caller in either case
 * @param err        as parity_modules_list() and parity_registry_load()
 * @return 0 or -1
 */
int parity_collect(const struct parity_collection_options *options,
                   struct parity_selection *selection, struct parity_collection *out,
                   struct parity_error *err);
void parity_collection_clear(struct parity_collection *collection);

#endif
