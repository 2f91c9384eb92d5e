/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/reporter.h"

/* The whole run as one JSON document (CLI.md, `--results`). */
struct results {
    struct parity_reporter reporter;
    char *path;
    json_t *target, *tests, *notices;
};

static json_t *text_or_null(const char *text)
{
    json_t *value = text ? json_string(text) : NULL;

    return value ? value : json_null();
}

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct results *results = (struct results *)reporter;

    json_decref(results->target);
    results->target = json_object();
    json_object_set_new(results->target, "kind", json_string(info->aws ? "aws" : "emulator"));
    json_object_set_new(results->target, "name", text_or_null(info->aws ? "aws" : info->emulator));
    json_object_set_new(results->target, "version", text_or_null(info->version));
    json_object_set_new(results->target, "endpoint_url", text_or_null(info->endpoint_url));
    json_object_set_new(results->target, "region", text_or_null(info->region));
    json_object_set_new(results->target, "mode", json_string(info->mode));
}

static void set_array(json_t *object, const char *name, json_t *value)
{
    if (value)
        json_object_set(object, name, value);
    else
        json_object_set_new(object, name, json_array());
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct results *results = (struct results *)reporter;
    json_t *test = json_object();

    json_object_set_new(test, "id", json_string(result->test_case->id));
    json_object_set_new(test, "outcome", json_string(parity_outcome_name(result->outcome)));
    json_object_set_new(test, "duration_seconds", json_real(result->duration_s));
    set_array(test, "differences", result->differences);
    set_array(test, "hidden", result->hidden);
    set_array(test, "unused_skips", result->unused_skips);
    if (result->suggested_skips)
        json_object_set(test, "suggested_skips", result->suggested_skips);
    json_object_set_new(test, "message", text_or_null(result->message));
    json_object_set_new(test, "location", text_or_null(result->location));
    set_array(test, "calls", result->calls);
    set_array(test, "cleanup_failures", result->cleanup_failures);
    json_object_set_new(test, "output", text_or_null(result->output));
    if (result->recording)
        json_object_set(test, "recording", result->recording);
    else
        json_object_set_new(test, "recording", json_null());
    set_array(test, "attachments", result->attachments);
    if (result->expected_failure)
        json_object_set(test, "expected_failure", result->expected_failure);
    else
        json_object_set_new(test, "expected_failure", json_null());
    json_object_set_new(test, "recorded", json_boolean(result->recorded));
    json_object_set_new(test, "pending", json_boolean(result->pending));
    json_array_append_new(results->tests, test);
}

static void on_notice(struct parity_reporter *reporter, const char *text)
{
    json_array_append_new(((struct results *)reporter)->notices, json_string(text));
}

static json_t *summary_object(const struct parity_summary *summary)
{
    json_t *object = json_object();

    json_object_set_new(object, "selected", json_integer((json_int_t)summary->selected));
    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++)
        json_object_set_new(object, parity_outcome_name((enum parity_outcome)i),
                            json_integer((json_int_t)summary->counts[i]));
    json_object_set_new(object, "not_run", json_integer((json_int_t)summary->not_run));
    json_object_set_new(object, "recorded", json_integer((json_int_t)summary->recorded));
    json_object_set_new(object, "pending", json_integer((json_int_t)summary->pending));
    json_object_set_new(object, "hidden", json_integer((json_int_t)summary->hidden));
    json_object_set_new(object, "unused_skips", json_integer((json_int_t)summary->unused_skips));
    json_object_set_new(object, "expected_failures",
                        json_integer((json_int_t)summary->expected_failures));
    json_object_set_new(object, "cleanup_failures",
                        json_integer((json_int_t)summary->cleanup_failures));
    json_object_set_new(object, "model_findings",
                        json_integer((json_int_t)summary->model_findings));
    json_object_set_new(object, "interrupted", json_boolean(summary->interrupted));
    json_object_set_new(object, "duration_seconds", json_real(summary->duration_s));
    return object;
}

/* Workers end in any order; the file is the same for any number of them. */
static int by_id(const void *a, const void *b)
{
    return strcmp(json_string_value(json_object_get(*(json_t *const *)a, "id")),
                  json_string_value(json_object_get(*(json_t *const *)b, "id")));
}

static json_t *sorted(json_t *tests)
{
    size_t count = json_array_size(tests);
    json_t **items = parity_calloc(count + 1, sizeof(json_t *));
    json_t *out = json_array();

    for (size_t i = 0; items && i < count; i++)
        items[i] = json_array_get(tests, i);
    if (items && count > 1)
        qsort(items, count, sizeof(json_t *), by_id);
    for (size_t i = 0; items && i < count; i++)
        json_array_append(out, items[i]);
    parity_free(items);
    return out;
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct results *results = (struct results *)reporter;
    struct parity_buffer text = {0};
    json_t *document = json_object();
    int rc = -1;

    json_object_set(document, "target", results->target);
    json_object_set_new(document, "tests", sorted(results->tests));
    json_object_set(document, "notices", results->notices);
    json_object_set_new(document, "summary", summary_object(summary));
    parity_json_write(&text, document, PARITY_JSON_PRETTY);
    parity_buffer_add_char(&text, '\n');
    if (text.failed)
        parity_fail_nomem(err);
    else
        rc = parity_file_replace(results->path, text.data, text.length, err);
    json_decref(document);
    parity_buffer_clear(&text);
    return rc;
}

static void on_free(struct parity_reporter *reporter)
{
    struct results *results = (struct results *)reporter;

    parity_free(results->path);
    json_decref(results->target);
    json_decref(results->tests);
    json_decref(results->notices);
    parity_free(results);
}

/* An hour of tests must not end in a report that cannot be written. */
static int check_writable(const char *path, struct parity_error *err)
{
    char *probe = parity_asprintf("%s.probe.%ld", path, (long)getpid());
    struct stat status;
    int rc = -1;

    if (!probe) {
        parity_fail_nomem(err);
    } else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        parity_fail(err, PARITY_E_IO, path, "cannot write the results: it is a folder");
    } else if (parity_file_replace(probe, "", 0, err) == 0) {
        unlink(probe);
        rc = 0;
    }
    parity_free(probe);
    return rc;
}

struct parity_reporter *parity_results_reporter_new(const char *path, struct parity_error *err)
{
    struct results *results;

    if (check_writable(path, err) < 0) {
        parity_error_add_context(err, "--results");
        return NULL;
    }
    results = parity_calloc(1, sizeof *results);
    if (!results) {
        parity_fail_nomem(err);
        return NULL;
    }
    results->reporter = (struct parity_reporter){.start = on_start,
                                                 .test_done = on_test,
                                                 .notice = on_notice,
                                                 .finish = on_finish,
                                                 .free = on_free};
    results->path = parity_strdup(path);
    results->target = json_object();
    results->tests = json_array();
    results->notices = json_array();
    if (!results->path || !results->target || !results->tests || !results->notices) {
        on_free(&results->reporter);
        parity_fail_nomem(err);
        return NULL;
    }
    return &results->reporter;
}
