/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/project_presets.h"

#include "base/file.h"
#include "base/memory.h"
#include "transformers/presets.h"

static int add_folder(const struct parity_project *project, const char *name,
                      struct parity_error *err)
{
    char *folder = parity_path_join(project->folder, name);
    int rc = -1;

    if (folder)
        rc = parity_presets_add_folder(folder, err);
    else
        parity_fail_nomem(err);
    parity_free(folder);
    return rc;
}

static int add(const struct parity_project *project, const json_t *presets,
               struct parity_error *err)
{
    if (json_is_string(presets))
        return add_folder(project, json_string_value(presets), err);
    return parity_presets_add_object(presets, project->file, err);
}

int parity_project_add_presets(const struct parity_project *project, struct parity_error *err)
{
    const json_t *item;
    size_t i;

    if (!project->presets)
        return 0;
    if (!json_is_array(project->presets))
        return add(project, project->presets, err);
    json_array_foreach(project->presets, i, item)
        if (add(project, item, err) < 0)
            return -1;
    return 0;
}
