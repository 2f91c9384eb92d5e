/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/modules.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

char *parity_modules_folder(const char *option, const struct parity_project *project)
{
    const char *variable = getenv("PARITY_MODULES_DIR");
    char binary[PATH_MAX];
    ssize_t length;
    char *slash;

    if (option)
        return parity_strdup(option);
    if (variable && variable[0])
        return parity_strdup(variable);
    if (project->modules)
        return parity_strdup(project->modules);
    length = readlink("/proc/self/exe", binary, sizeof binary - 1);
    binary[length > 0 ? length : 0] = '\0';
    slash = strrchr(binary, '/');
    if (slash)
        *slash = '\0';
    return parity_path_join(binary, "suites");
}
