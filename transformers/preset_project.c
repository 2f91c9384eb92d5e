/* SPDX-License-Identifier: Apache-2.0 */
#include "preset_project.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "presets.h"
#include "spec.h"
#include "transformer.h"

/* One process works for one project, so its presets need not be handed from call to call. */
static json_t *project;

json_t *parity_preset_project(void)
{
    return project;
}

void parity_presets_clear(void)
{
    json_decref(project);
    project = NULL;
    parity_preset_forget();
}

static int fail_shape(const char *what, struct parity_error *err)
{
    parity_fail(err, PARITY_E_INVALID, NULL,
                "%s; a preset looks like {\"about\": \"what it is for\", \"transformers\": "
                "[{\"type\": \"text\", ...}]}",
                what);
    return -1;
}

static int check_shape(const json_t *preset, struct parity_error *err)
{
    const char *member;
    json_t *value;

    if (!json_is_object(preset))
        return fail_shape("it is no object", err);
    if (!json_is_array(json_object_get(preset, "transformers")))
        return fail_shape("its member 'transformers' is missing or no array", err);
    json_object_foreach((json_t *)(uintptr_t)preset, member, value) {
        bool named = strcmp(member, "parameters") == 0 || strcmp(member, "values") == 0;

        if (!named && strcmp(member, "transformers") != 0 && strcmp(member, "about") != 0)
            return fail_shape("it has a member that is none of 'about', 'parameters', 'values' and "
                              "'transformers'",
                              err);
        if (named && !json_is_object(value))
            return fail_shape("its 'parameters' and 'values' must be objects", err);
    }
    if (json_object_get(preset, "values") && !json_object_get(preset, "parameters"))
        return fail_shape("it has 'values', and no 'parameters' that they could be made of", err);
    return 0;
}

/* Put one preset into `to`, with the one that it overrides. */
static int add_preset(json_t *to, const char *name, const json_t *preset, struct parity_error *err)
{
    json_t *kept, *overridden;
    int rc;

    if (check_shape(preset, err) < 0)
        return -1;
    kept = json_copy((json_t *)(uintptr_t)preset); /* jansson takes no const; only counts change */
    overridden = parity_preset_read(name, NULL);
    rc = overridden ? json_object_set_nocheck(kept, "overrides", overridden) : 0;
    if (rc == 0)
        rc = json_object_set_nocheck(to, name, kept);
    json_decref(kept);
    json_decref(overridden);
    if (rc < 0)
        parity_fail_nomem(err);
    return rc;
}

static void name_place(struct parity_error *err, const char *source, const char *name)
{
    parity_error_add_context(err, "%s%spreset %s", source ? source : "", source ? ": " : "", name);
}

static int merge(json_t *to, const json_t *presets, const char *source, struct parity_error *err)
{
    const char *name;
    json_t *preset;

    if (!json_is_object(presets)) {
        parity_fail(err, PARITY_E_INVALID, source,
                    "presets must be an object from names to presets");
        return -1;
    }
    json_object_foreach((json_t *)(uintptr_t)presets, name, preset) {
        if (add_preset(to, name, preset, err) < 0) {
            name_place(err, source, name);
            return -1;
        }
    }
    return 0;
}

/* A spec that uses a preset, with arguments that are not known yet. New. */
static json_t *use_of(const char *name, const json_t *preset)
{
    json_t *spec = json_pack("{ss ss}", "type", "preset", "name", name), *arguments, *declared;
    const json_t *parameters = json_object_get(preset, "parameters");
    const char *parameter;
    int rc = 0;

    if (!parameters)
        return spec;
    arguments = json_object();
    json_object_foreach((json_t *)(uintptr_t)parameters, parameter, declared)
        rc |= json_object_set_new_nocheck(arguments, parameter, json_string("${unknown}"));
    rc |= json_object_set_new(spec, "arguments", arguments);
    if (rc == 0)
        return spec;
    json_decref(spec);
    return NULL;
}

/* Make the transformers of every preset of `presets` once: broken ones are found here. */
static int try_out(const json_t *presets, const char *source, struct parity_error *err)
{
    const char *name;
    json_t *preset;

    json_object_foreach((json_t *)(uintptr_t)presets, name, preset) {
        json_t *spec = use_of(name, preset);
        int rc = spec ? parity_transformers_try_spec(spec, err) : -1;

        json_decref(spec);
        if (rc < 0) {
            parity_fail_nomem(err); /* unless there is a better reason */
            if (source)
                parity_error_add_context(err, "%s", source);
            return -1;
        }
    }
    return 0;
}

/* Sources that are added together: all of them, or none. */
struct addition {
    json_t *before; /* what is put back when it fails; may be NULL */
};

static int begin(struct addition *addition, struct parity_error *err)
{
    addition->before = project;
    project = project ? json_copy(project) : json_object();
    if (project)
        return 0;
    project = addition->before;
    parity_fail_nomem(err);
    return -1;
}

static int end(const struct addition *addition, int rc)
{
    if (rc == 0) {
        json_decref(addition->before);
    } else {
        json_decref(project);
        project = addition->before;
    }
    return rc;
}

int parity_presets_add_object(const json_t *presets, const char *source, struct parity_error *err)
{
    struct addition addition;

    if (begin(&addition, err) < 0)
        return -1;
    return end(&addition,
               merge(project, presets, source, err) < 0 ? -1 : try_out(presets, source, err));
}

/* ---- folders ---- */

struct file {
    char *path;    /* owned */
    json_t *added; /* new */
};

struct files {
    struct file *items;
    size_t count, capacity;
};

static void clear_files(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        parity_free(files->items[i].path);
        json_decref(files->items[i].added);
    }
    parity_free(files->items);
}

static int compare_files(const void *left, const void *right)
{
    const struct file *a = left, *b = right;

    return strcmp(a->path, b->path);
}

static bool is_json(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && name[0] != '.' && strcmp(name + length - 5, ".json") == 0;
}

static int list_files(const char *folder, struct files *files, struct parity_error *err)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    int rc = 0;

    if (!opened) {
        parity_fail(err, errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, folder,
                    "the folder of presets cannot be read: %s", strerror(errno));
        return -1;
    }
    while (rc == 0 && (entry = readdir(opened)) != NULL) {
        if (!is_json(entry->d_name))
            continue;
        rc = parity_grow(&files->items, &files->capacity, files->count + 1, sizeof *files->items);
        if (rc == 0) {
            struct file *file = &files->items[files->count++];

            *file = (struct file){parity_path_join(folder, entry->d_name), NULL};
            rc = file->path ? 0 : -1;
        }
    }
    closedir(opened);
    if (rc < 0)
        parity_fail_nomem(err);
    else if (files->count > 1)
        qsort(files->items, files->count, sizeof *files->items, compare_files);
    return rc;
}

/* All are there before any is tried out, so that they may name each other. */
static int add_files(struct files *files, struct parity_error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        struct file *file = &files->items[i];

        if (parity_json_read_file(file->path, &file->added, err) < 0 ||
            merge(project, file->added, file->path, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < files->count; i++)
        if (try_out(files->items[i].added, files->items[i].path, err) < 0)
            return -1;
    return 0;
}

int parity_presets_add_folder(const char *folder, struct parity_error *err)
{
    struct addition addition;
    struct files files = {0};
    int rc = list_files(folder, &files, err);

    if (rc == 0)
        rc = begin(&addition, err) < 0 ? -1 : end(&addition, add_files(&files, err));
    clear_files(&files);
    return rc;
}
