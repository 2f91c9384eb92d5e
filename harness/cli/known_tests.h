/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_KNOWN_TESTS_H
#define PARITY_CLI_KNOWN_TESTS_H

#include "recorder/inventory.h"
#include "runner/collection.h"
#include "runner/project.h"
#include "scenario/files.h"

/** The tests of a project, for those who look at its recordings. Zero-initialise, load, clear. */
struct parity_known_tests {
    struct parity_selection selection;
    struct parity_scenario_collection scenarios;
    struct parity_collection collection; /* all tests */
    struct parity_models *models;        /* for ids of tests over all protocols */
    json_t *ids, *unbuilt;               /* for struct parity_inventory_tests */
    bool strange; /* not one recording has a test here: they were brought from elsewhere, or the
                     suites are elsewhere */
};

/**
 * Load all tests of a project. What is not right but does not end the command is told on standard
 * error: also suites that are not built, whose tests are therefore not known.
 *
 * @param modules    --modules; NULL: not given
 * @param scenarios  further files and folders of scenarios, NULL-terminated
 * @param inventory  what is recorded
 * @param out        cleared by the caller in either case
 * @return 0 or -1, as parity_collect() and parity_scenarios_load_path()
 */
int parity_known_tests_load(const struct parity_project *project, const char *modules,
                            const char *const *scenarios, const struct parity_inventory *inventory,
                            struct parity_known_tests *out, struct parity_error *err);
void parity_known_tests_clear(struct parity_known_tests *tests);

/**
 * Recordings of a project that none of its tests has.
 *
 * @param collection  all tests of the project
 * @return new: array of {"id", "file"}; NULL: out of memory, or the recordings cannot be read,
 * which is left to those who need them
 */
json_t *parity_find_orphans(const struct parity_project *project, const char *modules,
                            const struct parity_collection *collection);

#endif
