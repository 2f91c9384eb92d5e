/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "runner/reporters/plain_text.h"
#include "runner/reporters/report_file.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_text.h"

/*
 * The run in the Test Anything Protocol. Version 13, since perl's `prove` takes no later one; what
 * is said with it means the same in version 14.
 *
 * To standard output tests go as they end, into a file in the order of their ids.
 */
struct tap {
    struct parity_reporter reporter;
    struct parity_report_file file;
    FILE *stream; /* NULL: to the file */
    size_t done;
};

static bool is_ok(enum parity_outcome outcome)
{
    return outcome == PARITY_PASSED || outcome == PARITY_SKIPPED;
}

/* The first line of a text, with a backslash before each of the `special` characters. */
static void add_line(struct parity_buffer *out, const char *text, const char *special)
{
    struct parity_buffer line = {0};

    parity_plain_text_add(&line, text, strcspn(text, "\n"));
    for (const char *at = line.data; at && *at; at++) {
        if (strchr(special, *at))
            parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, *at);
    }
    out->failed |= line.failed;
    parity_buffer_clear(&line);
}

/* A block of YAML, "|". Readers of TAP take the first line's indentation for that of all, and an
 * empty line for the end. */
static void add_block(struct parity_buffer *out, const char *name, const char *text)
{
    text += strspn(text, " \n");
    if (!*text)
        return;
    parity_buffer_printf(out, "  %s: |\n", name);
    while (*text) {
        size_t length = strcspn(text, "\n");

        parity_buffer_add_text(out, "    ");
        parity_plain_text_add(out, text, length);
        parity_buffer_add_char(out, '\n');
        text += length + (text[length] == '\n');
        /* What parity_result_text() indents all by. */
        if (strncmp(text, "  ", 2) == 0)
            text += 2;
    }
}

/* A quoted text on a line of its own; nothing of one that is not there. */
static void add_text(struct parity_buffer *out, const char *indent, const char *name,
                     const char *text)
{
    if (!text || !*text)
        return;
    parity_buffer_printf(out, "%s%s: \"", indent, name);
    add_line(out, text, "\\\"");
    parity_buffer_add_text(out, "\"\n");
}

/* Those before the one that counts. */
static void add_attempts(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *attempt;
    size_t i;

    if (json_array_size(result->attempts) == 0)
        return;
    parity_buffer_printf(out, "  flaky: %s\n  attempts:\n", result->flaky ? "true" : "false");
    json_array_foreach(result->attempts, i, attempt) {
        const char *outcome = json_string_value(json_object_get(attempt, "outcome"));
        double duration_s = json_number_value(json_object_get(attempt, "duration_seconds"));

        parity_buffer_printf(out, "    - outcome: %s\n", outcome ? outcome : "error");
        add_text(out, "      ", "message", json_string_value(json_object_get(attempt, "message")));
        add_text(out, "      ", "at", json_string_value(json_object_get(attempt, "location")));
        parity_buffer_printf(out, "      duration_ms: %.3f\n", duration_s * 1000);
    }
}

static void add_diagnostics(struct parity_buffer *out, const struct parity_result *result)
{
    const struct parity_result_text_options options = {.bare = true};
    struct parity_buffer text = {0};

    parity_result_text(&text, result, &options);
    if (!text.data && is_ok(result->outcome)) {
        out->failed |= text.failed;
        return;
    }
    parity_buffer_printf(out, "  ---\n  outcome: %s\n", parity_outcome_name(result->outcome));
    add_text(out, "  ", "message", result->message);
    add_text(out, "  ", "at", result->location);
    parity_buffer_printf(out, "  duration_ms: %.3f\n", result->duration_s * 1000);
    add_attempts(out, result);
    add_block(out, "details", text.data ? text.data : "");
    add_block(out, "output", result->output ? result->output : "");
    parity_buffer_add_text(out, "  ...\n");
    out->failed |= text.failed;
    parity_buffer_clear(&text);
}

/* All of a test point but its verdict and number, which comes when the order is known. */
static void add_point(struct parity_buffer *out, const struct parity_result *result)
{
    parity_buffer_add_text(out, " - ");
    add_line(out, result->test_case->id, "\\#");
    parity_result_text_run(out, result);
    if (result->outcome == PARITY_SKIPPED) {
        parity_buffer_add_text(out, " # SKIP ");
        add_line(out, result->message ? result->message : "", "\\#");
    }
    parity_buffer_add_char(out, '\n');
    add_diagnostics(out, result);
}

static const char *verdict(enum parity_outcome outcome)
{
    return is_ok(outcome) ? "ok" : "not ok";
}

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct tap *tap = (struct tap *)reporter;

    (void)info;
    if (!tap->stream)
        return;
    fputs("TAP version 13\n", tap->stream);
    fflush(tap->stream); /* or a worker that ends by exit() says it, too */
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct tap *tap = (struct tap *)reporter;
    struct parity_buffer text = {0};

    add_point(&text, result);
    if (tap->stream && !text.failed) {
        fprintf(tap->stream, "%s %zu%s", verdict(result->outcome), ++tap->done, text.data);
        fflush(tap->stream);
    } else if (!tap->stream) {
        parity_report_file_add(&tap->file, result, &text);
    }
    parity_buffer_clear(&text);
}

/* The plan: also tests that were left out count, so that a run that was broken off is no success.
 */
static void add_plan(struct parity_buffer *out, size_t done, const struct parity_summary *summary)
{
    parity_buffer_printf(out, "1..%zu%s\n", done + summary->not_run,
                         done + summary->not_run ? "" : " # SKIP no test ran");
    if (summary->interrupted)
        parity_buffer_add_text(out, "Bail out! interrupted\n");
}

static int finish_stream(struct tap *tap, const struct parity_summary *summary,
                         struct parity_error *err)
{
    struct parity_buffer plan = {0};

    add_plan(&plan, tap->done, summary);
    if (!plan.failed)
        fputs(plan.data, tap->stream);
    if (plan.failed)
        parity_fail_nomem(err);
    parity_buffer_clear(&plan);
    if (fflush(tap->stream) == 0 && !ferror(tap->stream))
        return err && err->code != PARITY_OK ? -1 : 0;
    parity_fail(err, PARITY_E_IO, "standard output", "cannot write the report");
    return -1;
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct tap *tap = (struct tap *)reporter;
    struct parity_report_file *file = &tap->file;
    struct parity_part part = {0};

    if (tap->stream)
        return finish_stream(tap, summary, err);
    parity_report_file_begin(file);
    parity_buffer_add_text(&file->text, "TAP version 13\n");
    for (size_t number = 1; parity_report_file_next(file, &part); number++) {
        parity_buffer_printf(&file->text, "%s %zu", verdict(part.head.outcome), number);
        parity_report_file_write_part(file, &part);
    }
    add_plan(&file->text, file->parts.count, summary);
    return parity_report_file_end(file, err);
}

static void on_free(struct parity_reporter *reporter)
{
    struct tap *tap = (struct tap *)reporter;

    parity_report_file_clear(&tap->file);
    parity_free(tap);
}

struct parity_reporter *parity_tap_reporter_new(const char *path, struct parity_error *err)
{
    struct tap *tap = parity_calloc(1, sizeof *tap);

    if (!tap) {
        parity_fail_nomem(err);
        return NULL;
    }
    tap->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    tap->stream = strcmp(path, "-") == 0 ? stdout : NULL;
    if (tap->stream || parity_report_file_open(&tap->file, path, "--tap", err) == 0)
        return &tap->reporter;
    on_free(&tap->reporter);
    return NULL;
}
