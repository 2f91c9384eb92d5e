/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/project.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"

/* --- finding -----------------------------------------------------------------------------------
 */

/* Sets `folder` and `file`. Nothing found is fine. */
static int find(const char *start, struct parity_project *out, struct parity_error *err)
{
    char folder[PATH_MAX];

    if (!realpath(start ? start : ".", folder)) {
        parity_fail(err, PARITY_E_IO, start, "cannot find the folder: %s", strerror(errno));
        return -1;
    }
    out->folder = parity_strdup(folder);
    for (;;) {
        char *slash = strrchr(folder, '/');
        char *file = parity_asprintf("%s/parity.json", folder);

        if (file && access(file, F_OK) == 0) {
            parity_free(out->folder);
            out->folder = parity_strdup(folder[0] ? folder : "/");
            out->file = file;
            break;
        }
        parity_free(file);
        if (!file || !slash)
            break;
        *slash = '\0';
    }
    if (!out->folder) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

/* --- members -----------------------------------------------------------------------------------
 */

static int wrong_type(const struct parity_project *project, const char *name, const char *wanted,
                      struct parity_error *err)
{
    parity_fail(err, PARITY_E_INVALID, project->file, "\"%s\" must be %s", name, wanted);
    return -1;
}

static int read_path(struct parity_project *project, const char *name, const json_t *value,
                     char **out, struct parity_error *err)
{
    if (!json_is_string(value) || json_string_length(value) == 0)
        return wrong_type(project, name, "the name of a folder", err);
    *out = parity_path_join(project->folder, json_string_value(value));
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int read_suites(struct parity_project *project, const char *name, const json_t *value,
                       struct parity_error *err)
{
    return read_path(project, name, value, &project->suites, err);
}

static int read_snapshots(struct parity_project *project, const char *name, const json_t *value,
                          struct parity_error *err)
{
    return read_path(project, name, value, &project->snapshots, err);
}

static int read_modules(struct parity_project *project, const char *name, const json_t *value,
                        struct parity_error *err)
{
    return read_path(project, name, value, &project->modules, err);
}

static int read_text(struct parity_project *project, const char *name, const json_t *value,
                     const char **out, struct parity_error *err)
{
    if (!json_is_string(value) || json_string_length(value) == 0)
        return wrong_type(project, name, "a text", err);
    *out = json_string_value(value);
    return 0;
}

static int read_emulator(struct parity_project *project, const char *name, const json_t *value,
                         struct parity_error *err)
{
    return read_text(project, name, value, &project->emulator, err);
}

static int read_region(struct parity_project *project, const char *name, const json_t *value,
                       struct parity_error *err)
{
    return read_text(project, name, value, &project->region, err);
}

static int read_object(struct parity_project *project, const char *name, const json_t *value,
                       const json_t **out, struct parity_error *err)
{
    if (!json_is_object(value))
        return wrong_type(project, name, "an object", err);
    *out = value;
    return 0;
}

static int read_emulators(struct parity_project *project, const char *name, const json_t *value,
                          struct parity_error *err)
{
    return read_object(project, name, value, &project->emulators, err);
}

static int read_accounts(struct parity_project *project, const char *name, const json_t *value,
                         struct parity_error *err)
{
    return read_object(project, name, value, &project->accounts, err);
}

static int read_paths(struct parity_project *project, const char *name, const json_t *value,
                      char ***out, struct parity_error *err)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(value))
        return wrong_type(project, name, "an array of folders", err);
    *out = parity_calloc(json_array_size(value) + 1, sizeof **out);
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    json_array_foreach(value, i, item)
        if (read_path(project, name, item, &(*out)[i], err) < 0)
            return -1;
    return 0;
}

static int read_ground_truth(struct parity_project *project, const char *name, const json_t *value,
                             struct parity_error *err)
{
    return read_paths(project, name, value, &project->ground_truth, err);
}

static int read_models(struct parity_project *project, const char *name, const json_t *value,
                       struct parity_error *err)
{
    return read_paths(project, name, value, &project->models, err);
}

static int read_workers(struct parity_project *project, const char *name, const json_t *value,
                        struct parity_error *err)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 256)
        return wrong_type(project, name, "a number from 1 to 256", err);
    project->workers = (long)json_integer_value(value);
    return 0;
}

static int read_timeout(struct parity_project *project, const char *name, const json_t *value,
                        struct parity_error *err)
{
    if (!json_is_number(value) || json_number_value(value) <= 0)
        return wrong_type(project, name, "a number of seconds", err);
    project->timeout_s = json_number_value(value);
    return 0;
}

static const struct member {
    const char *name;
    int (*read)(struct parity_project *project, const char *name, const json_t *value,
                struct parity_error *err);
} members[] = {
    {"accounts", read_accounts},   {"emulator", read_emulator},
    {"emulators", read_emulators}, {"ground_truth", read_ground_truth},
    {"models", read_models},       {"modules", read_modules},
    {"region", read_region},       {"snapshots", read_snapshots},
    {"suites", read_suites},       {"timeout_seconds", read_timeout},
    {"workers", read_workers},     {NULL, NULL},
};

static int read_member(struct parity_project *project, const char *name, const json_t *value,
                       struct parity_error *err)
{
    const char *nearest = NULL;

    for (const struct member *member = members; member->name; member++) {
        if (strcmp(member->name, name) == 0)
            return member->read(project, name, value, err);
        nearest = parity_suggest(name, nearest, member->name);
    }
    parity_fail(err, PARITY_E_INVALID, project->file, "unknown member \"%s\"%s%s%s", name,
                nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    return -1;
}

static int read_file(struct parity_project *project, struct parity_error *err)
{
    const char *name;
    json_t *value;

    if (parity_json_read_file(project->file, &project->document, err) < 0)
        return -1;
    if (!json_is_object(project->document)) {
        parity_fail(err, PARITY_E_INVALID, project->file, "must hold a JSON object");
        return -1;
    }
    json_object_foreach(project->document, name, value)
        if (read_member(project, name, value, err) < 0)
            return -1;
    if (project->emulator && !json_object_get(project->emulators, project->emulator)) {
        parity_fail(err, PARITY_E_INVALID, project->file,
                    "\"emulator\" names \"%s\", which has no entry in \"emulators\"",
                    project->emulator);
        return -1;
    }
    return 0;
}

static int set_defaults(struct parity_project *project, struct parity_error *err)
{
    if (!project->suites)
        project->suites = parity_path_join(project->folder, "suites");
    if (!project->snapshots)
        project->snapshots = parity_path_join(project->folder, "snapshots");
    if (!project->suites || !project->snapshots) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

int parity_project_open(const char *start, struct parity_project *out, struct parity_error *err)
{
    memset(out, 0, sizeof *out);
    if (find(start, out, err) < 0)
        return -1;
    if (out->file && read_file(out, err) < 0)
        return -1;
    return set_defaults(out, err);
}

static void free_paths(char **paths)
{
    for (char **path = paths; path && *path; path++)
        parity_free(*path);
    parity_free(paths);
}

void parity_project_clear(struct parity_project *project)
{
    parity_free(project->folder);
    parity_free(project->file);
    parity_free(project->suites);
    parity_free(project->snapshots);
    parity_free(project->modules);
    free_paths(project->ground_truth);
    free_paths(project->models);
    json_decref(project->document);
    memset(project, 0, sizeof *project);
}
