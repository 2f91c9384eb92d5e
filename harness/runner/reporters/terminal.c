/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/ioctl.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/spool.h"
#include "base/utf8.h"
#include "runner/clock.h"
#include "runner/reporters/live_line.h"
#include "runner/reporters/plain_text.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_text.h"
#include "runner/reporters/slowest.h"

/*
 * The report for people: a line for each test as it ends (on a terminal a single line of counts
 * instead), then each test that did not pass in full, then one line that sums up.
 */
struct terminal {
    struct parity_reporter reporter;
    struct parity_terminal_options options;
    struct parity_spool details;  /* what is printed after the last test */
    struct parity_buffer orphans; /* … and after that */
    size_t orphan_count;
    bool failed; /* out of memory: something was not said */
    struct parity_slowest slowest;
    struct parity_progress progress;
    char running[128]; /* the test begun last */
    double started, shown;
    size_t live_columns; /* of the live line, when it is the last one; 0: it is not there */
};

static const char *const outcome_colours[PARITY_OUTCOME_COUNT] = {
    [PARITY_PASSED] = "\033[32m",  [PARITY_FAILED] = "\033[31m",  [PARITY_ERROR] = "\033[35m",
    [PARITY_SKIPPED] = "\033[33m", [PARITY_CRASHED] = "\033[31m", [PARITY_TIMEOUT] = "\033[31m",
};

static const char *colour(const struct terminal *terminal, const char *code)
{
    return terminal->options.colour ? code : "";
}

/* Leave only characters that the terminal has. */
static void fit_characters(const struct terminal *terminal, struct parity_buffer *text)
{
    size_t kept = 0;

    if (!terminal->options.ascii || text->length == 0)
        return;
    for (size_t at = 0; at < text->length;) {
        unsigned code_point;
        size_t size = parity_utf8_decode(text->data + at, text->length - at, &code_point);

        text->data[kept++] = (char)(size == 1 ? text->data[at] : '?');
        at += size ? size : 1;
    }
    text->data[kept] = '\0';
    text->length = kept;
}

static void put(const struct terminal *terminal, struct parity_buffer *text)
{
    fit_characters(terminal, text);
    if (text->length > 0)
        fwrite(text->data, 1, text->length, terminal->options.out);
}

/* --- the live line -----------------------------------------------------------------------------
 */

