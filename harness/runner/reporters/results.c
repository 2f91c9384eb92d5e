/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/report_file.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_json.h"

/* The whole run as one JSON document (docs/results.schema.json). */
struct results {
    struct parity_reporter reporter;
    struct parity_report_file file;
    json_t *target, *shard, *orphans, *notices;
};

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct results *results = (struct results *)reporter;

    json_decref(results->target);
    json_decref(results->shard);
    json_decref(results->orphans);
    results->target = parity_target_json(info);
    results->shard = parity_shard_json(&info->shard);
    results->orphans = info->orphans ? json_deep_copy(info->orphans) : json_null();
}

/* Append a value as it stands `indent` columns deep in a document. No string in it holds a line
 * end: they are escaped. */
static void add_indented(struct parity_buffer *out, const json_t *value, int indent)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_PRETTY);
    out->failed |= text.failed || !value;
    for (const char *line = text.data; line && *line;) {
        size_t length = strcspn(line, "\n");

        parity_buffer_add(out, line, length);
        line += length;
        if (*line++)
            parity_buffer_printf(out, "\n%*s", indent, "");
        else
            break;
    }
    parity_buffer_clear(&text);
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct results *results = (struct results *)reporter;
    struct parity_buffer text = {0};
    json_t *test = parity_result_json(result);

    add_indented(&text, test, 4);
    parity_report_file_add(&results->file, result, &text);
    json_decref(test);
    parity_buffer_clear(&text);
}

static void on_notice(struct parity_reporter *reporter, const char *text)
{
    json_array_append_new(((struct results *)reporter)->notices, json_string(text));
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct results *results = (struct results *)reporter;
    struct parity_report_file *file = &results->file;
    json_t *sums = parity_summary_json(summary);
    struct parity_part part = {0};

    parity_report_file_begin(file);
    parity_buffer_add_text(&file->text, "{\n  \"target\": ");
    add_indented(&file->text, results->target, 2);
    parity_buffer_add_text(&file->text, ",\n  \"shard\": ");
    add_indented(&file->text, results->shard, 2);
    parity_buffer_add_text(&file->text, ",\n  \"tests\": [");
    for (size_t i = 0; parity_report_file_next(file, &part); i++) {
        parity_buffer_add_text(&file->text, i > 0 ? ",\n    " : "\n    ");
        parity_report_file_write_part(file, &part);
    }
    parity_buffer_add_text(&file->text, file->parts.count > 0 ? "\n  ]" : "]");
    parity_buffer_add_text(&file->text, ",\n  \"orphans\": ");
    add_indented(&file->text, results->orphans, 2);
    parity_buffer_add_text(&file->text, ",\n  \"notices\": ");
    add_indented(&file->text, results->notices, 2);
    parity_buffer_add_text(&file->text, ",\n  \"summary\": ");
    add_indented(&file->text, sums, 2);
    parity_buffer_add_text(&file->text, "\n}\n");
    json_decref(sums);
    return parity_report_file_end(file, err);
}

static void on_free(struct parity_reporter *reporter)
{
    struct results *results = (struct results *)reporter;

    parity_report_file_clear(&results->file);
    json_decref(results->target);
    json_decref(results->shard);
    json_decref(results->orphans);
    json_decref(results->notices);
    parity_free(results);
}

struct parity_reporter *parity_results_reporter_new(const char *path, struct parity_error *err)
{
    struct results *results = parity_calloc(1, sizeof *results);

    if (!results) {
        parity_fail_nomem(err);
        return NULL;
    }
    results->reporter = (struct parity_reporter){.start = on_start,
                                                 .test_done = on_test,
                                                 .notice = on_notice,
                                                 .finish = on_finish,
                                                 .free = on_free};
    results->notices = json_array();
    if (parity_report_file_open(&results->file, path, "--results", err) == 0)
        return &results->reporter;
    on_free(&results->reporter);
    return NULL;
}
