/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/pending.h"

#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/store.h"
#include "recorder/tree.h"

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

/* Under the lock; json_null() takes the entry out that is there. Steals `entry`. */
static int set_entry(struct parity_recordings *recordings, const char *id, json_t *entry,
                     struct parity_error *err)
{
    json_t *files = json_pack("{s:o}", PARITY_PENDING_SUFFIX, entry);
    int rc = files ? parity_store_add(recordings, id, files, err) : parity_fail_nomem(err);

    json_decref(files);
    return rc;
}

int parity_pending_store(struct parity_recordings *recordings,
                         const struct parity_recording_update *update, struct parity_error *err)
{
    const struct parity_secrets_options none = {0};
    const json_t *content;
    json_t *entry;
    int lock, rc = -1;

    if (parity_secrets_check(update->secrets ? update->secrets : &none, update->content, err) < 0) {
        parity_error_add_context(err, "%s", update->id);
        return -1;
    }
    lock = parity_store_begin(recordings, err);
    if (lock < 0)
        return -1;
    if (parity_store_look(recordings, update->id, PARITY_PENDING_SUFFIX, &content, err) == 0) {
        entry = make_entry(update);
        rc = entry ? set_entry(recordings, update->id, entry, err) : parity_fail_nomem(err);
    }
    close(lock);
    return rc;
}

int parity_pending_remove(struct parity_recordings *recordings, const char *id, const json_t *entry,
                          struct parity_error *err)
{
    int lock = parity_store_begin(recordings, err);
    const json_t *content, *known;
    int rc;

    if (lock < 0)
        return -1;
    rc = parity_store_look(recordings, id, PARITY_PENDING_SUFFIX, &content, err);
    known = rc == 0 ? json_object_get(content, id) : NULL;
    if (known && (!entry || parity_json_equal(known, entry)))
        rc = set_entry(recordings, id, json_null(), err);
    close(lock);
    return rc;
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

int parity_pending_accept(struct parity_recordings *recordings, const char *id, const json_t *entry,
                          const struct parity_recording_update *options, struct parity_error *err)
{
    const json_t *durations = json_object_get(entry, "durations_in_seconds");
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
    int rc;

    if (update.now < 0) {
        parity_fail(err, PARITY_E_PARSE, id, "the pending result has no date; run the test again");
        return -1;
    }
    rc = parity_recordings_store(recordings, &update, err);
    if (rc == 0)
        rc = parity_pending_remove(recordings, id, entry, err);
    return rc;
}
