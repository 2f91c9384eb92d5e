/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/inventory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "recorder/pending.h"
#include "recorder/tree.h"

enum { MAX_DEPTH = 32 }; /* a folder that links to itself ends here */

static void file_clear(struct parity_inventory_file *file)
{
    parity_free(file->path);
    parity_free(file->name);
    parity_buffer_clear(&file->text);
    json_decref(file->content);
    parity_layout_clear(&file->layout);
}

void parity_inventory_clear(struct parity_inventory *inventory)
{
    for (size_t i = 0; i < inventory->count; i++) {
        parity_free(inventory->suites[i].stem);
        file_clear(&inventory->suites[i].snapshot);
        file_clear(&inventory->suites[i].validation);
    }
    parity_free(inventory->suites);
    parity_free(inventory->folder);
    memset(inventory, 0, sizeof *inventory);
}

/* --- which files there are ---------------------------------------------------------------------
 */

void parity_inventory_names_clear(struct parity_inventory_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        parity_free(names->items[i]);
    parity_free(names->items);
    memset(names, 0, sizeof *names);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);

    return length > end && strcmp(name + length - end, suffix) == 0;
}

/* What is collected by a walk through the folders. */
struct walk {
    const char *folder, *suffix;
    struct parity_inventory_names *names;
    struct parity_error *err;
};

static int list_folder(const struct walk *walk, const char *prefix, int depth);

static int add_name(const struct walk *walk, char *name)
{
    struct parity_inventory_names *names = walk->names;

    if (parity_grow(&names->items, &names->capacity, names->count + 1, sizeof *names->items) < 0) {
        parity_free(name);
        parity_fail_nomem(walk->err);
        return -1;
    }
    names->items[names->count++] = name;
    return 0;
}

static int list_entry(const struct walk *walk, const char *prefix, const char *name, int depth)
{
    char *full = parity_asprintf("%s/%s%s", walk->folder, prefix, name);
    char *below = parity_asprintf("%s%s", prefix, name);
    char *inside = parity_asprintf("%s%s/", prefix, name);
    struct stat status;
    int rc = 0;

    if (!full || !below || !inside) {
        parity_fail_nomem(walk->err);
        rc = -1;
    } else if (stat(full, &status) < 0) {
        /* A link to nowhere, or gone since. */
    } else if (S_ISDIR(status.st_mode) && depth < MAX_DEPTH) {
        rc = list_folder(walk, inside, depth + 1);
    } else if (S_ISREG(status.st_mode) && ends_with(name, walk->suffix)) {
        rc = add_name(walk, below);
        below = NULL;
    }
    parity_free(full);
    parity_free(below);
    parity_free(inside);
    return rc;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int list_folder(const struct walk *walk, const char *prefix, int depth)
{
    struct dirent **entries = NULL;
    char *path = parity_asprintf("%s/%s", walk->folder, prefix);
    int count, rc = 0;

    if (!path) {
        parity_fail_nomem(walk->err);
        return -1;
    }
    count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0 && !(errno == ENOENT && depth == 0)) {
        parity_fail(walk->err, PARITY_E_IO, path, "cannot read the folder: %s", strerror(errno));
        rc = -1;
    }
    for (int i = 0; i < count; i++) {
        if (rc == 0)
            rc = list_entry(walk, prefix, entries[i]->d_name, depth);
        free(entries[i]); /* by scandir() */
    }
    free(entries);
    parity_free(path);
    return rc;
}

int parity_inventory_names(const char *folder, const char *suffix,
                           struct parity_inventory_names *out, struct parity_error *err)
{
    const struct walk walk = {folder, suffix, out, err};

    memset(out, 0, sizeof *out);
    return list_folder(&walk, "", 0);
}

/* Steals nothing; a suite that is known is not added again. */
static int add_suite(struct parity_inventory *inventory, const char *name, size_t length)
{
    for (size_t i = 0; i < inventory->count; i++)
        if (strncmp(inventory->suites[i].stem, name, length) == 0 &&
            inventory->suites[i].stem[length] == '\0')
            return 0;
    if (parity_grow(&inventory->suites, &inventory->capacity, inventory->count + 1,
                    sizeof *inventory->suites) < 0)
        return -1;
    inventory->suites[inventory->count] =
        (struct parity_inventory_suite){.stem = parity_strndup(name, length)};
    return inventory->suites[inventory->count++].stem ? 0 : -1;
}

static int add_suites(struct parity_inventory *inventory, const char *suffix,
                      struct parity_error *err)
{
    struct parity_inventory_names names = {0};
    int rc = parity_inventory_names(inventory->folder, suffix, &names, err);

    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        const char *name = names.items[i];

        if (ends_with(name, PARITY_RAW_SUFFIX) || ends_with(name, PARITY_PENDING_SUFFIX))
            continue;
        rc = add_suite(inventory, name, strlen(name) - strlen(suffix));
        if (rc < 0)
            parity_fail_nomem(err);
    }
    parity_inventory_names_clear(&names);
    return rc;
}

/* --- what stands in them -----------------------------------------------------------------------
 */

