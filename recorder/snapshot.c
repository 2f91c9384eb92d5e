/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/tree.h"
#include "recorder/tree_file.h"

static int add_tree(struct parity_recordings *recordings, const char *folder, bool ground_truth,
                    struct parity_error *err)
{
    size_t count = recordings->tree_count;
    char *copy = parity_strdup(folder);

    if (!copy || parity_grow(&recordings->trees, &recordings->tree_capacity, count + 1,
                             sizeof *recordings->trees) < 0) {
        parity_free(copy);
        parity_fail_nomem(err);
        return -1;
    }
    recordings->trees[count].folder = copy;
    recordings->trees[count].ground_truth = ground_truth;
    recordings->tree_count++;
    return 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* A ground truth folder is a tree itself, or holds one for each project they come from. */
static int add_ground_truth(struct parity_recordings *recordings, const char *folder,
                            struct parity_error *err)
{
    struct dirent **entries = NULL;
    int count, rc;

    if (!is_folder(folder)) {
        parity_fail(err, PARITY_E_NOT_FOUND, folder,
                    "no such folder of recordings; --ground-truth takes a folder with "
                    "*" PARITY_SNAPSHOT_SUFFIX " files below it");
        return -1;
    }
    rc = add_tree(recordings, folder, true, err);
    count = scandir(folder, &entries, is_visible, alphasort);
    if (count < 0 && rc == 0) {
        parity_fail(err, PARITY_E_IO, folder, "cannot read the folder: %s", strerror(errno));
        rc = -1;
    }
    for (int i = 0; i < count; i++) {
        char *path = rc == 0 ? parity_path_join(folder, entries[i]->d_name) : NULL;

        if (rc == 0 && !path) {
            parity_fail_nomem(err);
            rc = -1;
        }
        if (path && is_folder(path))
            rc = add_tree(recordings, path, true, err);
        parity_free(path);
        free(entries[i]); /* by scandir() */
    }
    free(entries);
    return rc;
}

struct parity_recordings *parity_recordings_new(const struct parity_recordings_options *options,
                                                struct parity_error *err)
{
    struct parity_recordings *recordings = parity_calloc(1, sizeof *recordings);
    int rc = 0;

    if (!recordings) {
        parity_fail_nomem(err);
        return NULL;
    }
    recordings->lock_timeout_ms = options->lock_timeout_ms ? options->lock_timeout_ms : 30000;
    for (const char *const *folder = options->ground_truth; rc == 0 && folder && *folder; folder++)
        rc = add_ground_truth(recordings, *folder, err);
    if (rc == 0)
        rc = add_tree(recordings, options->folder, false, err);
    if (rc < 0) {
        parity_recordings_free(recordings);
        return NULL;
    }
    return recordings;
}

void parity_recordings_free(struct parity_recordings *recordings)
{
    if (!recordings)
        return;
    for (size_t i = 0; i < recordings->tree_count; i++)
        parity_free(recordings->trees[i].folder);
    parity_tree_files_clear(recordings);
    parity_free(recordings->trees);
    parity_free(recordings);
}

void parity_recording_clear(struct parity_recording *recording)
{
    json_decref(recording->content);
    json_decref(recording->provenance);
    parity_free(recording->recorded_date);
    parity_free(recording->last_validated_date);
    parity_free(recording->file);
    parity_free(recording->key);
    memset(recording, 0, sizeof *recording);
}

/* A member that is no string counts as absent. */
static int copy_text(const json_t *object, const char *name, char **out)
{
    const char *text = json_string_value(json_object_get(object, name));

    *out = text ? parity_strdup(text) : NULL;
    return text && !*out ? -1 : 0;
}

/* Everything in a validation entry that the reference does not write. */
static json_t *extract_provenance(const json_t *validation)
{
    json_t *provenance = parity_json_copy(validation);

    json_object_del(provenance, "last_validated_date");
    json_object_del(provenance, "durations_in_seconds");
    return provenance;
}

static int fill_validation(struct parity_recording *out, const json_t *validation)
{
    if (!validation)
        return 0;
    out->from_aws = parity_validation_is_aws(validation);
    out->provenance = extract_provenance(validation);
    if (!out->provenance ||
        copy_text(validation, "last_validated_date", &out->last_validated_date) < 0)
        return -1;
    if (json_object_size(out->provenance) == 0) {
        json_decref(out->provenance);
        out->provenance = NULL;
    }
    return 0;
}

static int fill(struct parity_recordings *recordings, const struct parity_tree *tree,
                const char *key, const json_t *entry, struct parity_recording *out,
                struct parity_error *err)
{
    json_t *content = json_object_get(entry, "recorded-content"), *validation;
    int rc = 0;

