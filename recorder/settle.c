/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/settle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/lock.h"
#include "recorder/pending.h"
#include "recorder/tree.h"
#include "recorder/tree_file.h"
#include "recorder/unsettled.h"

enum { FILES = 4, LOCK_TIMEOUT_MS = 30000 };

/* --- one file ----------------------------------------------------------------------------------
 */

/* One of a suite's files: what stands in it, and what will. */
struct target {
    char *path; /* NULL: it stays as it is */
    json_t *content;
    struct parity_file_change change; /* zeroed: nothing is left in it, so it goes */
};

static void target_clear(struct target *target)
{
    parity_file_abandon(&target->change);
    json_decref(target->content);
    parity_free(target->path);
}

struct member {
    const char *name;
    size_t length;
    json_t *value; /* borrowed */
};

static int compare_members(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    size_t common = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->name, right->name, common);

    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* As the reference keeps validation files: by id, in code point order (which is that of UTF-8). */
static json_t *sort_members(json_t *object)
{
    size_t count = json_object_size(object), i = 0;
    struct member *members = parity_calloc(count + 1, sizeof *members);
    json_t *sorted = json_object();
    struct member member;

    if (!members || !sorted)
        goto fail;
    json_object_keylen_foreach(object, member.name, member.length, member.value)
        members[i++] = member;
    qsort(members, count, sizeof *members, compare_members);
    for (i = 0; i < count; i++)
        if (json_object_setn_nocheck(sorted, members[i].name, members[i].length, members[i].value) <
            0)
            goto fail;
    parity_free(members);
    return sorted;
fail:
    parity_free(members);
    json_decref(sorted);
    return NULL;
}

static int sort_content(struct target *target)
{
    json_t *sorted = sort_members(target->content);

    if (!sorted)
        return -1;
    json_decref(target->content);
    target->content = sorted;
    return 0;
}

static bool concerns(const json_t *lines, const char *suffix)
{
    const char *id;
    json_t *files;

    json_object_foreach((json_t *)(uintptr_t)lines, id, files)
        if (json_object_get(files, suffix))
            return true;
    return false;
}

/* Everything that can fail for want of space or memory. `base`: the path without its suffix */
static int target_prepare(struct target *target, const char *base, const char *suffix,
                          const json_t *lines, struct parity_error *err)
{
    if (!concerns(lines, suffix))
        return 0;
    target->path = parity_asprintf("%s%s", base, suffix);
    if (!target->path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_tree_read(target->path, &target->content, err) < 0)
        return -1;
    if (!target->content)
        target->content = json_object();
    if (parity_unsettled_apply(lines, suffix, target->content) < 0 ||
        (strcmp(suffix, PARITY_VALIDATION_SUFFIX) == 0 && sort_content(target) < 0)) {
        parity_fail_nomem(err);
        return -1;
    }
    return json_object_size(target->content) == 0
               ? 0
               : parity_tree_prepare(target->path, target->content, &target->change, err);
}

static int target_commit(struct target *target, struct parity_error *err)
{
    if (!target->path)
        return 0;
    return target->change.target ? parity_file_commit(&target->change, err)
                                 : parity_file_remove(target->path, err);
}

/* --- one suite ---------------------------------------------------------------------------------
 */

/* Killed between two files, they must not call an emulator's answers AWS's: what takes that claim
 * away goes first, what makes it goes last. And what waited for a review leaves that file only when
 * it stands in the others. */
static const char *const orders[2][FILES] = {
    {PARITY_RAW_SUFFIX, PARITY_VALIDATION_SUFFIX, PARITY_SNAPSHOT_SUFFIX, PARITY_PENDING_SUFFIX},
    {PARITY_RAW_SUFFIX, PARITY_SNAPSHOT_SUFFIX, PARITY_VALIDATION_SUFFIX, PARITY_PENDING_SUFFIX}};

static int write_files(const char *base, const json_t *lines, bool aws, struct parity_error *err)
{
    struct target targets[FILES] = {{0}};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < FILES; i++)
        rc = target_prepare(&targets[i], base, orders[aws][i], lines, err);
    for (size_t i = 0; rc == 0 && i < FILES; i++)
        rc = target_commit(&targets[i], err);
    for (size_t i = 0; i < FILES; i++)
        target_clear(&targets[i]);
    return rc;
}

/* Those of tests that were recorded on AWS, or the others; new, or NULL when out of memory. */
static json_t *select_lines(const json_t *lines, bool aws)
{
    json_t *selected = json_object(), *files;
    const char *id;

    json_object_foreach((json_t *)(uintptr_t)lines, id, files) {
        if (parity_validation_is_aws(json_object_get(files, PARITY_VALIDATION_SUFFIX)) == aws &&
            json_object_set_nocheck(selected, id, files) < 0) {
            json_decref(selected);
            return NULL;
        }
    }
    return selected;
}

