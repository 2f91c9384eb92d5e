/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/habit_prune.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_plain.h"
#include "base/memory.h"

/* What is looked up for each line. */
struct known {
    json_t *ids, *suites; /* owned objects: of tests, and of the files that they stand in */
    const char *folder;   /* of suites; NULL: it is not there, so it does not tell what is gone */
    bool all;
};

static int add_name(json_t *names, const char *name)
{
    return json_object_get(names, name) ? 0 : json_object_set_new_nocheck(names, name, json_true());
}

/* @return 0 or -1 (no memory) */
static int read_tests(const struct parity_habit_tests *tests, struct known *out)
{
    const struct parity_registry *registry = tests->registry;

    *out = (struct known){.ids = json_object(), .suites = json_object(), .all = tests->all};
    if (access(tests->suites, F_OK) == 0)
        out->folder = tests->suites;
    if (!out->ids || !out->suites)
        return -1;
    for (size_t i = 0; i < registry->count; i++)
        if (add_name(out->ids, registry->cases[i].id) < 0 ||
            add_name(out->suites, registry->cases[i].suite_path) < 0)
            return -1;
    return 0;
}

static void clear_known(struct known *known)
{
    json_decref(known->ids);
    json_decref(known->suites);
}

/* Whether nothing is left of the file at `place`, of suites or absolute. */
static bool is_file_gone(const struct known *known, const char *place)
{
    char *path = known->all && known->folder ? parity_path_join(known->folder, place) : NULL;
    bool gone = path && access(path, F_OK) != 0;

    parity_free(path);
    return gone;
}

/* The file that a test or fixture stands in, of its id or key. New; NULL: no memory. */
static char *place_of(const char *owner)
{
    const char *end = strstr(owner, "::");

    return end ? parity_strndup(owner, (size_t)(end - owner)) : parity_strdup(owner);
}

/* @param owner, scope  of a line; may be NULL */
static bool is_gone(const struct known *known, const char *owner, const char *scope)
{
    char *place = owner && scope ? place_of(owner) : NULL;
    bool gone = false;

    if (!place)
        gone = false;
    else if (strcmp(scope, "test") == 0)
        gone = !json_object_get(known->ids, owner) &&
               (json_object_get(known->suites, place) || is_file_gone(known, place));
    else if (strcmp(scope, "suite") == 0)
        gone = !json_object_get(known->suites, place) && is_file_gone(known, place);
    else /* of the run: known by the path that the compiler was given */
        gone = place[0] == '/' && is_file_gone(known, place);
    parity_free(place);
    return gone;
}

bool parity_habit_prune(json_t *lines, const struct parity_habit_tests *tests)
{
    struct known known;
    bool pruned = false;
    const char *key;
    json_t *line;
    void *next;

    if (read_tests(tests, &known) == 0)
        json_object_foreach_safe(lines, next, key, line) {
            if (!is_gone(&known, json_string_value(json_object_get(line, "test")),
                         json_string_value(json_object_get(line, "scope"))))
                continue;
            json_object_del(lines, key);
            pruned = true;
        }
    clear_known(&known);
    return pruned;
}

/* A line that does not begin as they are written may be anything. */
static bool may_be_gone(const struct known *known, const char *line, size_t length)
{
    size_t owner_length, scope_length;
    const char *end = line + length, *scope_at = NULL;
    const char *owner_at = parity_json_plain_text(line, length, "{\"test\":\"", &owner_length);
    char *owner = owner_at ? parity_strndup(owner_at, owner_length) : NULL, *scope = NULL;
    bool may;

    if (owner)
        scope_at =
            parity_json_plain_text(owner_at + owner_length, (size_t)(end - owner_at) - owner_length,
                                   "\",\"scope\":\"", &scope_length);
    if (scope_at)
        scope = parity_strndup(scope_at, scope_length);
    may = !scope || is_gone(known, owner, scope);
    parity_free(owner);
    parity_free(scope);
    return may;
}

bool parity_habit_may_prune(const struct parity_buffer *text,
                            const struct parity_habit_tests *tests)
{
    struct known known;
    bool may = read_tests(tests, &known) < 0;

    for (size_t at = 0; !may && at < text->length;) {
        size_t length = strcspn(text->data + at, "\n");

        may = may_be_gone(&known, text->data + at, length);
        at += length + 1;
    }
    clear_known(&known);
    return may;
}
