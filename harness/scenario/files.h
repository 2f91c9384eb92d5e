/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_FILES_H
#define PARITY_SCENARIO_FILES_H

#include "runner/selection.h"
#include "scenario/scenario.h"

/**
 * Load the file at `path`, or the files of scenarios below the folder there.
 *
 * @param path  absolute
 * @param name  how messages call it; what is below a folder is called after it
 * @return as parity_scenarios_load(); also PARITY_E_NOT_FOUND, PARITY_E_IO
 */
int parity_scenarios_load_path(struct parity_scenarios *scenarios, const char *path,
                               const char *name, struct parity_scenario_report *report,
                               struct parity_error *err);

/** What parity_scenarios_collect() works with. */
struct parity_scenario_collection {
    struct parity_scenarios scenarios; /* cleared by the caller, after the registry */
    const char *suites;                /* folder of suites, absolute, whether it exists or not */
    struct parity_scenario_report report;
};

/**
 * Load the files of scenarios that a selection names: files and folders anywhere, those below the
 * suites folder for ids, and for everything when nothing is named. For parity_collect().
 *
 * @param data  a struct parity_scenario_collection
 * @return 0 or -1 (PARITY_E_INVALID: there are problems, which were told)
 */
int parity_scenarios_collect(void *data, const struct parity_selection *selection,
                             struct parity_registry *registry, struct parity_error *err);

#endif
