/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/known_tests.h"
#include "cli/snapshots.h"

static bool is_recorded(const struct parity_snapshots_work *work, const char *id)
{
    for (size_t i = 0; id && i < work->inventory.count; i++)
        if (json_object_get(work->inventory.suites[i].snapshot.content, id))
            return true;
    return false;
}

/* Ids of tests that nothing is recorded for; new, or NULL when out of memory. */
static json_t *unrecorded(const struct parity_snapshots_work *work,
                          const struct parity_collection *collection)
{
    json_t *ids = json_array();

    for (size_t i = 0; ids && i < collection->count; i++) {
        const struct parity_case *test = collection->cases[i];

        if (!is_recorded(work, test->id) && !is_recorded(work, test->recorded_as) &&
            json_array_append_new(ids, json_string(test->id)) < 0) {
            json_decref(ids);
            return NULL;
        }
    }
    return ids;
}

/* All orphans of one suite at a time, so that its files are written once. */
static int delete_orphans(const struct parity_snapshots_work *work, const json_t *orphans,
                          struct parity_error *err)
{
    for (size_t i = 0; i < work->inventory.count; i++) {
        const struct parity_inventory_suite *suite = &work->inventory.suites[i];
        json_t *ids = json_array();
        const json_t *orphan;
        size_t j;
        int rc = 0;

        json_array_foreach(orphans, j, orphan) {
            const char *file = parity_snapshots_text(orphan, "file", "");

            if (strcmp(file, suite->snapshot.name) == 0 ||
                strcmp(file, suite->validation.name) == 0)
                rc |= json_array_append(ids, json_object_get(orphan, "id"));
        }
        if (rc < 0 || !ids)
            parity_fail_nomem(err);
        else if (json_array_size(ids) > 0)
            rc = parity_inventory_delete(work->inventory.folder, suite->stem, ids, err);
        json_decref(ids);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int print_orphans(const struct parity_snapshots_work *work, const json_t *orphans,
                         json_t *tests, struct parity_error *err)
{
    const json_t *item;
    json_t *document;
    size_t i;
    int rc;

    if (work->arguments.json) {
        document = json_pack("{s:O, s:O}", "recordings", orphans, "tests", tests);
        rc = parity_command_print(document, err);
        json_decref(document);
        return rc;
    }
    json_array_foreach(orphans, i, item)
        printf("%s without a test: %s (%s)\n",
               work->arguments.delete_them ? "deleted recording" : "recording",
               parity_snapshots_text(item, "id", ""), parity_snapshots_text(item, "file", ""));
    json_array_foreach(tests, i, item)
        printf("test without a recording: %s\n", json_string_value(item));
    return 0;
}

/* More likely the suites are elsewhere. */
static int check_deletion(const struct parity_snapshots_work *work,
                          const struct parity_known_tests *tests, struct parity_error *err)
{
    if (!tests->strange)
        return 0;
    parity_fail(err, PARITY_E_USAGE, work->project.snapshots,
                "not one recording has a test here, so all would be deleted; build the suites "
                "first, or say --modules (if all are to go, remove the files)");
    return -1;
}

/* @return the number of recordings that no test has, or -1 */
static long find(struct parity_snapshots_work *work, const struct parity_known_tests *tests,
                 struct parity_error *err)
{
    const struct parity_inventory_tests known = {.ids = tests->ids, .unknown = tests->unbuilt};
    json_t *recordings = NULL, *ids = unrecorded(work, &tests->collection);
    long count = -1;
    int rc = -1;

    if (!ids)
        parity_fail_nomem(err);
    else
        rc = parity_inventory_orphans(&work->inventory, &known, &recordings, err);
    if (rc == 0 && work->arguments.delete_them)
        rc = check_deletion(work, tests, err) < 0 ? -1 : delete_orphans(work, recordings, err);
    if (rc == 0)
        rc = print_orphans(work, recordings, ids, err);
    if (rc == 0)
        count = (long)json_array_size(recordings);
    json_decref(recordings);
    json_decref(ids);
    return count;
}

int parity_snapshots_orphans(struct parity_snapshots_work *work, struct parity_error *err)
{
    const struct parity_snapshots_arguments *arguments = &work->arguments;
    struct parity_known_tests tests = {0};
    int code = parity_snapshots_tell_broken(&work->inventory);
    long count = -1;

    if (parity_known_tests_load(&work->project, arguments->modules, arguments->operands,
                                &work->inventory, &tests, err) == 0)
        count = find(work, &tests, err);
    parity_known_tests_clear(&tests);
    if (count < 0)
        return -1;
    /* A test that judges itself by its calls has no recording; that alone is no fault. */
    if (code == PARITY_EXIT_OK && !arguments->delete_them && count > 0)
        code = PARITY_EXIT_DIFFERENCE;
    return code;
}
