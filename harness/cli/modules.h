/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_MODULES_H
#define PARITY_CLI_MODULES_H

#include "runner/project.h"

/**
 * Where the compiled suites are: `option` (--modules), PARITY_MODULES_DIR, parity.json, else
 * "suites" beside the running binary.
 *
 * @return new, or NULL when out of memory
 */
char *parity_modules_folder(const char *option, const struct parity_project *project);

#endif
