/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/pending.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/lock.h"
#include "recorder/tree.h"

enum { LOCK_TIMEOUT_MS = 30000 };

/* New, or NULL when out of memory. */
static json_t *make_entry(const struct parity_recording_update *update)
{
    json_t *entry = parity_recording_entry(update->content, update->now);

    if (json_object_set_new_nocheck(entry, "provenance", parity_json_copy(update->provenance)) <
            0 ||
        json_object_set_new_nocheck(entry, "durations_in_seconds",
                                    json_pack("{s:f, s:f, s:f}", "setup", update->setup_s, "call",
                                              update->call_s, "teardown", update->teardown_s)) <
            0) {
        json_decref(entry);
        return NULL;
    }
    return entry;
}

/* A file with nothing left in it goes. */
static int write_file(const char *path, const json_t *content, struct parity_error *err)
{
    if (json_object_size(content) == 0) {
        if (unlink(path) == 0 || errno == ENOENT)
            return 0;
        parity_fail(err, PARITY_E_IO, path, "cannot remove: %s", strerror(errno));
        return -1;
    }
    return parity_tree_write(path, content, err);
}

/* Set (or, with NULL, take out) the entry of `id`, under the lock. Steals `entry`. */
static int change(const char *folder, const char *id, const json_t *expected, json_t *entry,
                  struct parity_error *err)
{
    char *path = parity_tree_path(folder, id, PARITY_PENDING_SUFFIX, err);
    int lock = path ? parity_tree_lock(folder, LOCK_TIMEOUT_MS, err) : -1;
    json_t *content = NULL;
    int rc = -1;

    if (lock < 0 || parity_tree_read(path, &content, err) < 0)
        goto out;
    if (!content)
        content = json_object();
    rc = 0;
    if (entry)
        rc = json_object_set_nocheck(content, id, entry);
    else if (!expected || parity_json_equal(json_object_get(content, id), expected))
        json_object_del(content, id);
    if (rc < 0)
        parity_fail_nomem(err);
    else
        rc = write_file(path, content, err);
out:
    if (lock >= 0)
        close(lock);
    json_decref(content);
    json_decref(entry);
    parity_free(path);
    return rc;
}

int parity_pending_store(const char *folder, const struct parity_recording_update *update,
                         struct parity_error *err)
{
    const struct parity_secrets_options none = {0};
    json_t *entry;

    if (parity_secrets_check(update->secrets ? update->secrets : &none, update->content, err) < 0) {
        parity_error_add_context(err, "%s", update->id);
        return -1;
    }
    entry = make_entry(update);
    if (!entry) {
        parity_fail_nomem(err);
        return -1;
    }
    return change(folder, update->id, NULL, entry, err);
}

int parity_pending_remove(const char *folder, const char *id, const json_t *entry,
                          struct parity_error *err)
{
    char *path = parity_tree_path(folder, id, PARITY_PENDING_SUFFIX, err);
    bool exists = path && access(path, F_OK) == 0;

    parity_free(path);
    if (!path)
        return -1;
    return exists ? change(folder, id, entry, NULL, err) : 0;
}

/* --- the list ----------------------------------------------------------------------------------
 */

static int list_file(const char *path, const char *name, json_t *out, struct parity_error *err)
{
    json_t *content, *entry;
    const char *id;
    int rc = parity_tree_read(path, &content, err);

    if (rc < 0)
        return -1;
    json_object_foreach(content, id, entry) {
        if (parity_json_kind(json_object_get(entry, "recorded-content")) != PARITY_JSON_OBJECT) {
            parity_fail(err, PARITY_E_PARSE, path,
                        "the entry of '%s' has no object \"recorded-content\"; remove it, then run "
                        "the test again with --snapshot-review",
                        id);
            rc = -1;
            break;
        }
        rc = json_array_append_new(
            out, json_pack("{s:s, s:s, s:O}", "id", id, "file", name, "entry", entry));
        if (rc < 0) {
            parity_fail_nomem(err);
            break;
        }
    }
    json_decref(content);
    return rc;
}

int parity_pending_list(const char *folder, json_t **out, struct parity_error *err)
{
    struct parity_inventory_names names = {0};
    json_t *list = json_array();
    int rc = parity_inventory_names(folder, PARITY_PENDING_SUFFIX, &names, err);

    *out = NULL;
    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        char *path = parity_path_join(folder, names.items[i]);

        rc = path ? list_file(path, names.items[i], list, err) : -1;
        parity_free(path);
    }
    parity_inventory_names_clear(&names);
    if (rc == 0 && list) {
        *out = list;
        return 0;
    }
    parity_fail_nomem(err); /* unless there is a better reason */
    json_decref(list);
    return -1;
}

/* --- accepting ---------------------------------------------------------------------------------
 */

int parity_pending_accept(const char *folder, const char *id, const json_t *entry,
                          const struct parity_recording_update *options, struct parity_error *err)
{
    const json_t *durations = json_object_get(entry, "durations_in_seconds");
    const struct parity_recordings_options place = {.folder = folder};
    const struct parity_recording_update update = {
        .id = id,
        .content = json_object_get(entry, "recorded-content"),
        .provenance = json_object_get(entry, "provenance"),
        .secrets = options ? options->secrets : NULL,
        .replace_aws = options && options->replace_aws,
        .now = parity_inventory_date(json_string_value(json_object_get(entry, "recorded-date"))),
        .setup_s = json_number_value(json_object_get(durations, "setup")),
        .call_s = json_number_value(json_object_get(durations, "call")),
        .teardown_s = json_number_value(json_object_get(durations, "teardown")),
    };
    struct parity_recordings *recordings;
    int rc;

    if (update.now < 0) {
        parity_fail(err, PARITY_E_PARSE, id, "the pending result has no date; run the test again");
        return -1;
    }
    recordings = parity_recordings_new(&place, err);
    if (!recordings)
        return -1;
    rc = parity_recordings_store(recordings, &update, err);
    if (rc == 0)
        rc = parity_pending_remove(folder, id, entry, err);
    parity_recordings_free(recordings);
    return rc;
}
