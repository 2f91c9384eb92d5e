/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/models.h"

#include "runner/project.h"

struct parity_models *parity_command_models(const char *model_file, struct parity_error *err)
{
    struct parity_models_options options = {.model_file = model_file};
    struct parity_models *models = NULL;
    struct parity_project project;

    if (parity_project_open(NULL, &project, err) == 0) {
        options.further = (const char *const *)project.models;
        models = parity_models_new(&options, err);
    }
    parity_project_clear(&project);
    return models;
}
