/* SPDX-License-Identifier: Apache-2.0 */
#include "client/model_files.h"

#include <dirent.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

enum { MAX_FILE_BYTES = 512 * 1024 * 1024 };

/* --- folders -----------------------------------------------------------------------------------
 */

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Takes over `path`, which may be NULL: out of memory. */
static int add_folder(struct parity_model_folders *folders, char *path)
{
    if (!path || parity_grow(&folders->items, &folders->capacity, folders->count + 1,
                             sizeof *folders->items) < 0) {
        parity_free(path);
        return -1;
    }
    folders->items[folders->count++] = path;
    return 0;
}

/* "~/x" is below the home folder. New. */
static char *expand_home(const char *path, size_t length)
{
    const char *home = getenv("HOME");

    if (length > 0 && path[0] == '~' && (length == 1 || path[1] == '/') && home)
        return parity_asprintf("%s%.*s", home, (int)(length - 1), path + 1);
    return parity_strndup(path, length);
}

static int add_path_list(struct parity_model_folders *folders, const char *list)
{
    while (list && *list) {
        size_t length = strcspn(list, ":");
        char *path = length ? expand_home(list, length) : NULL;

        if (length && !path)
            return -1;
        if (path && is_folder(path)) {
            if (add_folder(folders, path) < 0)
                return -1;
        } else {
            parity_free(path);
        }
        list += length + (list[length] == ':');
    }
    return 0;
}

/* Adds the newest folder that a pattern names. Returns 1 if there is one, 0 if not, -1. */
static int add_newest_match(struct parity_model_folders *folders, const char *prefix,
                            const char *pattern)
{
    char *full = parity_path_join(prefix, pattern);
    const char *newest = NULL;
    glob_t found;
    int rc = 0;

    if (!full)
        return -1;
    if (glob(full, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (is_folder(found.gl_pathv[i]) &&
                (!newest || strverscmp(found.gl_pathv[i], newest) > 0))
                newest = found.gl_pathv[i];
        if (newest)
            rc = add_folder(folders, parity_strdup(newest)) < 0 ? -1 : 1;
        globfree(&found);
    }
    parity_free(full);
    return rc;
}

/* botocore below a Python prefix ("/usr", a virtual environment). */
static int add_python(struct parity_model_folders *folders, const char *prefix)
{
    static const char *const patterns[] = {
        "lib/python3*/site-packages/botocore/data",
        "lib/python3*/dist-packages/botocore/data",
        "lib/python3/dist-packages/botocore/data",
    };

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        int rc = add_newest_match(folders, prefix, patterns[i]);

        if (rc != 0)
            return rc;
    }
    return 0;
}

/* The prefix of the first `python3` in PATH: the folder above its `bin`. New; NULL: none. */
static char *python_in_path(void)
{
    const char *list = getenv("PATH");

    while (list && *list) {
        size_t length = strcspn(list, ":");
        char *program = parity_asprintf("%.*s/python3", (int)length, list);
        bool usable = program && access(program, X_OK) == 0;

        parity_free(program);
        if (usable) {
            while (length > 0 && list[length - 1] == '/')
                length--;
            while (length > 0 && list[length - 1] != '/')
                length--;
            return length ? parity_strndup(list, length) : NULL;
        }
        list += length + (list[length] == ':');
    }
    return NULL;
}

/* "<folder of the binary>/venv". New; NULL: unknown. */
static char *own_environment(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    char *slash;

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    return parity_path_join(path, "venv");
}

static int add_command_line_tool(struct parity_model_folders *folders, const char *home)
{
    static const char *const patterns[] = {
        "/usr/local/aws-cli/v2/current/dist/awscli/botocore/data",
        "/usr/lib/python3*/site-packages/awscli/botocore/data",
        "/usr/lib/python3/dist-packages/awscli/botocore/data",
        "/opt/aws-cli/v2/current/dist/awscli/botocore/data",
        "/opt/aws-cli/lib/python3*/site-packages/awscli/botocore/data",
    };
    int rc = add_newest_match(folders, home, ".local/aws-cli/v2/current/dist/awscli/botocore/data");

    for (size_t i = 0; rc == 0 && i < sizeof patterns / sizeof *patterns; i++)
        rc = add_newest_match(folders, "", patterns[i]);
    return rc;
}

