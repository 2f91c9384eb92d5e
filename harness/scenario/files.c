/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

enum { MAX_DEPTH = 32 }; /* of folders; deeper ones are a circle of links */

/* What all steps of a walk through folders need. */
struct walk {
    struct parity_scenarios *scenarios;
    struct parity_scenario_report *report;
    struct parity_error *err;
};

static int load_entry(const struct walk *walk, const char *path, const char *name, int depth);

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int load_folder(const struct walk *walk, const char *path, const char *name, int depth)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort), rc = 0;

    if (count < 0) {
        parity_fail(walk->err, PARITY_E_IO, name, "cannot read the folder: %s", strerror(errno));
        return -1;
    }
    for (int i = 0; i < count; i++) {
        char *inner = parity_path_join(path, entries[i]->d_name);
        char *inner_name = parity_path_join(name, entries[i]->d_name);

        if (!inner || !inner_name)
            parity_fail_nomem(walk->err);
        if (rc == 0)
            rc = inner && inner_name ? load_entry(walk, inner, inner_name, depth + 1) : -1;
        parity_free(inner);
        parity_free(inner_name);
        free(entries[i]); /* of scandir() */
    }
    free(entries);
    return rc;
}

static int load_entry(const struct walk *walk, const char *path, const char *name, int depth)
{
    struct stat status;

    if (stat(path, &status) < 0 || depth > MAX_DEPTH)
        return 0;
    if (S_ISDIR(status.st_mode))
        return load_folder(walk, path, name, depth);
    if (!S_ISREG(status.st_mode) || !parity_scenario_is_named(path) ||
        parity_scenarios_have_file(walk->scenarios, &status))
        return 0;
    return parity_scenarios_load(walk->scenarios, path, name, true, walk->report, walk->err);
}

int parity_scenarios_load_path(struct parity_scenarios *scenarios, const char *path,
                               const char *name, struct parity_scenario_report *report,
                               struct parity_error *err)
{
    const struct walk walk = {scenarios, report, err};
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return load_folder(&walk, path, name, 0);
    if (parity_scenarios_have(scenarios, path))
        return 0;
    return parity_scenarios_load(scenarios, path, name, false, report, err);
}

/* --- for a run ---------------------------------------------------------------------------------
 */

static int load_suites(struct parity_scenario_collection *collection, struct parity_error *err)
{
    struct stat status;

    if (stat(collection->suites, &status) < 0)
        return 0;
    return parity_scenarios_load_path(&collection->scenarios, collection->suites, "",
                                      &collection->report, err);
}

/* The operand without its "::id"; new. */
static char *name_of(const struct parity_selection_item *item)
{
    const char *colons = strstr(item->operand, "::");

    return colons ? parity_strndup(item->operand, (size_t)(colons - item->operand))
                  : parity_strdup(item->operand);
}

/* What an operand names below the suites folder, where all is called as its suites are: one file,
 * or a folder or an id. Those may be the beginning of ids that stand anywhere. */
static int load_from_suites(struct parity_scenario_collection *collection,
                            const struct parity_selection_item *item, struct parity_error *err)
{
    char *path = parity_path_join(collection->suites, item->path);
    struct stat status;
    int rc = 0;

    if (!path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
        rc = load_suites(collection, err);
    else if (parity_scenario_is_named(path))
        rc = parity_scenarios_load_path(&collection->scenarios, path, item->path,
                                        &collection->report, err);
    parity_free(path);
    return rc;
}

static int load_item(struct parity_scenario_collection *collection,
                     const struct parity_selection_item *item, struct parity_error *err)
{
    struct stat status;
    bool exists = stat(item->full, &status) == 0;
    char *name;
    int rc;

    if (parity_path_below(item->full, collection->suites) || !exists)
        return load_from_suites(collection, item, err);
    if (!S_ISDIR(status.st_mode) && !parity_scenario_is_named(item->full))
        return 0;
    name = name_of(item);
    if (!name) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = parity_scenarios_load_path(&collection->scenarios, item->full, name, &collection->report,
                                    err);
    parity_free(name);
    return rc;
}

static int register_all(const struct parity_scenarios *scenarios, struct parity_registry *registry,
                        struct parity_error *err)
{
    for (size_t i = 0; i < scenarios->count; i++) {
        const struct parity_scenario *scenario = scenarios->items[i];

        if (parity_registry_add_scenario(registry, scenario->id, scenario->source->name,
                                         scenario->source->path, &scenario->definition, err) < 0)
            return -1;
    }
    return 0;
}

int parity_scenarios_collect(void *data, const struct parity_selection *selection,
                             struct parity_registry *registry, struct parity_error *err)
{
    struct parity_scenario_collection *collection = data;

    if (selection->count == 0 && load_suites(collection, err) < 0)
        return -1;
    for (size_t i = 0; i < selection->count; i++)
        if (load_item(collection, &selection->items[i], err) < 0)
            return -1;
    if (collection->report.problems > 0) {
        parity_fail(err, PARITY_E_INVALID, NULL, "%zu problem%s in scenario files; nothing was run",
                    collection->report.problems, collection->report.problems == 1 ? "" : "s");
        return -1;
    }
    return register_all(&collection->scenarios, registry, err);
}