/* Columns of the terminal, which may have changed. */
static size_t width_of(const struct terminal *terminal)
{
    struct winsize size = {0};

    if (terminal->options.live && ioctl(fileno(terminal->options.out), TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 1)
        return size.ws_col;
    return terminal->options.width > 1 ? (size_t)terminal->options.width : 100;
}

/* A terminal that became narrower has wrapped the line; all its rows go. */
static void erase_live_line(struct terminal *terminal)
{
    size_t width = width_of(terminal);

    if (terminal->live_columns == 0)
        return;
    for (size_t rest = terminal->live_columns - 1; rest >= width; rest -= width)
        fputs("\r\033[K\033[A", terminal->options.out);
    fputs("\r\033[K", terminal->options.out);
    terminal->live_columns = 0;
}

static void show_live_line(struct terminal *terminal)
{
    struct parity_buffer line = {0};

    terminal->progress.elapsed_s = parity_clock_s() - terminal->started;
    if (terminal->options.forecast)
        terminal->progress.left_s =
            parity_forecast_left_s(terminal->options.forecast, parity_clock_s());
    parity_live_line(&line, &terminal->progress, width_of(terminal) - 1);
    erase_live_line(terminal);
    if (!line.failed) {
        put(terminal, &line);
        terminal->live_columns = parity_utf8_count(line.data, line.length);
    }
    fflush(terminal->options.out);
    terminal->shown = parity_clock_s();
    parity_buffer_clear(&line);
}

static void on_tick(struct parity_reporter *reporter)
{
    struct terminal *terminal = (struct terminal *)reporter;

    if (terminal->options.live && parity_clock_s() - terminal->shown >= 0.1)
        show_live_line(terminal);
}

/* --- while it runs -----------------------------------------------------------------------------
 */

/* Recordings that no test has: the first ones of them, since a suite may be gone. */
static void note_orphans(struct terminal *terminal, const json_t *orphans)
{
    enum { MOST = 10 };
    const json_t *orphan;
    size_t i;

    terminal->orphan_count = json_array_size(orphans);
    if (terminal->orphan_count == 0)
        return;
    parity_buffer_add_text(&terminal->orphans, "\nrecordings without a test\n");
    json_array_foreach(orphans, i, orphan) {
        if (i < MOST)
            parity_buffer_printf(&terminal->orphans, "  %s (%s)\n",
                                 json_string_value(json_object_get(orphan, "id")),
                                 json_string_value(json_object_get(orphan, "file")));
    }
    if (terminal->orphan_count > MOST)
        parity_buffer_printf(&terminal->orphans, "  and %zu more\n", terminal->orphan_count - MOST);
}

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct terminal *terminal = (struct terminal *)reporter;
    size_t parts = info->merged ? info->merged : info->workers;
    const char *part = info->merged ? "results file" : "worker";
    const char *verb = info->merged                        ? "joining"
                       : strcmp(info->mode, "record") == 0 ? "recording"
                       : strcmp(info->mode, "run") == 0    ? "running, without comparison,"
                                                           : "verifying";

    terminal->progress.selected = info->selected;
    terminal->progress.running = terminal->running;
    terminal->started = parity_clock_s();
    if (terminal->options.forecast)
        parity_forecast_start(terminal->options.forecast, info->workers, terminal->started);
    note_orphans(terminal, info->orphans);
    if (terminal->options.verbosity < 0)
        return;
    fprintf(terminal->options.out, "%s %zu test%s against %s%s%s (%s%s%s), %zu %s%s\n", verb,
            info->selected, info->selected == 1 ? "" : "s",
            info->aws        ? "AWS"
            : info->emulator ? info->emulator
                             : "an emulator",
            info->version ? " " : "", info->version ? info->version : "",
            info->endpoint_url ? info->endpoint_url : "", info->endpoint_url ? ", " : "",
            info->region, parts, part, parts == 1 ? "" : "s");
    fflush(terminal->options.out);
}

static void on_test_started(struct parity_reporter *reporter, const struct parity_case *test)
{
    struct terminal *terminal = (struct terminal *)reporter;

    snprintf(terminal->running, sizeof terminal->running, "%s", test->id);
    if (terminal->options.forecast)
        parity_forecast_begin(terminal->options.forecast, test, parity_clock_s());
}

static void print_line(struct terminal *terminal, const struct parity_result *result)
{
    const char *message = result->message ? result->message : "";
    struct parity_buffer line = {0};
    size_t findings = parity_result_model_findings(result);

    parity_buffer_printf(&line, "%s%-7s%s %s (%.2f s)",
                         colour(terminal, outcome_colours[result->outcome]),
                         parity_outcome_name(result->outcome), colour(terminal, "\033[0m"),
                         result->test_case->id, result->duration_s);
    parity_result_text_run(&line, result);
    if (result->flaky)
        parity_buffer_printf(&line, ", flaky: attempt %zu", json_array_size(result->attempts) + 1);
    if (result->recorded)
        parity_buffer_add_text(&line, ", recorded");
    if (result->pending)
        parity_buffer_add_text(&line, ", waits for review");
    if (findings)
        parity_buffer_printf(&line, ", %zu model finding%s", findings, findings == 1 ? "" : "s");
    if (result->outcome != PARITY_PASSED && message[0]) {
        parity_buffer_add_text(&line, ": ");
        parity_plain_text_add(&line, message, strcspn(message, "\n"));
    }
    parity_buffer_add_char(&line, '\n');
    erase_live_line(terminal);
    put(terminal, &line);
    fflush(terminal->options.out);
    parity_buffer_clear(&line);
}

