/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/tree.h"

/* The check of one file at a time. */
struct check {
    const struct parity_inventory *inventory;
    const struct parity_inventory_tests *tests;
    const struct parity_secrets_options *secrets;
    json_t *findings;
    const char *file; /* below the folder */
    struct parity_error *err;
};

__attribute__((format(printf, 4, 5))) static int note(struct check *check, const char *test,
                                                      const char *problem, const char *format, ...)
{
    va_list arguments;
    char message[512];
    int rc;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rc = json_array_append_new(check->findings,
                               json_pack("{s:s, s:s?, s:s, s:s}", "file", check->file, "test", test,
                                         "problem", problem, "message", message));
    if (rc < 0)
        parity_fail_nomem(check->err);
    return rc;
}

/* --- the file as text --------------------------------------------------------------------------
 */

int parity_inventory_canonical(const struct parity_inventory_file *file, struct parity_buffer *out)
{
    parity_json_write(out, file->content, PARITY_JSON_PRETTY);
    parity_buffer_add_char(out, '\n');
    return out->failed ? -1 : 0;
}

/* The first line in which two texts differ. */
static int first_difference(const struct parity_buffer *a, const struct parity_buffer *b)
{
    int line = 1;

    for (size_t i = 0; i < a->length && i < b->length && a->data[i] == b->data[i]; i++)
        line += a->data[i] == '\n';
    return line;
}

static int check_text(struct check *check, const struct parity_inventory_file *file)
{
    struct parity_buffer canonical = {0};
    int rc = 0;

    if (parity_inventory_canonical(file, &canonical) < 0) {
        parity_fail_nomem(check->err);
        rc = -1;
    } else if (canonical.length != file->text.length ||
               memcmp(canonical.data, file->text.data, canonical.length) != 0) {
        rc = note(check, NULL, "format",
                  "line %d: not in the canonical form; 'parity snapshots format' rewrites it",
                  first_difference(&canonical, &file->text));
    }
    parity_buffer_clear(&canonical);
    return rc;
}

/* --- its entries -------------------------------------------------------------------------------
 */

static bool is_here(const struct check *check, const char *id, const char *suffix)
{
    char *path = parity_tree_path("", id, suffix, NULL);
    bool here = path && strcmp(path + 1, check->file) == 0;

    parity_free(path);
    return here;
}

static bool is_known(const struct parity_inventory_tests *tests, const char *id)
{
    const char *end = strstr(id, "::");

    if (json_object_get(tests->ids, id))
        return true;
    return end && json_object_getn(tests->unknown, id, (size_t)(end - id));
}

static int check_id(struct check *check, const char *id, const char *suffix)
{
    if (!is_here(check, id, suffix))
        return note(check, id, "misplaced",
                    "the entry is not looked for in this file: a key is '<suite path>::<test>', "
                    "and the file is named after the suite");
    if (check->tests && !is_known(check->tests, id))
        return note(
            check, id, "unknown-test",
            "no suite has this test; 'parity snapshots orphans --delete' removes such entries");
    return 0;
}

static int check_secrets(struct check *check, const char *id, const json_t *content)
{
    struct parity_error found = {0};

    if (parity_secrets_check(check->secrets, content, &found) == 0)
        return 0;
    if (found.code != PARITY_E_INVALID) {
        if (check->err && check->err->code == PARITY_OK)
            *check->err = found;
        return -1;
    }
    return note(check, id, "secret", "%s: %s", found.context, found.message);
}

static int check_recording(struct check *check, const char *id, const json_t *entry)
{
    const json_t *content = json_object_get(entry, "recorded-content");
    const char *date = json_string_value(json_object_get(entry, "recorded-date"));

    if (parity_inventory_date(date) < 0 &&
        note(check, id, "date", "\"recorded-date\" is no 'DD-MM-YYYY, HH:MM:SS'") < 0)
        return -1;
    if (!content || parity_json_kind(content) != PARITY_JSON_OBJECT)
        return note(check, id, "broken", "the entry has no object \"recorded-content\"");
    if (json_object_size(content) == 0)
        return note(check, id, "empty", "nothing is recorded: the entry holds no match key");
    return check_secrets(check, id, content);
}

