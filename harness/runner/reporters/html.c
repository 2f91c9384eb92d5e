/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/page.h"
#include "runner/reporters/report_file.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_json.h"

/*
 * The run as one page for the browser: page.html, which holds this text once, with the results in
 * its place.
 */
static const char place_of_data[] = "@PARITY_RUN@";

/* What went over the wire is kept of every test that did not pass; of the others until there is so
 * much that a browser would feel it. */
enum { MOST_OF_GOOD_TESTS = 16 * 1024 * 1024 };

struct html {
    struct parity_reporter reporter;
    struct parity_report_file file;
    json_t *target;
    char started[32];
    size_t of_good_tests; /* bytes so far */
};

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct html *html = (struct html *)reporter;
    time_t now = info->started ? info->started : time(NULL);
    struct tm parts;

    json_decref(html->target);
    html->target = parity_target_json(info);
    strftime(html->started, sizeof html->started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
}

/* --- one test ----------------------------------------------------------------------------------
 */

/* JSON in a <script> element: what could end it, or begin a comment, stands as an escape. All else
 * that matters to HTML is escaped already, being no ASCII or a control character. */
static void add_script(struct parity_buffer *out, const json_t *value)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_COMPACT);
    out->failed |= text.failed || !value;
    for (const char *at = text.data; at && *at;) {
        size_t length = strcspn(at, "<");

        parity_buffer_add(out, at, length);
        at += length;
        if (*at) {
            parity_buffer_add_text(out, "\\u003c");
            at++;
        }
    }
    parity_buffer_clear(&text);
}

/* A side of a difference as the text that is shown: JavaScript has no integers of any size. */
static void spell_side(json_t *difference, const char *side)
{
    const json_t *value = json_object_get(difference, side);
    struct parity_buffer text = {0};

    if (!value)
        return;
    parity_json_write(&text, value, PARITY_JSON_PRETTY);
    json_object_set_new(difference, side, json_stringn_nocheck(text.data, text.length));
    parity_buffer_clear(&text);
}

/* Those of a test, or of an attempt. */
static void spell_differences(json_t *test, const char *name)
{
    json_t *spelt = json_array(), *difference;
    size_t i;

    json_array_foreach(json_object_get(test, name), i, difference) {
        json_t *copy = json_copy(difference);

        spell_side(copy, "recorded");
        spell_side(copy, "observed");
        json_array_append_new(spelt, copy);
    }
    json_object_set_new(test, name, spelt);
}

static void spell_attempts(json_t *test)
{
    json_t *spelt = json_array(), *attempt;
    size_t i;

    json_array_foreach(json_object_get(test, "attempts"), i, attempt) {
        json_t *copy = json_copy(attempt);

        spell_differences(copy, "differences");
        json_array_append_new(spelt, copy);
    }
    json_object_set_new(test, "attempts", spelt);
}

static const char *marker_name(enum parity_marker marker)
{
    static const char *const names[] = {
        [PARITY_AWS_VALIDATED] = "AWS_VALIDATED",
        [PARITY_EMULATOR_ONLY] = "EMULATOR_ONLY",
        [PARITY_NEEDS_FIXING] = "NEEDS_FIXING",
        [PARITY_MANUAL_SETUP_REQUIRED] = "MANUAL_SETUP_REQUIRED",
        [PARITY_UNKNOWN] = "UNKNOWN",
    };

    return marker > PARITY_UNMARKED && marker <= PARITY_UNKNOWN ? names[marker] : NULL;
}

static void add_tags(json_t *tags, const char *const *names, size_t most)
{
    for (size_t i = 0; i < most && names[i]; i++)
        json_array_append_new(tags, json_string(names[i]));
}

/* What the page filters by. */
static void describe(json_t *test, const struct parity_case *test_case)
{
    const struct parity_test_definition *definition = test_case->definition;
    const char *marker = marker_name(definition->marker);
    json_t *tags = json_array();

    if (marker)
        json_array_append_new(tags, json_string(marker));
    add_tags(tags, definition->tags, sizeof definition->tags / sizeof *definition->tags);
    if (test_case->suite)
        add_tags(tags, test_case->suite->tags,
                 sizeof test_case->suite->tags / sizeof *test_case->suite->tags);
    json_object_set_new(test, "tags", tags);
    json_object_set_new(test, "suite", json_string(test_case->suite_path));
    json_object_set_new(test, "line", json_integer(definition->line));
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct html *html = (struct html *)reporter;
    bool good = result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
    json_t *test = parity_result_json(result);
    struct parity_buffer text = {0};

    spell_differences(test, "differences");
    spell_differences(test, "hidden");
    spell_attempts(test);
    describe(test, result->test_case);
    if (result->calls && (!good || html->of_good_tests < MOST_OF_GOOD_TESTS))
        json_object_set(test, "calls", result->calls);
    add_script(&text, test);
    html->of_good_tests += good ? text.length : 0;
    parity_report_file_add(&html->file, result, &text);
    json_decref(test);
    parity_buffer_clear(&text);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static void add_data(struct html *html, const struct parity_summary *summary)
{
    struct parity_report_file *file = &html->file;
    json_t *head =
        json_pack("{s:s, s:s, s:O, s:o}", "version", PARITY_VERSION, "started", html->started,
                  "target", html->target, "summary", parity_summary_json(summary));
    struct parity_part part = {0};

    parity_buffer_add_text(&file->text, "{\"run\":");
    add_script(&file->text, head);
    parity_buffer_add_text(&file->text, ",\n\"tests\":[");
    for (size_t i = 0; parity_report_file_next(file, &part); i++) {
        parity_buffer_add_text(&file->text, i > 0 ? ",\n" : "\n");
        parity_report_file_write_part(file, &part);
    }
    parity_buffer_add_text(&file->text, "\n]}");
    json_decref(head);
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct html *html = (struct html *)reporter;
    struct parity_report_file *file = &html->file;
    const char *page = (const char *)parity_page_files[0].text;
    size_t length = parity_page_files[0].length, mark = strlen(place_of_data);
    const char *data = memmem(page, length, place_of_data, mark);
    size_t before = (size_t)(data - page);

    parity_report_file_begin(file);
    parity_buffer_add(&file->text, page, before);
    add_data(html, summary);
    parity_buffer_add(&file->text, data + mark, length - before - mark);
    return parity_report_file_end(file, err);
}

static void on_free(struct parity_reporter *reporter)
{
    struct html *html = (struct html *)reporter;

    parity_report_file_clear(&html->file);
    json_decref(html->target);
    parity_free(html);
}

struct parity_reporter *parity_html_reporter_new(const char *path, struct parity_error *err)
{
    struct html *html = parity_calloc(1, sizeof *html);

    if (!html) {
        parity_fail_nomem(err);
        return NULL;
    }
    html->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    if (parity_report_file_open(&html->file, path, "--html", err) == 0)
        return &html->reporter;
    on_free(&html->reporter);
    return NULL;
}
