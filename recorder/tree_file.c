/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/tree_file.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/tree.h"

void parity_tree_file_clear(struct parity_tree_file *file)
{
    parity_free(file->path);
    parity_buffer_clear(&file->text);
    parity_free(file->entries.items);
    json_decref(file->content);
    memset(file, 0, sizeof *file);
}

/* What is not found by a look is parsed, if only to tell what is wrong with it. */
static int look_into(struct parity_tree_file *file)
{
    int found = parity_json_members_find(file->text.data, file->text.length, &file->entries);

    if (found < 0) {
        parity_fail_nomem(&file->failure);
    } else if (!found) {
        parity_tree_parse(file->text.data, file->text.length, file->path, &file->content,
                          &file->failure);
        parity_buffer_clear(&file->text);
    }
    return file->failure.code == PARITY_E_NOMEM ? -1 : 0;
}

int parity_tree_file_read(const char *path, struct parity_tree_file *file, struct parity_error *err)
{
    int rc = -1;

    memset(file, 0, sizeof *file);
    file->path = parity_strdup(path);
    if (!file->path)
        goto out;
    if (parity_file_read(path, 0, &file->text, &file->failure) == 0) {
        file->exists = true;
        rc = look_into(file);
    } else if (file->failure.code == PARITY_E_NOT_FOUND) {
        parity_error_clear(&file->failure);
        rc = 0;
    } else {
        rc = file->failure.code == PARITY_E_NOMEM ? -1 : 0;
    }
out:
    if (rc < 0) {
        parity_tree_file_clear(file);
        parity_fail_nomem(err);
    }
    return rc;
}

int parity_tree_file_entry(const struct parity_tree_file *file, const char *key, json_t **entry,
                           struct parity_error *err)
{
    const struct parity_json_member *place = parity_json_members_get(&file->entries, key);

    *entry = NULL;
    if (file->failure.code != PARITY_OK) {
        if (err && err->code == PARITY_OK)
            *err = file->failure;
        return -1;
    }
    if (place)
        return parity_json_parse(place->value, place->length, file->path, entry, err);
    *entry = json_incref(json_object_get(file->content, key));
    return 0;
}
