/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/last_run.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/outcome.h"

char *parity_last_run_path(const char *project_folder)
{
    return parity_path_join(project_folder, ".parity/last-run.jsonl");
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void add_entry(json_t *tests, json_t *entry)
{
    const char *id = json_string_value(json_object_get(entry, "id"));

    if (id)
        json_object_set_nocheck(tests, id, entry);
}

/* A results file is one document; it says "calls" where a line says "operations". */
static bool add_results(json_t *tests, const json_t *document)
{
    const json_t *list = json_object_get(document, "tests");
    json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
        add_entry(tests, entry);
    return json_is_array(list);
}

static int read_lines(const char *path, const struct parity_buffer *text, json_t *tests,
                      struct parity_error *err)
{
    int number = 1;

    for (size_t at = 0; at < text->length; number++) {
        size_t length = strcspn(text->data + at, "\n");
        json_t *entry;

        if (parity_json_parse(text->data + at, length, path, &entry, err) < 0) {
            if (err && err->code == PARITY_E_PARSE)
                err->line = number;
            return -1;
        }
        add_entry(tests, entry);
        json_decref(entry);
        at += length + 1;
    }
    return 0;
}

static int read_text(const char *path, const struct parity_buffer *text, json_t *tests,
                     struct parity_error *err)
{
    json_t *document = NULL;
    bool is_results = text->length > 0 &&
                      parity_json_parse(text->data, text->length, path, &document, NULL) == 0 &&
                      add_results(tests, document);

    json_decref(document);
    return is_results ? 0 : read_lines(path, text, tests, err);
}

int parity_last_run_read(const char *path, json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_error failure = {0};
    int rc = -1;

    *out = json_object();
    if (!*out)
        parity_fail_nomem(&failure);
    else if (parity_file_read(path, 0, &text, &failure) == 0)
        rc = read_text(path, &text, *out, &failure);
    else if (failure.code == PARITY_E_NOT_FOUND)
        rc = 0;
    parity_buffer_clear(&text);
    if (rc == 0)
        return 0;
    json_decref(*out);
    *out = NULL;
    if (err && err->code == PARITY_OK)
        *err = failure;
    return -1;
}

/* --- asking ------------------------------------------------------------------------------------
 */

bool parity_last_run_failed(const json_t *last_run, const char *id)
{
    const char *outcome =
        json_string_value(json_object_get(json_object_get(last_run, id), "outcome"));

    return outcome && parity_outcome_is_bad(parity_outcome_named(outcome));
}

double parity_last_run_seconds(const json_t *last_run, const char *id)
{
    const json_t *seconds = json_object_get(json_object_get(last_run, id), "duration_seconds");

    return json_is_number(seconds) ? json_number_value(seconds) : -1;
}

/* The same word, whether it is written SendMessage, send-message or send_message. */
static bool is_same_word(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, "-_");
        b += strspn(b, "-_");
        if (!*a || !*b || strncasecmp(a, b, 1) != 0)
            return !*a && !*b;
        a++;
        b++;
    }
}

bool parity_last_run_called_service(const json_t *last_run, const char *id, const char *service)
{
    size_t i, length = strlen(service);
    const json_t *called;

    json_array_foreach(json_object_get(json_object_get(last_run, id), "operations"), i, called) {
        const char *name = json_string_value(called);

        if (name && strncasecmp(name, service, length) == 0 && name[length] == ':')
            return true;
    }
    return false;
}

bool parity_last_run_called(const json_t *last_run, const char *id, const char *operation)
{
    const json_t *called;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(last_run, id), "operations"), i, called) {
        const char *name = json_string_value(called);
        const char *colon = name ? strchr(name, ':') : NULL;

        if (colon && is_same_word(strchr(operation, ':') ? name : colon + 1, operation))
            return true;
    }
    return false;
}
