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

/* Who is told of what was read. */
struct taker {
    parity_last_run_take *take;
    void *data;
};

static void hand_over(const struct taker *taker, json_t *entry)
{
    const char *id = json_string_value(json_object_get(entry, "id"));

    if (id)
        taker->take(taker->data, id, entry);
}

/* A results file is one document; it says "calls" where a line says "operations". */
static bool hand_over_results(const struct taker *taker, const json_t *document)
{
    const json_t *list = json_object_get(document, "tests");
    json_t *entry;
    size_t i;

    json_array_foreach(list, i, entry)
        hand_over(taker, entry);
    return json_is_array(list);
}

static int read_lines(const char *path, const struct parity_buffer *text, const struct taker *taker,
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
        hand_over(taker, entry);
        json_decref(entry);
        at += length + 1;
    }
    return 0;
}

static int read_text(const char *path, const struct parity_buffer *text, const struct taker *taker,
                     struct parity_error *err)
{
    json_t *document = NULL;
    bool is_results = text->length > 0 &&
                      parity_json_parse(text->data, text->length, path, &document, NULL) == 0 &&
                      hand_over_results(taker, document);

    json_decref(document);
    return is_results ? 0 : read_lines(path, text, taker, err);
}

int parity_last_run_each(const char *path, parity_last_run_take *take, void *data,
                         struct parity_error *err)
{
    const struct taker taker = {take, data};
    struct parity_buffer text = {0};
    struct parity_error failure = {0};
    int rc = -1;

    if (parity_file_read(path, 0, &text, &failure) == 0)
        rc = read_text(path, &text, &taker, &failure);
    else if (failure.code == PARITY_E_NOT_FOUND)
        rc = 0;
    parity_buffer_clear(&text);
    if (rc < 0 && err && err->code == PARITY_OK)
        *err = failure;
    return rc;
}

static void keep(void *tests, const char *id, json_t *entry)
{
    json_object_set_nocheck(tests, id, entry);
}

static void keep_failed(void *tests, const char *id, json_t *entry)
{
    const char *outcome = json_string_value(json_object_get(entry, "outcome"));

    if (outcome && parity_outcome_is_bad(parity_outcome_named(outcome)))
        keep(tests, id, entry);
    else
        json_object_del(tests, id); /* the last line of a test counts */
}

static int read_kept(const char *path, parity_last_run_take *take, json_t **out,
                     struct parity_error *err)
{
    *out = json_object();
    if (!*out)
        parity_fail_nomem(err);
    else if (parity_last_run_each(path, take, *out, err) == 0)
        return 0;
    json_decref(*out);
    *out = NULL;
    return -1;
}

int parity_last_run_read(const char *path, json_t **out, struct parity_error *err)
{
    return read_kept(path, keep, out, err);
}

int parity_last_run_read_failed(const char *path, json_t **out, struct parity_error *err)
{
    return read_kept(path, keep_failed, out, err);
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