    out->file = parity_tree_path(tree->folder, key, PARITY_SNAPSHOT_SUFFIX, err);
    if (!out->file)
        return -1;
    if (!content || parity_json_kind(content) != PARITY_JSON_OBJECT) {
        parity_fail(err, PARITY_E_PARSE, out->file,
                    "the entry of '%s' has no object \"recorded-content\"; remove the entry and "
                    "record the test again with 'parity run --snapshot-update'",
                    key);
        return -1;
    }
    if (parity_tree_file_entry(recordings, tree->folder, key, PARITY_VALIDATION_SUFFIX, &validation,
                               err) < 0)
        return -1;
    out->key = parity_strdup(key);
    out->content = json_incref(content);
    if (!out->key || copy_text(entry, "recorded-date", &out->recorded_date) < 0 ||
        fill_validation(out, validation) < 0)
        rc = parity_fail_nomem(err);
    json_decref(validation);
    return rc;
}

/* Look for `key` in all trees of one kind. @return 1 when found, 0, or -1 */
static int find_key(struct parity_recordings *recordings, const char *key, bool ground_truth,
                    struct parity_recording *out, struct parity_error *err)
{
    for (size_t i = 0; key && i < recordings->tree_count; i++) {
        const struct parity_tree *tree = &recordings->trees[i];
        json_t *entry;
        int rc;

        if (tree->ground_truth != ground_truth)
            continue;
        if (parity_tree_file_entry(recordings, tree->folder, key, PARITY_SNAPSHOT_SUFFIX, &entry,
                                   err) < 0)
            return -1;
        if (!entry)
            continue;
        rc = fill(recordings, tree, key, entry, out, err);
        json_decref(entry);
        return rc < 0 ? -1 : 1;
    }
    return 0;
}

static void fail_not_recorded(struct parity_recordings *recordings, const char *id,
                              const char *recorded_as, struct parity_error *err)
{
    const struct parity_tree *own = &recordings->trees[recordings->tree_count - 1];
    const json_t *content;
    bool exists;
    char *path;

    if (parity_tree_file_load(recordings, own->folder, id, PARITY_SNAPSHOT_SUFFIX, &content, NULL) <
        0) {
        parity_fail_nomem(err);
        return;
    }
    exists = content != NULL;
    path = parity_tree_path(own->folder, id, PARITY_SNAPSHOT_SUFFIX, NULL);
    parity_fail(err, PARITY_E_NOT_FOUND, id,
                "nothing is recorded: %s %s%s%s%s; record it with 'TEST_TARGET=AWS_CLOUD parity "
                "run --snapshot-update %s'%s",
                path ? path : own->folder, exists ? "has no entry for it" : "does not exist",
                recordings->tree_count > 1 ? ", nor has the ground truth" : "",
                recorded_as ? ", also not as " : "", recorded_as ? recorded_as : "", id,
                recordings->tree_count > 1 ? "" : ", or name a folder with --ground-truth");
    parity_free(path);
}

int parity_recordings_find(struct parity_recordings *recordings, const char *id,
                           const char *recorded_as, struct parity_recording *out,
                           struct parity_error *err)
{
    int found;

    memset(out, 0, sizeof *out);
    found = find_key(recordings, recorded_as, true, out, err);
    if (found == 0)
        found = find_key(recordings, id, true, out, err);
    if (found == 0)
        found = find_key(recordings, id, false, out, err);
    if (found == 0)
        found = find_key(recordings, recorded_as, false, out, err);
    if (found == 1)
        return 0;
    if (found == 0)
        fail_not_recorded(recordings, id, recorded_as, err);
    parity_recording_clear(out);
    return -1;
}