static int write_lines(const char *base, const json_t *lines, struct parity_error *err)
{
    int rc = 0;

    for (int aws = 0; rc == 0 && aws < 2; aws++) {
        json_t *selected = select_lines(lines, aws);

        if (!selected)
            rc = parity_fail_nomem(err);
        else if (json_object_size(selected) > 0)
            rc = write_files(base, selected, aws, err);
        json_decref(selected);
    }
    return rc;
}

static void sweep_beside(const char *path)
{
    char *folder = parity_strdup(path);

    if (folder) {
        *strrchr(folder, '/') = '\0';
        parity_file_sweep(folder);
    }
    parity_free(folder);
}

static void fail_waiting(const struct parity_error *failure, const char *path,
                         struct parity_error *err)
{
    parity_fail_at(err, failure->code, failure->context, failure->line, failure->column,
                   "%s; nothing is lost: what was recorded waits in %s%s for the next 'parity run' "
                   "or 'parity snapshots'",
                   failure->message, path,
                   failure->code == PARITY_E_PARSE ? ", until the file is repaired or removed,"
                                                   : "");
}

/* @return how many tests are settled, or -1 */
static long settle_locked(const char *base, const char *path, struct parity_error *err)
{
    struct parity_error failure = {0};
    json_t *lines = NULL;
    long count = -1;

    if (parity_unsettled_read(path, &lines, err) < 0)
        return -1;
    if (lines)
        sweep_beside(base);
    if (write_lines(base, lines, &failure) < 0)
        fail_waiting(&failure, path, err);
    else if (!lines || parity_unsettled_remove(path, err) == 0)
        count = (long)json_object_size(lines);
    json_decref(lines);
    return count;
}

/* `stem`: the suite's path in the folder, without its extension */
static long settle_suite(const char *folder, const char *stem, long timeout_ms,
                         struct parity_error *err)
{
    char *base = parity_asprintf("%s/%s", folder, stem);
    char *path =
        parity_asprintf("%s/" PARITY_UNSETTLED_FOLDER "/%s" PARITY_UNSETTLED_SUFFIX, folder, stem);
    struct parity_error failure = {0};
    long count = -1;
    int lock;

    if (!base || !path) {
        parity_fail_nomem(err);
    } else if (access(path, F_OK) < 0) {
        count = 0;
    } else if ((lock = parity_tree_lock(folder, timeout_ms, &failure)) < 0) {
        fail_waiting(&failure, path, err);
    } else {
        count = settle_locked(base, path, err);
        close(lock);
    }
    parity_free(base);
    parity_free(path);
    return count;
}

int parity_recordings_settle(struct parity_recordings *recordings, const char *id,
                             struct parity_error *err)
{
    const char *folder = recordings->trees[recordings->tree_count - 1].folder;
    char *base = parity_tree_path(folder, id, "", err);
    long count =
        base ? settle_suite(folder, base + strlen(folder) + 1, recordings->lock_timeout_ms, err)
             : -1;

    parity_tree_file_forget(recordings, folder, id);
    parity_free(base);
    return count < 0 ? -1 : 0;
}

/* --- all of them -------------------------------------------------------------------------------
 */

/* `name`: of the file of lines */
static int settle_name(const char *folder, const char *name, json_t *settled,
                       struct parity_error *err)
{
    char *stem = parity_strndup(name, strlen(name) - strlen(PARITY_UNSETTLED_SUFFIX));
    long count = -1;

    if (stem)
        count = settle_suite(folder, stem, LOCK_TIMEOUT_MS, err);
    else
        parity_fail_nomem(err);
    if (count > 0 &&
        json_object_set_new_nocheck(settled, stem, json_integer((json_int_t)count)) < 0)
        count = parity_fail_nomem(err);
    parity_free(stem);
    return count < 0 ? -1 : 0;
}

int parity_settle_folder(const char *folder, json_t **settled, struct parity_error *err)
{
    char *inside = parity_path_join(folder, PARITY_UNSETTLED_FOLDER);
    struct parity_inventory_names names = {0};
    int rc;

    *settled = json_object();
    if (!inside || !*settled)
        rc = parity_fail_nomem(err);
    else if (access(inside, F_OK) < 0)
        rc = 0;
    else
        rc = parity_inventory_names(inside, PARITY_UNSETTLED_SUFFIX, &names, err);
    for (size_t i = 0; i < names.count; i++)
        if (settle_name(folder, names.items[i], *settled, err) < 0)
            rc = -1;
    parity_inventory_names_clear(&names);
    parity_free(inside);
    return rc;
}