/* Point 4 of the order. Returns 1 when one was found. */
static int add_built_in(struct parity_model_folders *folders, const char *home)
{
    const char *given = getenv("PARITY_MODELS");
    char *in_path = python_in_path(), *own = own_environment();
    char *local = *home ? parity_path_join(home, ".local") : NULL;
    const char *prefixes[] = {getenv("VIRTUAL_ENV"), in_path, local, "/usr/local", "/usr"};
    int rc = 0;

    if (given && is_folder(given))
        rc = add_folder(folders, parity_strdup(given)) < 0 ? -1 : 1;
    for (size_t i = 0; rc == 0 && i < sizeof prefixes / sizeof *prefixes; i++)
        if (prefixes[i] && *prefixes[i])
            rc = add_python(folders, prefixes[i]);
    if (rc == 0)
        rc = add_command_line_tool(folders, home);
    if (rc == 0 && own)
        rc = add_python(folders, own);
    parity_free(in_path);
    parity_free(own);
    parity_free(local);
    return rc;
}

static int add_further(struct parity_model_folders *folders, const char *const *further)
{
    for (; further && *further; further++)
        if (is_folder(*further) && add_folder(folders, parity_strdup(*further)) < 0)
            return -1;
    return 0;
}

int parity_model_folders_find(const char *data_path, const char *const *further,
                              struct parity_model_folders *out, struct parity_error *err)
{
    const char *home = getenv("HOME");
    const char *list = data_path ? data_path : getenv("AWS_DATA_PATH");

