/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/known_tests.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/modules.h"

void parity_known_tests_clear(struct parity_known_tests *tests)
{
    parity_selection_clear(&tests->selection);
    parity_collection_clear(&tests->collection);
    parity_scenarios_clear(&tests->scenarios.scenarios);
    parity_models_free(tests->models);
    json_decref(tests->ids);
    json_decref(tests->unbuilt);
    memset(tests, 0, sizeof *tests);
}

/* --- ids ---------------------------------------------------------------------------------------
 */

/* Ids of the tests, and the other keys they name; new, or NULL when out of memory. */
static json_t *list_ids(const struct parity_collection *collection)
{
    json_t *ids = json_object();

    for (size_t i = 0; ids && i < collection->count; i++) {
        const struct parity_case *test = collection->cases[i];
        const char *other = test->recorded_as;

        if (json_object_set_new_nocheck(ids, test->id, json_true()) < 0 ||
            (other && json_object_set_new_nocheck(ids, other, json_true()) < 0)) {
            json_decref(ids);
            return NULL;
        }
    }
    return ids;
}

/* A suite whose source is there, but not its module, has tests that nobody knows. */
static int note_unbuilt(json_t *unbuilt, const char *suites, const char *modules, const char *id)
{
    const char *end = strstr(id, "::");
    const char *dot = end;
    char *source, *module;
    int rc = 0;

    if (!end)
        return 0;
    while (dot > id && *dot != '.' && *dot != '/')
        dot--;
    if (*dot != '.')
        dot = end;
    source = parity_asprintf("%s/%.*s", suites, (int)(end - id), id);
    module = parity_asprintf("%s/%.*s.so", modules, (int)(dot - id), id);
    if (!source || !module)
        rc = -1;
    else if (access(source, F_OK) == 0 && access(module, F_OK) != 0)
        rc = json_object_setn_new_nocheck(unbuilt, id, (size_t)(end - id), json_true());
    parity_free(source);
    parity_free(module);
    return rc;
}

static int note_unbuilt_of(json_t *unbuilt, const char *suites, const char *modules,
                           const struct parity_inventory_file *file)
{
    const char *id;
    json_t *entry;

    json_object_foreach(file->content, id, entry) {
        if (note_unbuilt(unbuilt, suites, modules, id) < 0)
            return -1;
    }
    return 0;
}

/* Suites with recordings that are not built; new, or NULL when out of memory. */
static json_t *list_unbuilt(const struct parity_inventory *inventory, const char *suites,
                            const char *modules)
{
    json_t *unbuilt = json_object();

    for (size_t i = 0; unbuilt && i < inventory->count; i++) {
        const struct parity_inventory_suite *suite = &inventory->suites[i];

        if (note_unbuilt_of(unbuilt, suites, modules, &suite->snapshot) < 0 ||
            note_unbuilt_of(unbuilt, suites, modules, &suite->validation) < 0) {
            json_decref(unbuilt);
            return NULL;
        }
    }
    return unbuilt;
}

static bool has_test(const struct parity_known_tests *tests, const char *id)
{
    const char *end = strstr(id, "::");

    return json_object_get(tests->ids, id) ||
           (end && json_object_getn(tests->unbuilt, id, (size_t)(end - id)));
}

static bool is_strange(const struct parity_known_tests *tests,
                       const struct parity_inventory *inventory)
{
    size_t count = 0;
    const char *id;
    json_t *entry;

    for (size_t i = 0; i < inventory->count; i++) {
        json_object_foreach(inventory->suites[i].snapshot.content, id, entry) {
            if (has_test(tests, id))
                return false;
            count++;
        }
    }
    return count > 0;
}

/* --- loading -----------------------------------------------------------------------------------
 */

static void tell(const struct parity_error *what)
{
    parity_command_fail(what);
}

static void tell_problem(void *data, const struct parity_error *problem)
{
    (void)data;
    parity_command_fail(problem);
}

/* The files that are named before the suites: one that stands below them is called as it was
 * named. */
static int load_named(struct parity_scenario_collection *collection, const char *const *names,
                      struct parity_error *err)
{
    for (; names && *names; names++) {
        char *path = parity_path_absolute(*names);
        int rc = -1;

        if (path)
            rc = parity_scenarios_load_path(&collection->scenarios, path, *names,
                                            &collection->report, err);
        else
            parity_fail_nomem(err);
        parity_free(path);
        if (rc < 0)
            return -1;
    }
    return 0;
}

int parity_known_tests_load(const struct parity_project *project, const char *modules,
                            const char *const *scenarios, const struct parity_inventory *inventory,
                            struct parity_known_tests *out, struct parity_error *err)
{
    char *folder = parity_modules_folder(modules, project);
    const struct parity_models_options usual = {.further = (const char *const *)project->models};
    struct parity_collection_options options = {.modules = folder,
                                                .suites = project->suites,
                                                .notice = tell,
                                                .load_more = parity_scenarios_collect,
                                                .data = &out->scenarios};
    const char *suite;
    json_t *value;

    out->scenarios.suites = project->suites;
    out->scenarios.report.tell = tell_problem;
    out->models = options.models = parity_models_new(&usual, err);
    if (folder && out->models && load_named(&out->scenarios, scenarios, err) == 0 &&
        parity_selection_make(NULL, 0, project->suites, &out->selection, err) == 0 &&
        parity_collect(&options, &out->selection, &out->collection, err) == 0) {
        out->ids = list_ids(&out->collection);
        out->unbuilt = list_unbuilt(inventory, project->suites, folder);
    }
    if (out->ids && out->unbuilt)
        out->strange = is_strange(out, inventory);
    else
        parity_fail_nomem(err); /* unless there is a better reason */
    parity_free(folder);
    json_object_foreach(out->unbuilt, suite, value)
        fprintf(stderr, "parity: %s: is not built; its tests are not known\n", suite);
    return out->ids && out->unbuilt ? 0 : -1;
}

/* --- orphans -----------------------------------------------------------------------------------
 */

json_t *parity_find_orphans(const struct parity_project *project, const char *modules,
                            const struct parity_collection *collection)
{
    struct parity_inventory inventory = {0};
    struct parity_inventory_tests tests = {0};
    char *folder = parity_modules_folder(modules, project);
    json_t *ids = list_ids(collection), *unbuilt = NULL, *orphans = NULL;

    if (folder && ids && parity_inventory_read(project->snapshots, &inventory, NULL) == 0)
        unbuilt = list_unbuilt(&inventory, project->suites, folder);
    tests = (struct parity_inventory_tests){.ids = ids, .unknown = unbuilt};
    if (unbuilt)
        (void)parity_inventory_orphans(&inventory, &tests, &orphans, NULL);
    parity_inventory_clear(&inventory);
    parity_free(folder);
    json_decref(ids);
    json_decref(unbuilt);
    return orphans;
}
