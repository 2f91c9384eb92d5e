/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/collection.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static void notice(const struct parity_collection_options *options, const struct parity_error *what)
{
    if (options->notice)
        options->notice(what);
}

/* A module whose source is gone is left over from an earlier build. */
static bool is_stale(const struct parity_collection_options *options, const char *suite_path)
{
    char *source = parity_path_join(options->suites, suite_path);
    bool stale = source && access(options->suites, F_OK) == 0 && access(source, F_OK) != 0;
    struct parity_error what = {0};

    if (stale) {
        parity_fail(&what, PARITY_E_NOT_FOUND, source,
                    "no such suite any more; its module is left out");
        notice(options, &what);
    }
    parity_free(source);
    return stale;
}

static bool is_older(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec < b->st_mtim.tv_sec
                                                  : a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* What has changed since it was compiled is not what runs. */
static void tell_of_change(const struct parity_collection_options *options, const char *suite_path)
{
    char *source = parity_path_join(options->suites, suite_path);
    char *module = parity_module_file(options->modules, suite_path);
    struct stat of_source, of_module;
    struct parity_error what = {0};

    if (source && module && stat(source, &of_source) == 0 && stat(module, &of_module) == 0 &&
        is_older(&of_module, &of_source)) {
        parity_fail(&what, PARITY_E_INVALID, source,
                    "has changed since it was built; what runs is the old suite (cmake --build)");
        notice(options, &what);
    }
    parity_free(module);
    parity_free(source);
}

static int load_modules(const struct parity_collection_options *options,
                        const struct parity_selection *selection, struct parity_registry *registry,
                        struct parity_error *err)
{
    struct parity_suite_paths paths = {0};
    struct parity_error broken = {0};
    int rc = parity_modules_list(options->modules, &paths, err);

    for (size_t i = 0; rc == 0 && i < paths.count; i++) {
        struct parity_error reason = {0};

        if (!parity_selection_needs(selection, paths.items[i]) || is_stale(options, paths.items[i]))
            continue;
        tell_of_change(options, paths.items[i]);
        if (options->loading)
            options->loading(paths.items[i]);
        if (parity_registry_load(registry, options->modules, paths.items[i], &reason) == 0)
            continue;
        if (broken.code != PARITY_OK)
            notice(options, &broken);
        broken = reason;
    }
    parity_suite_paths_clear(&paths);
    if (rc < 0 || broken.code == PARITY_OK)
        return rc;
    if (err && err->code == PARITY_OK)
        *err = broken;
    return -1;
}

/* Where nobody has built suites, scenarios can still be run. */
static bool has_modules(const struct parity_collection_options *options,
                        const struct parity_selection *selection,
                        const struct parity_registry *registry)
{
    struct parity_error what = {0};

    if (registry->count == 0 || access(options->modules, F_OK) == 0)
        return true;
    parity_fail(&what, PARITY_E_ENVIRONMENT, options->modules,
                "no folder of suite modules; only scenarios are looked at");
    if (selection->count == 0)
        notice(options, &what);
    return false;
}

static bool is_over(const char *protocol, const struct parity_case *test)
{
    return !protocol || !test->protocol || strcmp(test->protocol, protocol) == 0;
}

int parity_collect(const struct parity_collection_options *options,
                   struct parity_selection *selection, struct parity_collection *out,
                   struct parity_error *err)
{
    struct parity_registry *registry = &out->registry;

    memset(out, 0, sizeof *out);
    registry->models = options->models;
    if (options->load_more && options->load_more(options->data, selection, registry, err) < 0)
        return -1;
    if (has_modules(options, selection, registry) &&
        load_modules(options, selection, registry, err) < 0)
        return -1;
    parity_registry_sort(registry);
    out->cases = parity_calloc(registry->count + 1, sizeof *out->cases);
    if (!out->cases) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < registry->count; i++)
        if (parity_selection_takes(selection, &registry->cases[i]) &&
            is_over(options->protocol, &registry->cases[i]))
            out->cases[out->count++] = &registry->cases[i];
    return 0;
}

void parity_collection_clear(struct parity_collection *collection)
{
    parity_free(collection->cases);
    parity_registry_clear(&collection->registry);
    memset(collection, 0, sizeof *collection);
}
