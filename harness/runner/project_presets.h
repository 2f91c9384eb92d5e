/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_PROJECT_PRESETS_H
#define PARITY_RUNNER_PROJECT_PRESETS_H

#include "base/error.h"
#include "runner/project.h"

/**
 * Make the presets of a project ("presets" in parity.json) known to this process, before the first
 * transformer is made. Undone by parity_presets_clear().
 *
 * @param err  as parity_presets_add_object() and parity_presets_add_folder()
 * @return 0 or -1
 */
int parity_project_add_presets(const struct parity_project *project, struct parity_error *err);

#endif