static bool needs_attention(const struct parity_result *result,
                            const struct parity_result_text_options *options)
{
    return parity_outcome_is_bad(result->outcome) || result->flaky ||
           json_array_size(result->cleanup_failures) > 0 ||
           (options->unused_skips && json_array_size(result->unused_skips) > 0) ||
           (!options->quiet && json_array_size(result->warnings) > 0);
}

/* Until the last test has ended. @return whether it could be put aside */
static bool put_aside(struct terminal *terminal, struct parity_buffer *text)
{
    struct parity_spool *details = &terminal->details;

    fit_characters(terminal, text);
    return (details->open || parity_spool_open(details, NULL) == 0) &&
           parity_spool_add(details, text->data, text->length, NULL) == 0;
}

/* What is said of a test that needs no attention follows its line; so does all of it where there is
 * no place to put it aside. */
static void explain(struct terminal *terminal, const struct parity_result *result,
                    const struct parity_result_text_options *options)
{
    struct parity_buffer text = {0};

    parity_result_text(&text, result, options);
    if (!text.failed && text.length > 0 &&
        !(needs_attention(result, options) && put_aside(terminal, &text))) {
        erase_live_line(terminal);
        put(terminal, &text);
        fflush(terminal->options.out);
    }
    terminal->failed |= text.failed;
    parity_buffer_clear(&text);
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct terminal *terminal = (struct terminal *)reporter;
    const struct parity_result_text_options options = {
        .colour = terminal->options.colour,
        .width = terminal->options.width,
        .unused_skips = terminal->options.verbosity >= 0 || terminal->options.strict_skips,
        .verbose = terminal->options.verbosity > 0,
        .quiet = terminal->options.verbosity < 0};

    terminal->progress.done++;
    terminal->progress.counts[result->outcome]++;
    if (terminal->options.forecast)
        parity_forecast_end(terminal->options.forecast, result->test_case,
                            result->duration_s + result->cleanup_s);
    if (terminal->options.verbosity > 0 ||
        (terminal->options.verbosity == 0 && !terminal->options.live))
        print_line(terminal, result);
    explain(terminal, result, &options);
    if (parity_slowest_add(&terminal->slowest, result) < 0)
        terminal->failed = true;
}

