/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/lock.h"
#include "recorder/pending.h"
#include "recorder/tree.h"

enum { LOCK_TIMEOUT_MS = 30000 };

/* A file as it stands on disk under the lock. */
struct loaded {
    char *path;
    struct parity_buffer text;
    json_t *content; /* NULL: there is no such file */
    struct parity_layout layout;
};

static void loaded_clear(struct loaded *file)
{
    parity_free(file->path);
    parity_buffer_clear(&file->text);
    json_decref(file->content);
    parity_layout_clear(&file->layout);
}

/* Steals `path`. */
static int load(struct loaded *file, char *path, struct parity_error *err)
{
    struct parity_error failure = {0};

    file->path = path;
    if (!path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_file_read(path, 0, &file->text, &failure) < 0) {
        if (failure.code == PARITY_E_NOT_FOUND)
            return 0;
        if (err && err->code == PARITY_OK)
            *err = failure;
        return -1;
    }
    if (!file->text.data)
        parity_buffer_add(&file->text, "", 0);
    if (parity_tree_parse(file->text.data, file->text.length, path, &file->content, err) < 0)
        return -1;
    return parity_layout_read(file->text.data, file->text.length, &file->layout, err);
}

/* --- format ------------------------------------------------------------------------------------
 */

int parity_inventory_format(const char *folder, const char *name, struct parity_error *err)
{
    int lock = parity_tree_lock(folder, LOCK_TIMEOUT_MS, err);
    struct loaded file = {0};
    int rc = -1;

    if (lock < 0)
        return -1;
    if (load(&file, parity_path_join(folder, name), err) == 0)
        rc = file.content ? parity_tree_write(file.path, file.content, err) : 0;
    loaded_clear(&file);
    close(lock);
    return rc;
}

/* --- delete ------------------------------------------------------------------------------------
 */

static bool is_among(const json_t *ids, const struct parity_layout_entry *entry)
{
    const json_t *item;
    size_t i;

    json_array_foreach(ids, i, item)
        if (json_string_length(item) == entry->key_length &&
            memcmp(json_string_value(item), entry->key, entry->key_length) == 0)
            return true;
    return false;
}

static int write_without(const struct loaded *file, const bool *drop, struct parity_error *err)
{
    struct parity_buffer text = {0};
    size_t kept = parity_layout_cut(&file->layout, file->text.data, file->text.length, drop, &text);
    int rc = -1;

    if (text.failed)
        parity_fail_nomem(err);
    else if (kept > 0)
        rc = parity_file_replace(file->path, text.data, text.length, err);
    else if (unlink(file->path) == 0)
        rc = 0;
    else
        parity_fail(err, PARITY_E_IO, file->path, "cannot remove: %s", strerror(errno));
    parity_buffer_clear(&text);
    return rc;
}

static int delete_from(const char *folder, const char *stem, const char *suffix, const json_t *ids,
                       struct parity_error *err)
{
    struct loaded file = {0};
    bool *drop = NULL, any = false;
    int rc = -1;

    if (load(&file, parity_asprintf("%s/%s%s", folder, stem, suffix), err) < 0)
        goto out;
    drop = parity_calloc(file.layout.count + 1, sizeof *drop);
    if (!drop) {
        parity_fail_nomem(err);
        goto out;
    }
    for (size_t i = 0; i < file.layout.count; i++)
        any |= drop[i] = is_among(ids, &file.layout.entries[i]);
    rc = any ? write_without(&file, drop, err) : 0;
out:
    parity_free(drop);
    loaded_clear(&file);
    return rc;
}

/* What says "from AWS" goes first, so that it never speaks of what is gone. */
int parity_inventory_delete(const char *folder, const char *stem, const json_t *ids,
                            struct parity_error *err)
{
    static const char *const suffixes[] = {PARITY_RAW_SUFFIX, PARITY_PENDING_SUFFIX,
                                           PARITY_VALIDATION_SUFFIX, PARITY_SNAPSHOT_SUFFIX};
    int lock = parity_tree_lock(folder, LOCK_TIMEOUT_MS, err);
    int rc = lock < 0 ? -1 : 0;

    for (size_t i = 0; rc == 0 && i < sizeof suffixes / sizeof *suffixes; i++)
        rc = delete_from(folder, stem, suffixes[i], ids, err);
    if (lock >= 0)
        close(lock);
    return rc;
}