static int check_validation(struct check *check, const char *id, const json_t *entry,
                            const struct parity_inventory_suite *suite)
{
    const json_t *date = json_object_get(entry, "last_validated_date");

    if (date && parity_inventory_date(json_string_value(date)) < 0 &&
        note(check, id, "date", "\"last_validated_date\" is no 'YYYY-MM-DDTHH:MM:SS+00:00'") < 0)
        return -1;
    /* The reference also dates tests that match nothing; only ours goes with a recording. */
    if (json_object_get(entry, "target") && !suite->snapshot.failure.code &&
        !json_object_get(suite->snapshot.content, id))
        return note(check, id, "provenance", "says where a recording is from that does not exist");
    return check_secrets(check, id, entry);
}

static int check_file(struct check *check, const struct parity_inventory_suite *suite,
                      const struct parity_inventory_file *file)
{
    bool is_snapshot = file == &suite->snapshot;
    const char *suffix = is_snapshot ? PARITY_SNAPSHOT_SUFFIX : PARITY_VALIDATION_SUFFIX;
    const char *id;
    json_t *entry;

    check->file = file->name;
    if (!file->exists)
        return 0;
    if (!file->content)
        return note(check, NULL, "broken", "line %d, column %d: %s", file->failure.line,
                    file->failure.column, file->failure.message);
    if (check_text(check, file) < 0)
        return -1;
    json_object_foreach(file->content, id, entry) {
        if (check_id(check, id, suffix) < 0 ||
            (is_snapshot ? check_recording(check, id, entry)
                         : check_validation(check, id, entry, suite)) < 0)
            return -1;
    }
    return 0;
}

int parity_inventory_check(const struct parity_inventory *inventory,
                           const struct parity_inventory_tests *tests,
                           const struct parity_secrets_options *secrets, json_t **out,
                           struct parity_error *err)
{
    struct check check = {.inventory = inventory,
                          .tests = tests,
                          .secrets = secrets,
                          .findings = json_array(),
                          .err = err};
    int rc = check.findings ? 0 : -1;

    if (rc < 0)
        parity_fail_nomem(err);
    for (size_t i = 0; rc == 0 && i < inventory->count; i++) {
        const struct parity_inventory_suite *suite = &inventory->suites[i];

        rc = check_file(&check, suite, &suite->snapshot);
        if (rc == 0)
            rc = check_file(&check, suite, &suite->validation);
    }
    if (rc < 0) {
        json_decref(check.findings);
        check.findings = NULL;
    }
    *out = check.findings;
    return rc;
}

/* --- orphans -----------------------------------------------------------------------------------
 */

static int add_orphans(const struct parity_inventory_file *file,
                       const struct parity_inventory_tests *tests, json_t *seen, json_t *out)
{
    const char *id;
    json_t *entry;

    json_object_foreach(file->content, id, entry) {
        if (is_known(tests, id) || json_object_get(seen, id))
            continue;
        if (json_object_set_new_nocheck(seen, id, json_true()) < 0 ||
            json_array_append_new(out, json_pack("{s:s, s:s}", "id", id, "file", file->name)) < 0)
            return -1;
    }
    return 0;
}

int parity_inventory_orphans(const struct parity_inventory *inventory,
                             const struct parity_inventory_tests *tests, json_t **out,
                             struct parity_error *err)
{
    json_t *orphans = json_array(), *seen = json_object();
    int rc = orphans && seen ? 0 : -1;

    *out = NULL;
    for (size_t i = 0; rc == 0 && i < inventory->count; i++) {
        json_object_clear(seen);
        rc = add_orphans(&inventory->suites[i].snapshot, tests, seen, orphans);
        if (rc == 0)
            rc = add_orphans(&inventory->suites[i].validation, tests, seen, orphans);
    }
    json_decref(seen);
    if (rc == 0) {
        *out = orphans;
        return 0;
    }
    json_decref(orphans);
    parity_fail_nomem(err);
    return -1;
}