static int read_file(struct parity_inventory_file *file, const char *folder, const char *stem,
                     const char *suffix, struct parity_error *err)
{
    file->name = parity_asprintf("%s%s", stem, suffix);
    file->path = file->name ? parity_path_join(folder, file->name) : NULL;
    if (!file->path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_file_read(file->path, 0, &file->text, &file->failure) < 0) {
        file->exists = file->failure.code != PARITY_E_NOT_FOUND;
        if (!file->exists)
            parity_error_clear(&file->failure);
    } else {
        file->exists = true;
        parity_tree_parse(file->text.data ? file->text.data : "", file->text.length, file->path,
                          &file->content, &file->failure);
    }
    if (file->failure.code == PARITY_E_NOMEM) {
        parity_fail_nomem(err);
        return -1;
    }
    if (!file->content)
        return 0;
    return parity_layout_read(file->text.data ? file->text.data : "", file->text.length,
                              &file->layout, err);
}

static int by_stem(const void *a, const void *b)
{
    const struct parity_inventory_suite *left = a, *right = b;

    return strcmp(left->stem, right->stem);
}

int parity_inventory_read(const char *folder, struct parity_inventory *out,
                          struct parity_error *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    out->folder = parity_strdup(folder);
    if (!out->folder) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = add_suites(out, PARITY_SNAPSHOT_SUFFIX, err);
    if (rc == 0)
        rc = add_suites(out, PARITY_VALIDATION_SUFFIX, err);
    if (out->count > 0)
        qsort(out->suites, out->count, sizeof *out->suites, by_stem);
    for (size_t i = 0; rc == 0 && i < out->count; i++) {
        struct parity_inventory_suite *suite = &out->suites[i];

        rc = read_file(&suite->snapshot, folder, suite->stem, PARITY_SNAPSHOT_SUFFIX, err);
        if (rc == 0)
            rc = read_file(&suite->validation, folder, suite->stem, PARITY_VALIDATION_SUFFIX, err);
    }
    return rc;
}

/* --- the list ----------------------------------------------------------------------------------
 */

time_t parity_inventory_date(const char *text)
{
    struct tm parts = {0};
    int used = 0;

    if (!text)
        return -1;
    if (sscanf(text, "%2d-%2d-%4d, %2d:%2d:%2d%n", &parts.tm_mday, &parts.tm_mon, &parts.tm_year,
               &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used) != 6 ||
        text[used]) {
        used = 0;
        if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d+00:00%n", &parts.tm_year, &parts.tm_mon,
                   &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used) != 6 ||
            used == 0 || text[used])
            return -1;
    }
    if (parts.tm_mon < 1 || parts.tm_mon > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_year < 1970)
        return -1;
    parts.tm_mon--;
    parts.tm_year -= 1900;
    return timegm(&parts);
}

static json_t *text_or_null(const json_t *entry, const char *name)
{
    const json_t *value = json_object_get(entry, name);

    return json_is_string(value) ? json_copy(json_object_get(entry, name)) : json_null();
}

static json_t *iso_date(time_t date)
{
    char text[64];
    struct tm utc;

    if (date < 0 || !gmtime_r(&date, &utc))
        return json_null();
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d+00:00", utc.tm_year + 1900,
             utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return json_string(text);
}

static json_t *match_keys(const json_t *entry)
{
    json_t *content = json_object_get(entry, "recorded-content");
    json_t *keys = json_array(), *value;
    const char *key;
    size_t length;

    if (parity_json_kind(content) != PARITY_JSON_OBJECT)
        return keys;
    json_object_keylen_foreach(content, key, length, value)
        json_array_append_new(keys, json_stringn_nocheck(key, length));
    return keys;
}

/* New, or NULL when out of memory. */
static json_t *describe(const struct parity_inventory_suite *suite, const char *id, json_t *entry,
                        time_t now)
{
    const json_t *validation = json_object_get(suite->validation.content, id);
    time_t date = parity_inventory_date(json_string_value(json_object_get(entry, "recorded-date")));
    json_t *age = date < 0 || now < date ? json_null() : json_integer((now - date) / 86400);

    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "id", id, "file",
        suite->snapshot.name, "keys", match_keys(entry), "recorded_date", iso_date(date),
        "age_days", age, "last_validated_date", text_or_null(validation, "last_validated_date"),
        "from_aws", (int)parity_validation_is_aws(validation), "target",
        text_or_null(validation, "target"), "region", text_or_null(validation, "region"), "models",
        text_or_null(validation, "models"));
}

int parity_inventory_list(const struct parity_inventory *inventory, time_t now, json_t **out,
                          struct parity_error *err)
{
    *out = json_array();
    for (size_t i = 0; *out && i < inventory->count; i++) {
        const struct parity_inventory_suite *suite = &inventory->suites[i];
        const char *id;
        json_t *entry;

        json_object_foreach(suite->snapshot.content, id, entry) {
            if (json_array_append_new(*out, describe(suite, id, entry, now)) < 0)
                goto fail;
        }
    }
    if (*out)
        return 0;
fail:
    json_decref(*out);
    *out = NULL;
    parity_fail_nomem(err);
    return -1;
}
