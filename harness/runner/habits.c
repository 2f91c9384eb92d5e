/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/habits.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/habit_template.h"
#include "runner/journal_content.h"
#include "runner/test_journal.h"

struct parity_habits {
    json_t *open; /* object: lines of calls that no cleanup covers yet, by id; with the "output" */
    json_t *seen; /* object, by key: array of cleanups; null: there is no habit */
    json_t *scopes; /* object, by key: "test", or of a fixture "suite" or "run" */
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* What a habit is found by: whose it is, and which operation. New. */
static char *make_key(const char *owner, const json_t *call)
{
    return parity_asprintf("%s\n%s:%s", owner, text_of(call, "service"),
                           text_of(call, "operation"));
}

char *parity_habits_path(const char *project_folder)
{
    return parity_path_join(project_folder, ".parity/cleanups.jsonl");
}

const char *parity_habits_owner(const char *test, const json_t *call)
{
    const char *fixture = json_string_value(json_object_get(call, "fixture"));

    return fixture ? fixture : test;
}

/* --- learning ----------------------------------------------------------------------------------
 */

struct parity_habits *parity_habits_new(void)
{
    struct parity_habits *habits = parity_calloc(1, sizeof *habits);

    if (!habits)
        return NULL;
    habits->open = json_object();
    habits->seen = json_object();
    habits->scopes = json_object();
    if (habits->open && habits->seen && habits->scopes)
        return habits;
    parity_habits_free(habits);
    return NULL;
}

void parity_habits_free(struct parity_habits *habits)
{
    if (!habits)
        return;
    json_decref(habits->open);
    json_decref(habits->seen);
    json_decref(habits->scopes);
    parity_free(habits);
}

/* Steals `cleanup`; NULL: there is no habit. What can't be kept for lack of memory is not learned.
 */
static void add(struct parity_habits *habits, const json_t *line, json_t *cleanup)
{
    const json_t *call = json_object_get(line, "call");
    char *key = make_key(parity_habits_owner(text_of(line, "test"), call), call);
    json_t *known = key ? json_object_get(habits->seen, key) : NULL;
    const char *scope = text_of(call, "scope");

    if (key)
        json_object_set_new_nocheck(habits->scopes, key, json_string(scope[0] ? scope : "test"));
    if (key && !cleanup) {
        json_object_set_new_nocheck(habits->seen, key, json_null());
    } else if (key && !known) {
        json_object_set_new_nocheck(habits->seen, key, json_pack("[O]", cleanup));
    } else if (json_is_array(known)) {
        bool is_new = true;

        for (size_t i = 0; i < json_array_size(known); i++)
            is_new &= !parity_json_equal(json_array_get(known, i), cleanup);
        if (is_new)
            json_array_append(known, cleanup);
    }
    parity_free(key);
    json_decref(cleanup);
}

static void learn(struct parity_habits *habits, const json_t *line, const json_t *cleanup)
{
    const json_t *call = json_object_get(line, "call");
    const char *names = text_of(call, "names");
    const struct parity_habit_source source = {.input = json_object_get(call, "input"),
                                               .output = json_object_get(line, "output"),
                                               .mark = names[0] ? parity_test_mark(names) : NULL};
    json_t *input;

    /* How the run itself has undone something is no habit of the test. */
    if (json_object_get(cleanup, "undoes") || !source.output)
        return;
    input = parity_habit_template(json_object_get(cleanup, "input"), &source);
    add(habits, line,
        input ? json_pack("{s:O, s:O, s:o}", "service", json_object_get(cleanup, "service"),
                          "operation", json_object_get(cleanup, "operation"), "input", input)
              : NULL);
}

static const char *spell_id(const json_t *id, char out[24])
{
    snprintf(out, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    return out;
}

/* Calls that a cleanup covers, or (`cleanup` NULL) that the test has not deleted. */
static void note_end(struct parity_habits *habits, const json_t *ids, const json_t *cleanup)
{
    const json_t *id;
    size_t i;

    json_array_foreach(ids, i, id) {
        char key[24];
        const json_t *entry = json_object_get(habits->open, spell_id(id, key));

        if (entry && cleanup)
            learn(habits, entry, cleanup);
        else if (entry && json_object_get(entry, "output"))
            add(habits, entry, NULL);
        json_object_del(habits->open, key);
    }
}

void parity_habits_note(void *data, json_t *line)
{
    struct parity_habits *habits = data;
    const char *event = text_of(line, "event");
    json_t *entry;
    char id[24];

    spell_id(json_object_get(line, "id"), id);
    entry = json_object_get(habits->open, id);
    if (strcmp(event, "call") == 0)
        json_object_set(habits->open, id, line);
    else if (strcmp(event, "answer") == 0 && entry)
        json_object_set(entry, "output", json_object_get(line, "output"));
    else if (strcmp(event, "refusal") == 0)
        json_object_del(habits->open, id);
    else if (strcmp(event, "cleanup") == 0)
        note_end(habits, json_object_get(line, "covers"), json_object_get(line, "call"));
    else if (strcmp(event, "settled") == 0)
        note_end(habits, json_object_get(line, "ids"), NULL);
}

/* --- the file ----------------------------------------------------------------------------------
 */

static int add_line(json_t *lines, const char *path, const char *text, size_t length,
                    struct parity_error *err)
{
    json_t *line;
    char *key;

    if (parity_json_parse(text, length, path, &line, err) < 0)
        return -1;
    key = make_key(text_of(line, "test"), line);
    if (key)
        json_object_set_nocheck(lines, key, line);
    else
        parity_fail_nomem(err);
    parity_free(key);
    json_decref(line);
    return key ? 0 : -1;
}

static int add_lines(json_t *lines, const char *path, const struct parity_buffer *text,
                     const char *word, struct parity_error *err)
{
    int rc = 0, number = 1;

    for (size_t at = 0; rc == 0 && at < text->length; number++) {
        size_t length = strcspn(text->data + at, "\n");

        if (!word || memmem(text->data + at, length, word, strlen(word)))
            rc = add_line(lines, path, text->data + at, length, err);
        if (rc < 0 && err->code == PARITY_E_PARSE)
            err->line = number;
        at += length + 1;
    }
    return rc;
}

/* Its lines by their keys; new. A file that is not there has none.
 * @param word  only of lines with this in their text; NULL: of all */
static int read_lines(const char *path, const char *word, json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_error failure = {0};
    int rc = parity_file_read(path, 0, &text, &failure);

    *out = json_object();
    if (rc < 0 && failure.code == PARITY_E_NOT_FOUND)
        rc = 0;
    else if (rc == 0)
        rc = add_lines(*out, path, &text, word, &failure);
    parity_buffer_clear(&text);
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
        if (err && err->code == PARITY_OK)
            *err = failure;
    }
    return rc;
}

static json_t *make_line(const char *key, json_t *scope, json_t *cleanups)
{
    size_t owner = strcspn(key, "\n");
    const char *service = key + owner + 1;
    size_t length = strcspn(service, ":");

    return json_pack("{s:s%, s:O, s:s%, s:s, s:O}", "test", key, owner, "scope", scope, "service",
                     service, length, "operation", service + length + 1, "cleanups", cleanups);
}

/* The texts of the lines of a file, as members of an object; new. */
static json_t *list_texts(const struct parity_buffer *text)
{
    json_t *texts = json_object();

    for (size_t at = 0; at < text->length;) {
        size_t length = strcspn(text->data + at, "\n");

        json_object_setn_new_nocheck(texts, text->data + at, length, json_true());
        at += length + 1;
    }
    return texts;
}

/* The line of a habit; new. NULL: a call that nothing was learned of, or no memory. */
static json_t *line_of(const struct parity_habits *habits, const char *key, json_t *cleanups)
{
    return json_is_null(cleanups) ? NULL
                                  : make_line(key, json_object_get(habits->scopes, key), cleanups);
}

/* Whether the file says of each what was learned of it, word for word, and nothing of a test that
 * is gone: as a rule a run learns nothing new, and then no line needs to be parsed. */
static bool is_written(const char *path, const struct parity_habits *habits,
                       const struct parity_habit_tests *tests)
{
    struct parity_buffer text = {0}, line = {0};
    bool written = parity_file_read(path, 0, &text, NULL) == 0;
    json_t *texts = written ? list_texts(&text) : NULL;
    const char *key;
    json_t *cleanups;

    json_object_foreach(habits->seen, key, cleanups) {
        json_t *value = line_of(habits, key, cleanups);

        parity_buffer_reset(&line);
        parity_json_write(&line, value, PARITY_JSON_COMPACT);
        written &= value && !line.failed && json_object_getn(texts, line.data, line.length);
        json_decref(value);
    }
    if (written && tests && json_object_size(texts) > json_object_size(habits->seen))
        written = !parity_habit_may_prune(&text, tests);
    json_decref(texts);
    parity_buffer_clear(&line);
    parity_buffer_clear(&text);
    return written;
}

/* @return whether the lines are others now */
static bool update(json_t *lines, const struct parity_habits *habits)
{
    bool changed = false;
    const char *key;
    json_t *cleanups;

    json_object_foreach(habits->seen, key, cleanups) {
        const json_t *before = json_object_get(lines, key);
        json_t *line = line_of(habits, key, cleanups);

        if (json_is_null(cleanups)) {
            changed |= before != NULL;
            json_object_del(lines, key);
        } else if (line && !parity_json_equal(before, line)) {
            changed = true;
            json_object_set_nocheck(lines, key, line);
        }
        json_decref(line);
    }
    return changed;
}

static int write_lines(const char *path, json_t *lines, struct parity_error *err)
{
    struct parity_buffer text = {0};
    const char *key;
    json_t *line;
    int rc = -1;

    json_object_foreach(lines, key, line) {
        parity_json_write(&text, line, PARITY_JSON_COMPACT);
        parity_buffer_add_char(&text, '\n');
    }
    if (text.failed)
        parity_fail_nomem(err);
    else
        rc = parity_file_replace(path, text.length ? text.data : "", text.length, err);
    parity_buffer_clear(&text);
    return rc;
}

int parity_habits_save(const struct parity_habits *habits, const char *path,
                       const struct parity_habit_tests *tests, struct parity_error *err)
{
    bool changed;
    json_t *lines;
    int rc = 0;

    if ((json_object_size(habits->seen) == 0 && !tests) || is_written(path, habits, tests))
        return 0;
    if (read_lines(path, NULL, &lines, err) < 0)
        return -1;
    changed = update(lines, habits);
    if (tests && parity_habit_prune(lines, tests))
        changed = true;
    if (changed)
        rc = write_lines(path, lines, err);
    json_decref(lines);
    return rc;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* The call that created with another operation and input. Steals `input`. New, or NULL. */
static json_t *repack(const json_t *call, const json_t *cleanup, json_t *input)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)call);

    if (copy) {
        json_object_set(copy, "service", json_object_get(cleanup, "service"));
        json_object_set(copy, "operation", json_object_get(cleanup, "operation"));
        json_object_set(copy, "input", input);
    }
    json_decref(input);
    return copy;
}

