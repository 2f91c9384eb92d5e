/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/registry.h"

enum { MAX_DEPTH = 16 }; /* a folder that links to itself ends here */

void parity_suite_paths_clear(struct parity_suite_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        parity_free(paths->items[i]);
    parity_free(paths->items);
    memset(paths, 0, sizeof *paths);
}

static int list_folder(const char *folder, const char *prefix, int depth,
                       struct parity_suite_paths *out, struct parity_error *err);

/* Steals `path`. */
static int add_path(struct parity_suite_paths *paths, char *path, struct parity_error *err)
{
    if (!path ||
        parity_grow(&paths->items, &paths->capacity, paths->count + 1, sizeof *paths->items) < 0) {
        parity_free(path);
        parity_fail_nomem(err);
        return -1;
    }
    paths->items[paths->count++] = path;
    return 0;
}

static int list_entry(const char *folder, const char *prefix, const char *name, int depth,
                      struct parity_suite_paths *out, struct parity_error *err)
{
    const char *slash = prefix[0] ? "/" : "";
    size_t length = strlen(name);
    char *full = parity_path_join(folder, name);
    struct stat status;
    char *below;
    int rc = 0;

    if (!full) {
        parity_fail_nomem(err);
        return -1;
    }
    if (stat(full, &status) < 0) {
        /* A link to nowhere, or gone since: no module. */
    } else if (S_ISDIR(status.st_mode) && depth < MAX_DEPTH) {
        below = parity_asprintf("%s%s%s", prefix, slash, name);
        if (!below)
            parity_fail_nomem(err);
        rc = below ? list_folder(full, below, depth + 1, out, err) : -1;
        parity_free(below);
    } else if (S_ISREG(status.st_mode) && length > 3 && strcmp(name + length - 3, ".so") == 0) {
        rc =
            add_path(out, parity_asprintf("%s%s%.*s.c", prefix, slash, (int)length - 3, name), err);
    }
    parity_free(full);
    return rc;
}

static int list_folder(const char *folder, const char *prefix, int depth,
                       struct parity_suite_paths *out, struct parity_error *err)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;
    int rc = 0;

    if (!directory) {
        parity_fail(err, PARITY_E_IO, folder, "cannot read the folder: %s", strerror(errno));
        return -1;
    }
    while (rc == 0 && (entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            rc = list_entry(folder, prefix, entry->d_name, depth, out, err);
    closedir(directory);
    return rc;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int parity_modules_list(const char *folder, struct parity_suite_paths *out,
                        struct parity_error *err)
{
    struct stat status;

    memset(out, 0, sizeof *out);
    if (stat(folder, &status) < 0 || !S_ISDIR(status.st_mode)) {
        parity_fail(err, PARITY_E_ENVIRONMENT, folder,
                    "no folder of suite modules; build the suites (cmake --build), or name the "
                    "folder with --modules, PARITY_MODULES_DIR or \"modules\" in parity.json");
        return -1;
    }
    if (list_folder(folder, "", 0, out, err) < 0)
        return -1;
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, by_text);
    return 0;
}
