/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/lock.h"
#include "recorder/raw.h"
#include "recorder/snapshot.h"
#include "recorder/tree.h"

/* One of a test's files: what stands in it, and what will. */
struct target {
    char *path;
    json_t *content; /* NULL until read; an empty object when there is no such file */
    struct parity_file_change change;
};

static void target_clear(struct target *target)
{
    parity_file_abandon(&target->change);
    json_decref(target->content);
    parity_free(target->path);
}

/* A file with a merge conflict in it, say, holds recordings that only its owner can save. */
static void fail_broken(const struct parity_error *failure, struct parity_error *err)
{
    if (failure->code != PARITY_E_PARSE) {
        if (err && err->code == PARITY_OK)
            *err = *failure;
        return;
    }
    parity_fail_at(err, failure->code, failure->context, failure->line, failure->column,
                   "%s; nothing was recorded: repair the file or remove it, then record again",
                   failure->message);
}

static int target_read(struct target *target, const char *folder, const char *id,
                       const char *suffix, struct parity_error *err)
{
    struct parity_error failure = {0};

    target->path = parity_tree_path(folder, id, suffix, err);
    if (!target->path)
        return -1;
    if (parity_tree_read(target->path, &target->content, &failure) < 0) {
        fail_broken(&failure, err);
        return -1;
    }
    if (!target->content)
        target->content = json_object();
    if (!target->content) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int target_prepare(struct target *target, struct parity_error *err)
{
    return parity_tree_prepare(target->path, target->content, &target->change, err);
}

static int set_new(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value);
}

json_t *parity_recording_entry(const json_t *content, time_t now)
{
    json_t *entry = json_object();
    char date[64];
    struct tm utc;

    if (!gmtime_r(&now, &utc))
        memset(&utc, 0, sizeof utc);
    snprintf(date, sizeof date, "%02d-%02d-%04d, %02d:%02d:%02d", utc.tm_mday, utc.tm_mon + 1,
             utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (set_new(entry, "recorded-date", json_string(date)) < 0 ||
        set_new(entry, "recorded-content", parity_json_copy(content)) < 0) {
        json_decref(entry);
        return NULL;
    }
    return entry;
}

/* Two decimals, as the reference rounds. */
static json_t *seconds(double value)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%.2f", value);

    return length > 0 && (size_t)length < sizeof text ? parity_json_number(text, (size_t)length)
                                                      : NULL;
}

static json_t *make_durations(const struct parity_recording_update *update)
{
    json_t *durations = json_object();

    if (set_new(durations, "setup", seconds(update->setup_s)) < 0 ||
        set_new(durations, "call", seconds(update->call_s)) < 0 ||
        set_new(durations, "teardown", seconds(update->teardown_s)) < 0 ||
        set_new(durations, "total",
                seconds(update->setup_s + update->call_s + update->teardown_s)) < 0) {
        json_decref(durations);
        return NULL;
    }
    return durations;
}

/* What says "validated on AWS" is written for AWS only; an emulator's entry has provenance alone,
 * which does not change from one recording to the next. */