    if (add_path_list(out, list) < 0 || add_path_list(out, "~/.aws/models") < 0 ||
        add_further(out, further) < 0 || add_built_in(out, home ? home : "") < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

void parity_model_folders_clear(struct parity_model_folders *folders)
{
    for (size_t i = 0; i < folders->count; i++)
        parity_free(folders->items[i]);
    parity_free(folders->items);
    memset(folders, 0, sizeof *folders);
}

/* --- looking up --------------------------------------------------------------------------------
 */

/* <folder>/<name>.json, else .json.gz. New; NULL: neither exists, or no memory (`*failed`). */
static char *existing_file(const char *folder, const char *name, bool *failed)
{
    static const char *const endings[] = {".json", ".json.gz"};

    for (size_t i = 0; i < 2; i++) {
        char *path = parity_asprintf("%s/%s%s", folder, name, endings[i]);

        if (!path) {
            *failed = true;
            return NULL;
        }
        if (access(path, R_OK) == 0)
            return path;
        parity_free(path);
    }
    return NULL;
}

int parity_model_locate(const struct parity_model_folders *folders, const char *name, char **out,
                        struct parity_error *err)
{
    bool failed = false;

    *out = NULL;
    for (size_t i = 0; i < folders->count && !*out && !failed; i++)
        *out = existing_file(folders->items[i], name, &failed);
    if (failed)
        parity_fail_nomem(err);
    return failed ? -1 : 0;
}

/* Raises *newest to the newest version below `folder` that has the file. */
static int newest_in(const char *folder, const char *file, char **newest)
{
    DIR *versions = opendir(folder);
    const struct dirent *entry;
    bool failed = false;

    if (!versions)
        return 0;
    while (!failed && (entry = readdir(versions))) {
        char *path, *name;

        if (entry->d_name[0] == '.' || (*newest && strcmp(entry->d_name, *newest) <= 0))
            continue;
        name = parity_path_join(entry->d_name, file);
        path = name ? existing_file(folder, name, &failed) : NULL;
        failed = failed || !name;
        if (path) {
            parity_free(*newest);
            *newest = parity_strdup(entry->d_name);
            failed = !*newest;
        }
        parity_free(path);
        parity_free(name);
    }
    closedir(versions);
    return failed ? -1 : 0;
}

int parity_model_newest(const struct parity_model_folders *folders, const char *service,
                        const char *file, char **out, struct parity_error *err)
{
    int rc = 0;

    *out = NULL;
    /* A name is one folder; "../x" would lead out of the data. */
    if (*service == '\0' || *service == '.' || strchr(service, '/'))
        return 0;
    for (size_t i = 0; rc == 0 && i < folders->count; i++) {
        char *folder = parity_path_join(folders->items[i], service);

        rc = folder ? newest_in(folder, file, out) : -1;
        parity_free(folder);
    }
    if (rc < 0) {
        parity_free(*out);
        *out = NULL;
        parity_fail_nomem(err);
    }
    return rc;
}

void parity_model_services(const struct parity_model_folders *folders,
                           void (*visit)(const char *name, void *context), void *context)
{
    for (size_t i = 0; i < folders->count; i++) {
        DIR *services = opendir(folders->items[i]);
        const struct dirent *entry;

        while (services && (entry = readdir(services)))
            if (entry->d_name[0] != '.' && !strchr(entry->d_name, '.'))
                visit(entry->d_name, context);
        if (services)
            closedir(services);
    }
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* Unpacks gzip data step by step, so that a file which claims to be small cannot fill the memory.
 */
static int unpack(const struct parity_buffer *packed, const char *path, struct parity_buffer *out,
                  struct parity_error *err)
{
    z_stream stream = {0};
    int status = inflateInit2(&stream, 16 + MAX_WBITS);

    if (status != Z_OK || packed->length > UINT_MAX) {
        parity_fail_nomem(err);
        return -1;
    }
    stream.next_in = (Bytef *)packed->data;
    stream.avail_in = (uInt)packed->length;
    while (status == Z_OK && out->length <= MAX_FILE_BYTES) {
        if (parity_buffer_reserve(out, 1 << 20) < 0)
            break;
        stream.next_out = (Bytef *)out->data + out->length;
        stream.avail_out = 1 << 20;
        status = inflate(&stream, Z_NO_FLUSH);
        out->length += ((size_t)1 << 20) - stream.avail_out;
        if (status == Z_BUF_ERROR && stream.avail_out == 0)
            status = Z_OK;
    }
    inflateEnd(&stream);
    if (out->failed)
        parity_fail_nomem(err);
    else if (status == Z_OK)
        parity_fail(err, PARITY_E_LIMIT, path, "larger than %d bytes unpacked", MAX_FILE_BYTES);
    else if (status != Z_STREAM_END)
        parity_fail(err, PARITY_E_PARSE, path, "damaged gzip data%s%s", stream.msg ? ": " : "",
                    stream.msg ? stream.msg : "; the file seems to be cut off");
    return status == Z_STREAM_END && !out->failed ? 0 : -1;
}

int parity_model_read(const char *path, json_t **out, struct parity_error *err)
{
    struct parity_buffer raw = {0}, unpacked = {0};
    const struct parity_buffer *text = &raw;
    int rc = -1;

    *out = NULL;
    if (parity_file_read(path, MAX_FILE_BYTES, &raw, err) < 0)
        goto out;
    if (raw.length >= 2 && (unsigned char)raw.data[0] == 0x1f &&
        (unsigned char)raw.data[1] == 0x8b) {
        if (unpack(&raw, path, &unpacked, err) < 0)
            goto out;
        text = &unpacked;
    }
    rc = parity_json_parse(text->data ? text->data : "", text->length, path, out, err);
out:
    parity_buffer_clear(&raw);
    parity_buffer_clear(&unpacked);
    return rc;
}

static int merge_objects(json_t *base, json_t *over, int depth)
{
    const char *key;
    json_t *value;

    json_object_foreach(over, key, value) {
        json_t *old = json_object_get(base, key);

        if (json_is_object(old) && json_is_object(value) && depth < 100) {
            if (merge_objects(old, value, depth + 1) < 0)
                return -1;
        } else if (json_object_set_nocheck(base, key, value) < 0) {
            return -1;
        }
    }
    return 0;
}

int parity_model_merge(json_t *model, const json_t *extras, struct parity_error *err)
{
    if (merge_objects(model, json_object_get(extras, "merge"), 0) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}
