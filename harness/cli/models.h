/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_MODELS_H
#define PARITY_CLI_MODELS_H

#include "client/model.h"

/**
 * The service models of a command: those of the machine, and those that the parity.json of the
 * current folder names.
 *
 * @param model_file  --model; NULL: not given
 * @param err         as parity_project_open() and parity_models_new()
 * @return new, released with parity_models_free(), or NULL
 */
struct parity_models *parity_command_models(const char *model_file, struct parity_error *err);

#endif