static json_t *make_validation(const struct parity_recording_update *update)
{
    json_t *provenance = parity_json_copy(update->provenance);
    json_t *entry = json_object();
    char date[64];
    struct tm utc;
    int rc = 0;

    if (!gmtime_r(&update->now, &utc))
        memset(&utc, 0, sizeof utc);
    snprintf(date, sizeof date, "%04d-%02d-%02dT%02d:%02d:%02d+00:00", utc.tm_year + 1900,
             utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (parity_validation_is_aws(update->provenance))
        rc = set_new(entry, "last_validated_date", json_string(date)) < 0 ||
                     set_new(entry, "durations_in_seconds", make_durations(update)) < 0
                 ? -1
                 : 0;
    if (rc < 0 || !provenance || json_object_update(entry, provenance) < 0) {
        json_decref(entry);
        entry = NULL;
    }
    json_decref(provenance);
    return entry;
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

/* What AWS said is worth more than what an emulator says, and costs more to get back. */
static int check_replaces(const struct parity_recording_update *update,
                          const struct target *snapshot, const struct target *validation,
                          struct parity_error *err)
{
    if (update->replace_aws || parity_validation_is_aws(update->provenance) ||
        !json_object_get(snapshot->content, update->id) ||
        !parity_validation_is_aws(json_object_get(validation->content, update->id)))
        return 0;
    parity_fail(err, PARITY_E_INVALID, update->id,
                "%s holds a recording of this test made on AWS, which an emulator's answers do not "
                "replace unless --replace-aws says so",
                snapshot->path);
    return -1;
}

static int replace_entries(const struct parity_recording_update *update, struct target *snapshot,
                           struct target *validation)
{
    json_t *sorted;

    if (set_new(snapshot->content, update->id,
                parity_recording_entry(update->content, update->now)) < 0 ||
        set_new(validation->content, update->id, make_validation(update)) < 0)
        return -1;
    sorted = sort_members(validation->content);
    if (!sorted)
        return -1;
    json_decref(validation->content);
    validation->content = sorted;
    return 0;
}

static int replace_raw(const struct parity_recording_update *update, struct target *raw,
                       struct parity_error *err)
{
    const struct parity_secrets_options none = {0};
    json_t *encoded = parity_raw_encode(update->raw);
    json_t *masked = NULL;
    int rc = -1;

    if (!encoded)
        parity_fail_nomem(err);
    else if (parity_secrets_mask(update->secrets ? update->secrets : &none, encoded, &masked,
                                 err) == 0) {
        rc = set_new(raw->content, update->id, parity_recording_entry(masked, update->now));
        if (rc < 0)
            parity_fail_nomem(err);
    }
    json_decref(encoded);
    json_decref(masked);
    return rc;
}

/* The next look-up shall see what was stored. */
static void forget(struct parity_recordings *recordings, const char *path)
{
    for (size_t i = 0; i < recordings->file_count; i++) {
        if (strcmp(recordings->files[i].path, path) != 0)
            continue;
        parity_tree_file_clear(&recordings->files[i]);
        recordings->files[i] = recordings->files[--recordings->file_count];
        return;
    }
}

/* Killed between the two, the files must not call an emulator's answers AWS's: what takes that
 * claim away goes first, what makes it goes last. */
static int commit(const struct parity_recording_update *update, struct target *snapshot,
                  struct target *validation, struct parity_error *err)
{
    bool aws = parity_validation_is_aws(update->provenance);

    if (parity_file_commit(aws ? &snapshot->change : &validation->change, err) < 0)
        return -1;
    return parity_file_commit(aws ? &validation->change : &snapshot->change, err);
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

/* Everything that needs the lock. */
static int store_locked(struct parity_recordings *recordings, const char *folder,
                        const struct parity_recording_update *update, struct parity_error *err)
{
    struct target snapshot = {0}, validation = {0}, raw = {0};
    int rc = -1;

    if (target_read(&snapshot, folder, update->id, PARITY_SNAPSHOT_SUFFIX, err) < 0 ||
        target_read(&validation, folder, update->id, PARITY_VALIDATION_SUFFIX, err) < 0 ||
        (update->raw && target_read(&raw, folder, update->id, PARITY_RAW_SUFFIX, err) < 0) ||
        check_replaces(update, &snapshot, &validation, err) < 0)
        goto out;
    if (replace_entries(update, &snapshot, &validation) < 0) {
        parity_fail_nomem(err);
        goto out;
    }
    if (update->raw && replace_raw(update, &raw, err) < 0)
        goto out;
    sweep_beside(snapshot.path);
    if ((update->raw && target_prepare(&raw, err) < 0) || target_prepare(&validation, err) < 0 ||
        target_prepare(&snapshot, err) < 0 ||
        (update->raw && parity_file_commit(&raw.change, err) < 0))
        goto out;
    rc = commit(update, &snapshot, &validation, err);
    forget(recordings, snapshot.path);
    forget(recordings, validation.path);
out:
    target_clear(&snapshot);
    target_clear(&validation);
    target_clear(&raw);
    return rc;
}

int parity_recordings_store(struct parity_recordings *recordings,
                            const struct parity_recording_update *update, struct parity_error *err)
{
    const struct parity_secrets_options none = {0};
    const char *folder = recordings->trees[recordings->tree_count - 1].folder;
    int lock, rc;

    if (!json_is_string(json_object_get(update->provenance, "target"))) {
        parity_fail(err, PARITY_E_USAGE, update->id, "a recording needs to say where it is from");
        return -1;
    }
    if (parity_secrets_check(update->secrets ? update->secrets : &none, update->content, err) < 0) {
        parity_error_add_context(err, "%s", update->id);
        return -1;
    }
    lock = parity_tree_lock(folder, recordings->lock_timeout_ms, err);
    if (lock < 0)
        return -1;
    rc = store_locked(recordings, folder, update, err);
    close(lock);
    return rc;
}

int parity_recordings_store_raw(struct parity_recordings *recordings,
                                const struct parity_recording_update *update,
                                struct parity_error *err)
{
    const char *folder = recordings->trees[recordings->tree_count - 1].folder;
    int lock = parity_tree_lock(folder, recordings->lock_timeout_ms, err);
    struct target raw = {0};
    int rc = -1;

    if (lock < 0)
        return -1;
    if (target_read(&raw, folder, update->id, PARITY_RAW_SUFFIX, err) == 0 &&
        replace_raw(update, &raw, err) == 0) {
        sweep_beside(raw.path);
        if (target_prepare(&raw, err) == 0)
            rc = parity_file_commit(&raw.change, err);
    }
    target_clear(&raw);
    close(lock);
    return rc;
}
