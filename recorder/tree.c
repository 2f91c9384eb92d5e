/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/tree.h"

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

/* An id comes from a file name or from a suite's text; neither may lead out of the tree. */
static bool leads_out(const char *path, size_t length)
{
    const char *end = path + length;

    if (length == 0 || path[0] == '/')
        return true;
    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t step = (size_t)((slash ? slash : end) - path);

        if (step == 2 && memcmp(path, "..", 2) == 0)
            return true;
        path += step + 1;
    }
    return false;
}

char *parity_tree_path(const char *folder, const char *key, const char *suffix,
                       struct parity_error *err)
{
    const char *end = strstr(key, "::"), *slash = strrchr(key, '/');
    size_t length = end ? (size_t)(end - key) : slash ? (size_t)(slash - key) : strlen(key);
    size_t stem;
    char *path;

    if (length == 0 || leads_out(key, length)) {
        parity_fail(err, PARITY_E_INVALID, key,
                    "is no key of a recording: expected '<suite path>::<test>' or "
                    "'<folder>/<test>', the path below the folder of recordings");
        return NULL;
    }
    if (!end) {
        path = parity_asprintf("%s/%.*s%s", folder, (int)length, key, suffix);
        if (!path)
            parity_fail_nomem(err);
        return path;
    }
    for (stem = length; stem > 0 && key[stem - 1] != '.' && key[stem - 1] != '/'; stem--)
        ;
    /* A dot at the start of the name is no extension. */
    if (stem <= 1 || key[stem - 1] == '/' || key[stem - 2] == '/')
        stem = length + 1;
    path = parity_asprintf("%s/%.*s%s", folder, (int)(stem - 1), key, suffix);
    if (!path)
        parity_fail_nomem(err);
    return path;
}

static int check_shape(const char *path, json_t *content, struct parity_error *err)
{
    const char *key;
    json_t *entry;

    if (!json_is_object(content)) {
        parity_fail(err, PARITY_E_PARSE, path,
                    "is no file of recordings: expected an object of tests");
        return -1;
    }
    json_object_foreach(content, key, entry)
        if (parity_json_kind(entry) != PARITY_JSON_OBJECT) {
            parity_fail(err, PARITY_E_PARSE, path,
                        "is no file of recordings: the entry of '%s' is no object", key);
            return -1;
        }
    return 0;
}

int parity_tree_parse(const char *text, size_t length, const char *path, json_t **out,
                      struct parity_error *err)
{
    int rc = 0;

    *out = NULL;
    if (length == 0)
        *out = json_object();
    else
        rc = parity_json_parse_unique(text, length, path, out, err);
    if (rc == 0 && !*out) {
        parity_fail_nomem(err);
        rc = -1;
    }
    if (rc == 0)
        rc = check_shape(path, *out, err);
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

int parity_tree_read(const char *path, json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_error failure = {0};
    int rc = -1;

    *out = NULL;
    if (parity_file_read(path, 0, &text, &failure) == 0)
        rc = parity_tree_parse(text.data, text.length, path, out, err);
    else if (failure.code == PARITY_E_NOT_FOUND)
        rc = 0;
    else if (err)
        *err = failure;
    parity_buffer_clear(&text);
    return rc;
}

static int write_text(struct parity_buffer *text, const json_t *content, struct parity_error *err)
{
    parity_json_write(text, content, PARITY_JSON_PRETTY);
    parity_buffer_add_char(text, '\n');
    if (!text->failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

int parity_tree_write(const char *path, const json_t *content, struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc = write_text(&text, content, err);

    if (rc == 0)
        rc = parity_file_replace(path, text.data, text.length, err);
    parity_buffer_clear(&text);
    return rc;
}

int parity_tree_prepare(const char *path, const json_t *content, struct parity_file_change *change,
                        struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc = write_text(&text, content, err);

    if (rc == 0)
        rc = parity_file_prepare(path, text.data, text.length, change, err);
    parity_buffer_clear(&text);
    return rc;
}

bool parity_validation_is_aws(const json_t *entry)
{
    const json_t *target = json_object_get(entry, "target");

    if (!target)
        return json_object_get(entry, "last_validated_date") != NULL;
    return json_is_string(target) && strcmp(json_string_value(target), "aws") == 0;
}
