/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/tree_file.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/unsettled.h"

/* --- stamps ------------------------------------------------------------------------------------
 */

static void stamp(const char *path, struct parity_tree_stamp *out)
{
    struct stat info;

    *out = (struct parity_tree_stamp){0};
    if (stat(path, &info) < 0)
        return;
    out->device = info.st_dev;
    out->inode = info.st_ino;
    out->size = info.st_size;
    out->modified = info.st_mtim;
    out->changed = info.st_ctim;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_same(const struct parity_tree_stamp *a, const struct parity_tree_stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           is_same_time(&a->modified, &b->modified) && is_same_time(&a->changed, &b->changed);
}

static bool is_current(const struct parity_tree_file *file)
{
    struct parity_tree_stamp now;

    stamp(file->path, &now);
    if (!is_same(&now, &file->stamp))
        return false;
    stamp(file->lines_path, &now);
    return is_same(&now, &file->lines_stamp);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void clear(struct parity_tree_file *file)
{
    json_decref(file->content);
    parity_buffer_clear(&file->text);
    parity_free(file->entries.items);
    parity_free(file->path);
    parity_free(file->lines_path);
}

/* Make `content` of a file of which only the text is there. */
static int parse(struct parity_tree_file *file, struct parity_error *err)
{
    if (!file->text.data)
        return 0;
    if (parity_tree_parse(file->text.data, file->text.length, file->path, &file->content, err) < 0)
        return -1;
    parity_buffer_clear(&file->text);
    parity_free(file->entries.items);
    file->entries = (struct parity_json_members){0};
    return 0;
}

/* Where entries cannot be found by a look, the file is parsed, if only to tell what is wrong. */
static int read_text(struct parity_tree_file *file, struct parity_error *err)
{
    struct parity_error failure = {0};
    int found;

    if (parity_file_read(file->path, 0, &file->text, &failure) < 0) {
        parity_buffer_clear(&file->text);
        if (failure.code == PARITY_E_NOT_FOUND)
            return 0;
        if (err)
            *err = failure;
        return -1;
    }
    found = parity_json_members_find(file->text.data, file->text.length, &file->entries);
    if (found < 0)
        return parity_fail_nomem(err);
    return found ? 0 : parse(file, err);
}

/* The lines are read first: what is put in place meanwhile is found in the file. */
static int read_content(struct parity_tree_file *file, struct parity_error *err)
{
    json_t *lines = NULL;
    int rc = -1;

    stamp(file->lines_path, &file->lines_stamp);
    stamp(file->path, &file->stamp);
    if (parity_unsettled_read(file->lines_path, &lines, err) < 0 || read_text(file, err) < 0 ||
        (lines && parse(file, err) < 0))
        goto out;
    if (lines && !file->content)
        file->content = json_object();
    rc = lines ? parity_unsettled_apply(lines, file->suffix, file->content) : 0;
    if (rc < 0)
        parity_fail_nomem(err);
out:
    json_decref(lines);
    return rc;
}

static struct parity_tree_file *find(struct parity_recordings *recordings, const char *path)
{
    for (size_t i = 0; i < recordings->file_count; i++)
        if (strcmp(recordings->files[i].path, path) == 0)
            return &recordings->files[i];
    return NULL;
}

static void drop(struct parity_recordings *recordings, struct parity_tree_file *file)
{
    clear(file);
    *file = recordings->files[--recordings->file_count];
}

/* Steals what `file` owns. NULL when out of memory. */
static struct parity_tree_file *add(struct parity_recordings *recordings,
                                    struct parity_tree_file *file, struct parity_error *err)
{
    read_content(file, &file->failure);
    if (file->failure.code == PARITY_E_NOMEM ||
        parity_grow(&recordings->files, &recordings->file_capacity, recordings->file_count + 1,
                    sizeof *recordings->files) < 0) {
        clear(file);
        parity_fail_nomem(err);
        return NULL;
    }
    recordings->files[recordings->file_count] = *file;
    return &recordings->files[recordings->file_count++];
}

/* NULL with the reason in `err`; what is wrong with the file itself stands in it. */
static struct parity_tree_file *obtain(struct parity_recordings *recordings, const char *folder,
                                       const char *key, const char *suffix, bool refresh,
                                       struct parity_error *err)
{
    struct parity_tree_file wanted = {.path = parity_tree_path(folder, key, suffix, err),
                                      .suffix = suffix};
    struct parity_tree_file *known;

    wanted.lines_path = wanted.path ? parity_unsettled_path(folder, key, err) : NULL;
    if (!wanted.lines_path) {
        clear(&wanted);
        return NULL;
    }
    known = find(recordings, wanted.path);
    if (known && refresh && !is_current(known)) {
        drop(recordings, known);
        known = NULL;
    }
    if (!known)
        return add(recordings, &wanted, err);
    clear(&wanted);
    return known;
}

/* The same, but NULL also for what is wrong with the file. */
static struct parity_tree_file *obtain_whole(struct parity_recordings *recordings,
                                             const char *folder, const char *key,
                                             const char *suffix, bool refresh,
                                             struct parity_error *err)
{
    struct parity_tree_file *file = obtain(recordings, folder, key, suffix, refresh, err);

    if (!file || file->failure.code == PARITY_OK)
        return file;
    if (err && err->code == PARITY_OK)
        *err = file->failure;
    return NULL;
}

static int look_up(struct parity_recordings *recordings, const char *folder, const char *key,
                   const char *suffix, bool refresh, const json_t **content,
                   struct parity_error *err)
{
    struct parity_tree_file *file = obtain_whole(recordings, folder, key, suffix, refresh, err);

    *content = NULL;
    if (!file || parse(file, err) < 0)
        return -1;
    *content = file->content;
    return 0;
}

int parity_tree_file_entry(struct parity_recordings *recordings, const char *folder,
                           const char *key, const char *suffix, json_t **entry,
                           struct parity_error *err)
{
    struct parity_tree_file *file = obtain_whole(recordings, folder, key, suffix, false, err);
    const struct parity_json_member *place;

    *entry = NULL;
    if (!file)
        return -1;
    place = parity_json_members_get(&file->entries, key);
    if (place)
        return parity_json_parse(place->value, place->length, file->path, entry, err);
    *entry = json_incref(json_object_get(file->content, key));
    return 0;
}

int parity_tree_file_load(struct parity_recordings *recordings, const char *folder, const char *key,
                          const char *suffix, const json_t **content, struct parity_error *err)
{
    return look_up(recordings, folder, key, suffix, false, content, err);
}

int parity_tree_file_refresh(struct parity_recordings *recordings, const char *folder,
                             const char *key, const char *suffix, const json_t **content,
                             struct parity_error *err)
{
    return look_up(recordings, folder, key, suffix, true, content, err);
}

/* --- changes -----------------------------------------------------------------------------------
 */

/* Drop the files of a suite, or those that are not as they were read. */
static void drop_suite(struct parity_recordings *recordings, const char *lines_path, bool all)
{
    for (size_t i = recordings->file_count; i-- > 0;) {
        struct parity_tree_file *file = &recordings->files[i];

        if (strcmp(file->lines_path, lines_path) == 0 && (all || !is_current(file)))
            drop(recordings, file);
    }
}

/* What cannot be noted is read again. */
static void note_in_file(struct parity_recordings *recordings, struct parity_tree_file *file,
                         const json_t *line)
{
    int rc = parse(file, NULL);

    if (rc == 0 && !file->content)
        file->content = json_object();
    if (rc < 0 || parity_unsettled_apply(line, file->suffix, file->content) < 0)
        drop(recordings, file);
    else
        stamp(file->lines_path, &file->lines_stamp);
}

static void note(struct parity_recordings *recordings, const char *lines_path, const char *id,
                 const json_t *files)
{
    json_t *line = json_pack("{s:O}", id, files);

    if (!line)
        drop_suite(recordings, lines_path, true);
    for (size_t i = recordings->file_count; line && i-- > 0;)
        if (strcmp(recordings->files[i].lines_path, lines_path) == 0)
            note_in_file(recordings, &recordings->files[i], line);
    json_decref(line);
}

int parity_tree_file_add_line(struct parity_recordings *recordings, const char *folder,
                              const char *id, const json_t *files, struct parity_error *err)
{
    char *lines_path = parity_unsettled_path(folder, id, err);
    int rc = -1;

    if (!lines_path)
        return -1;
    drop_suite(recordings, lines_path, false);
    rc = parity_unsettled_add(lines_path, id, files, err);
    if (rc == 0)
        note(recordings, lines_path, id, files);
    parity_free(lines_path);
    return rc;
}

void parity_tree_file_forget(struct parity_recordings *recordings, const char *folder,
                             const char *key)
{
    char *lines_path = parity_unsettled_path(folder, key, NULL);

    if (lines_path)
        drop_suite(recordings, lines_path, true);
    else
        parity_tree_files_clear(recordings);
    parity_free(lines_path);
}

void parity_tree_files_clear(struct parity_recordings *recordings)
{
    for (size_t i = 0; i < recordings->file_count; i++)
        clear(&recordings->files[i]);
    parity_free(recordings->files);
    recordings->files = NULL;
    recordings->file_count = recordings->file_capacity = 0;
}
