/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/lock.h"
#include "recorder/raw.h"
#include "recorder/snapshot.h"
#include "recorder/store.h"
#include "recorder/tree.h"
#include "recorder/tree_file.h"

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

/* What AWS said is worth more than what an emulator says, and costs more to get back. */
static int check_replaces(const struct parity_recording_update *update, const char *folder,
                          const json_t *snapshot, const json_t *validation,
                          struct parity_error *err)
{
    char *path;

    if (update->replace_aws || parity_validation_is_aws(update->provenance) ||
        !json_object_get(snapshot, update->id) ||
        !parity_validation_is_aws(json_object_get(validation, update->id)))
        return 0;
    path = parity_tree_path(folder, update->id, PARITY_SNAPSHOT_SUFFIX, err);
    parity_fail(err, PARITY_E_INVALID, update->id,
                "%s holds a recording of this test made on AWS, which an emulator's answers do not "
                "replace unless --replace-aws says so",
                path ? path : folder);
    parity_free(path);
    return -1;
}

/* --- the line that is added --------------------------------------------------------------------
 */

static int set_entry(json_t *files, const char *suffix, json_t *entry, struct parity_error *err)
{
    if (set_new(files, suffix, entry) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int set_raw(json_t *files, const struct parity_recording_update *update,
                   struct parity_error *err)
{
    const struct parity_secrets_options none = {0};
    json_t *encoded = parity_raw_encode(update->raw);
    json_t *masked = NULL;
    int rc = -1;

    if (!encoded)
        parity_fail_nomem(err);
    else if (parity_secrets_mask(update->secrets ? update->secrets : &none, encoded, &masked,
                                 err) == 0)
        rc = set_entry(files, PARITY_RAW_SUFFIX, parity_recording_entry(masked, update->now), err);
    json_decref(encoded);
    json_decref(masked);
    return rc;
}

/* What the recording changes: {suffix: entry}; new, or NULL. */
static json_t *make_files(const struct parity_recording_update *update, bool raw_only,
                          struct parity_error *err)
{
    json_t *files = json_object();

    if ((!raw_only &&
         (set_entry(files, PARITY_SNAPSHOT_SUFFIX,
                    parity_recording_entry(update->content, update->now), err) < 0 ||
          set_entry(files, PARITY_VALIDATION_SUFFIX, make_validation(update), err) < 0)) ||
        (update->raw && set_raw(files, update, err) < 0)) {
        json_decref(files);
        return NULL;
    }
    if (!files)
        parity_fail_nomem(err);
    return files;
}

/* --- adding it ---------------------------------------------------------------------------------
 */

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

static const char *own_folder(const struct parity_recordings *recordings)
{
    return recordings->trees[recordings->tree_count - 1].folder;
}

int parity_store_begin(struct parity_recordings *recordings, struct parity_error *err)
{
    return parity_tree_lock(own_folder(recordings), recordings->lock_timeout_ms, err);
}

int parity_store_look(struct parity_recordings *recordings, const char *id, const char *suffix,
                      const json_t **content, struct parity_error *err)
{
    struct parity_error failure = {0};

    if (parity_tree_file_refresh(recordings, own_folder(recordings), id, suffix, content,
                                 &failure) == 0)
        return 0;
    fail_broken(&failure, err);
    return -1;
}

/* What cannot be written is better told now than when all tests have run. */
static int check_folder(const char *folder, const char *id, struct parity_error *err)
{
    char *path = parity_tree_path(folder, id, PARITY_SNAPSHOT_SUFFIX, err);
    int rc = path ? parity_file_make_parents(path, err) : -1;

    if (rc == 0) {
        *strrchr(path, '/') = '\0';
        rc = faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS);
        if (rc < 0)
            parity_fail(err, PARITY_E_IO, path, "cannot write into the folder: %s",
                        strerror(errno));
    }
    parity_free(path);
    return rc;
}

int parity_store_add(struct parity_recordings *recordings, const char *id, const json_t *files,
                     struct parity_error *err)
{
    const char *folder = own_folder(recordings);

    return check_folder(folder, id, err) < 0
               ? -1
               : parity_tree_file_add_line(recordings, folder, id, files, err);
}

/* Everything that needs the lock. */
static int add(struct parity_recordings *recordings, const struct parity_recording_update *update,
               bool raw_only, struct parity_error *err)
{
    const json_t *snapshot = NULL, *validation = NULL, *raw;
    const char *id = update->id;
    json_t *files;
    int rc = 0;

    if (!raw_only) {
        rc = parity_store_look(recordings, id, PARITY_SNAPSHOT_SUFFIX, &snapshot, err);
        if (rc == 0)
            rc = parity_store_look(recordings, id, PARITY_VALIDATION_SUFFIX, &validation, err);
    }
    if (rc == 0 && update->raw)
        rc = parity_store_look(recordings, id, PARITY_RAW_SUFFIX, &raw, err);
    if (rc < 0 || check_replaces(update, own_folder(recordings), snapshot, validation, err) < 0)
        return -1;
    files = make_files(update, raw_only, err);
    rc = files ? parity_store_add(recordings, id, files, err) : -1;
    json_decref(files);
    return rc;
}

static int add_locked(struct parity_recordings *recordings,
                      const struct parity_recording_update *update, bool raw_only,
                      struct parity_error *err)
{
    int lock = parity_store_begin(recordings, err);
    int rc;

    if (lock < 0)
        return -1;
    rc = add(recordings, update, raw_only, err);
    close(lock);
    return rc;
}

int parity_recordings_store(struct parity_recordings *recordings,
                            const struct parity_recording_update *update, struct parity_error *err)
{
    const struct parity_secrets_options none = {0};

    if (!json_is_string(json_object_get(update->provenance, "target"))) {
        parity_fail(err, PARITY_E_USAGE, update->id, "a recording needs to say where it is from");
        return -1;
    }
    if (parity_secrets_check(update->secrets ? update->secrets : &none, update->content, err) < 0) {
        parity_error_add_context(err, "%s", update->id);
        return -1;
    }
    return add_locked(recordings, update, false, err);
}

int parity_recordings_store_raw(struct parity_recordings *recordings,
                                const struct parity_recording_update *update,
                                struct parity_error *err)
{
    return add_locked(recordings, update, true, err);
}