static void on_notice(struct parity_reporter *reporter, const char *text)
{
    struct terminal *terminal = (struct terminal *)reporter;

    erase_live_line(terminal);
    fprintf(terminal->options.out, "parity: %s\n", text);
    fflush(terminal->options.out);
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* Appends "3 passed", with ", " before it unless it is the first. */
static void add_count(const struct terminal *terminal, struct parity_buffer *line, size_t count,
                      const char *what, const char *code)
{
    if (count == 0)
        return;
    if (line->length > 0)
        parity_buffer_add_text(line, ", ");
    parity_buffer_printf(line, "%s%zu %s%s", colour(terminal, code), count, what,
                         code[0] ? colour(terminal, "\033[0m") : "");
}

static void add_orphan_count(const struct terminal *terminal, struct parity_buffer *line)
{
    if (terminal->orphan_count)
        parity_buffer_printf(line, "; %zu recording%s without a test: parity snapshots orphans",
                             terminal->orphan_count, terminal->orphan_count == 1 ? "" : "s");
}

static void add_summary(const struct terminal *terminal, struct parity_buffer *line,
                        const struct parity_summary *summary)
{
    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++)
        add_count(terminal, line, summary->counts[i], parity_outcome_name((enum parity_outcome)i),
                  outcome_colours[i]);
    add_count(terminal, line, summary->flaky, "flaky", "\033[33m");
    add_count(terminal, line, summary->not_run, "not run", "");
    if (line->length == 0)
        parity_buffer_add_text(line, "no test run");
    parity_buffer_printf(line, " in %.1f s", summary->duration_s);
    if (summary->recorded)
        parity_buffer_printf(line, "; %zu recorded", summary->recorded);
    if (summary->pending)
        parity_buffer_printf(line, "; %zu to be reviewed: parity snapshots review",
                             summary->pending);
    if (summary->hidden)
        parity_buffer_printf(line, "; skip_verify hid %zu difference%s", summary->hidden,
                             summary->hidden == 1 ? "" : "s");
    if (summary->expected_failures)
        parity_buffer_printf(line, "; %zu failed as expected", summary->expected_failures);
    if (summary->unused_skips)
        parity_buffer_printf(line, "; %zu skip_verify path%s hid nothing", summary->unused_skips,
                             summary->unused_skips == 1 ? "" : "s");
    if (summary->warnings)
        parity_buffer_printf(line, "; %zu warning%s", summary->warnings,
                             summary->warnings == 1 ? "" : "s");
    if (summary->cleanup_failures)
        parity_buffer_printf(line, "; %zu cleanup%s failed", summary->cleanup_failures,
                             summary->cleanup_failures == 1 ? "" : "s");
    if (summary->model_findings)
        parity_buffer_printf(line, "; %zu model finding%s", summary->model_findings,
                             summary->model_findings == 1 ? "" : "s");
    add_orphan_count(terminal, line);
    if (summary->interrupted)
        parity_buffer_add_text(line, "; interrupted");
}

/* After the last test. */
static int print_end(struct terminal *terminal, struct parity_buffer *slowest,
                     const struct parity_buffer *line, struct parity_error *err)
{
    FILE *out = terminal->options.out;
    size_t length = (size_t)terminal->details.end;
    int rc = parity_spool_print(&terminal->details, 0, length, out, err);

    put(terminal, slowest);
    if (terminal->options.verbosity >= 0)
        put(terminal, &terminal->orphans);
    if (length > 0 || slowest->length > 0 || terminal->options.verbosity >= 0)
        fputc('\n', out);
    fprintf(out, "%s\n", line->data);
    return rc;
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct terminal *terminal = (struct terminal *)reporter;
    struct parity_buffer slowest = {0}, line = {0};
    int rc = -1;

    erase_live_line(terminal);
    parity_slowest_text(&slowest, &terminal->slowest);
    add_summary(terminal, &line, summary);
    if (terminal->failed || slowest.failed || terminal->orphans.failed || line.failed)
        parity_fail_nomem(err);
    else
        rc = print_end(terminal, &slowest, &line, err);
    parity_buffer_clear(&slowest);
    parity_buffer_clear(&line);
    if (rc == 0 && (fflush(terminal->options.out) != 0 || ferror(terminal->options.out))) {
        parity_fail(err, PARITY_E_IO, "standard output", "cannot write the report");
        rc = -1;
    }
    return rc;
}

static void on_free(struct parity_reporter *reporter)
{
    struct terminal *terminal = (struct terminal *)reporter;

    parity_spool_close(&terminal->details);
    parity_buffer_clear(&terminal->orphans);
    parity_slowest_clear(&terminal->slowest);
    parity_forecast_free(terminal->options.forecast);
    parity_free(terminal);
}

struct parity_reporter *parity_terminal_reporter_new(const struct parity_terminal_options *options)
{
    struct terminal *terminal = parity_calloc(1, sizeof *terminal);

    if (!terminal) {
        parity_forecast_free(options->forecast);
        return NULL;
    }
    terminal->options = *options;
    terminal->slowest.most = options->slowest;
    terminal->reporter = (struct parity_reporter){
        .start = on_start,
        .test_started = on_test_started,
        .test_done = on_test,
        .tick = on_tick,
        .notice = on_notice,
        .finish = on_finish,
        .free = on_free,
    };
    return &terminal->reporter;
}
