/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/unsettled.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/append.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/tree.h"

char *parity_unsettled_path(const char *folder, const char *key, struct parity_error *err)
{
    char *inside = parity_path_join(folder, PARITY_UNSETTLED_FOLDER);
    char *path = NULL;

    if (inside)
        path = parity_tree_path(inside, key, PARITY_UNSETTLED_SUFFIX, err);
    else
        parity_fail_nomem(err);
    parity_free(inside);
    return path;
}

/* --- writing -----------------------------------------------------------------------------------
 */

int parity_unsettled_add(const char *path, const char *id, const json_t *files,
                         struct parity_error *err)
{
    json_t *line = json_pack("{s:s, s:O}", "id", id, "files", files);
    struct parity_buffer text = {0};
    int rc = -1;

    if (line)
        parity_json_write(&text, line, PARITY_JSON_COMPACT);
    parity_buffer_add_char(&text, '\n');
    if (!line || text.failed)
        parity_fail_nomem(err);
    else if (parity_file_make_parents(path, err) == 0)
        rc = parity_append_line(path, text.data, text.length, err);
    parity_buffer_clear(&text);
    json_decref(line);
    return rc;
}

/* From the innermost one outwards, until one is not empty. */
static void remove_folders(char *path)
{
    static const char outermost[] = "/" PARITY_UNSETTLED_FOLDER;
    const size_t end = sizeof outermost - 1;

    for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
        *slash = '\0';
        if (rmdir(path) < 0 ||
            ((size_t)(slash - path) >= end && strcmp(slash - end, outermost) == 0))
            return;
    }
}

int parity_unsettled_remove(const char *path, struct parity_error *err)
{
    char *copy = parity_strdup(path);
    int rc = parity_file_remove(path, err);

    if (rc == 0 && copy)
        remove_folders(copy);
    parity_free(copy);
    return rc;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static bool is_line(const json_t *line)
{
    const json_t *files = json_object_get(line, "files");
    const char *suffix;
    json_t *entry;

    if (!json_is_string(json_object_get(line, "id")) || !json_is_object(files))
        return false;
    json_object_foreach((json_t *)(uintptr_t)files, suffix, entry)
        if (!json_is_null(entry) && parity_json_kind(entry) != PARITY_JSON_OBJECT)
            return false;
    return true;
}

/* Each file has the last entry that was recorded for it. */
static int keep(json_t *lines, const json_t *line)
{
    const char *id = json_string_value(json_object_get(line, "id"));
    json_t *files = json_object_get(line, "files"), *known = json_object_get(lines, id);

    return known ? json_object_update(known, files) : json_object_set_nocheck(lines, id, files);
}

/* @return 1 when it is kept, 0 when it is no such line, or -1 */
static int take_line(const char *text, size_t length, json_t *lines, struct parity_error *err)
{
    struct parity_error failure = {0};
    json_t *line;
    int rc = parity_json_parse(text, length, NULL, &line, &failure);

    if (rc == 0)
        rc = !is_line(line) ? 0 : keep(lines, line) == 0 ? 1 : -1;
    else if (failure.code != PARITY_E_NOMEM)
        rc = 0;
    if (rc < 0)
        parity_fail_nomem(err);
    json_decref(line);
    return rc;
}

/* What stands behind the last line break was never reported as recorded, and neither was the last
 * line if it is none: then only part of it came to the disk before a power cut. */
static int take_lines(const char *path, const struct parity_buffer *text, json_t *lines,
                      struct parity_error *err)
{
    const char *at = text->data, *end = text->data + text->length, *newline;

    for (int number = 1; at < end && (newline = memchr(at, '\n', (size_t)(end - at))); number++) {
        int taken = take_line(at, (size_t)(newline - at), lines, err);

        at = newline + 1;
        if (taken < 0)
            return -1;
        if (taken > 0 || !memchr(at, '\n', (size_t)(end - at)))
            continue;
        parity_fail_at(err, PARITY_E_PARSE, path, number, 0,
                       "is no line of a recording that waits to be put into its file; remove the "
                       "line, or the file");
        return -1;
    }
    return 0;
}

int parity_unsettled_read(const char *path, json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_error failure = {0};
    json_t *lines = NULL;
    int rc = -1;

    *out = NULL;
    if (parity_file_read(path, 0, &text, &failure) < 0) {
        rc = failure.code == PARITY_E_NOT_FOUND ? 0 : -1;
        if (rc < 0 && err && err->code == PARITY_OK)
            *err = failure;
    } else if (!(lines = json_object())) {
        parity_fail_nomem(err);
    } else {
        rc = take_lines(path, &text, lines, err);
    }
    parity_buffer_clear(&text);
    if (rc == 0)
        *out = lines;
    else
        json_decref(lines);
    return rc;
}

int parity_unsettled_apply(const json_t *lines, const char *suffix, json_t *content)
{
    const char *id;
    json_t *files;

    json_object_foreach((json_t *)(uintptr_t)lines, id, files) {
        json_t *entry = json_object_get(files, suffix);

        if (json_is_null(entry))
            json_object_del(content, id);
        else if (entry && json_object_set_nocheck(content, id, entry) < 0)
            return -1;
    }
    return 0;
}