/* The cleanups that are known for a key; new, or NULL. Most lines of the file are of other tests,
 * so they are not even parsed. */
static json_t *find_cleanups(const char *path, const char *owner, const char *key)
{
    struct parity_buffer word = {0};
    json_t *name = json_string(owner), *lines = NULL, *cleanups = NULL;

    parity_json_write(&word, name, PARITY_JSON_COMPACT);
    if (name && !word.failed && read_lines(path, word.data, &lines, NULL) == 0)
        cleanups = json_incref(json_object_get(json_object_get(lines, key), "cleanups"));
    parity_buffer_clear(&word);
    json_decref(name);
    json_decref(lines);
    return cleanups;
}

json_t *parity_habits_find(const char *path, const char *owner, const json_t *call,
                           const json_t *output, const struct parity_habits_accounts *accounts)
{
    const struct parity_habit_source source = {.input = json_object_get(call, "input"),
                                               .output = output};
    char *key = make_key(owner, call);
    json_t *cleanups = key ? find_cleanups(path, owner, key) : NULL;
    json_t *cleanup, *found = NULL;
    size_t i;

    json_array_foreach(cleanups, i, cleanup) {
        json_t *form = json_object_get(cleanup, "input"), *input;

        if (found || (accounts && parity_journal_reveal(form, accounts->account_id,
                                                        accounts->second_account_id) < 0))
            continue;
        input = parity_habit_fill(form, &source);
        if (input)
            found = repack(call, cleanup, input);
    }
    parity_free(key);
    json_decref(cleanups);
    return found;
}
