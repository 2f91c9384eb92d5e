/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/result_text.h"

#include <string.h>

#include "base/json.h"
#include "recorder/difference_text.h"
#include "runner/reporters/plain_text.h"

/* Append `text`, each line behind `indent`; what it says may be the target's words. */
static void add_indented(struct parity_buffer *out, const char *indent, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        parity_buffer_add_text(out, indent);
        parity_plain_text_add(out, text, length);
        parity_buffer_add_char(out, '\n');
        text += length + (text[length] == '\n');
    }
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

void parity_result_text_run(struct parity_buffer *out, const struct parity_result *result)
{
    if (result->repetition)
        parity_buffer_printf(out, ", run %u", result->repetition);
}

static void add_name(struct parity_buffer *out, const struct parity_result *result, bool colour)
{
    bool good = result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
    const char *code = good ? "\033[1m" : "\033[1;31m";

    parity_buffer_printf(out, "\n%s%s %s", colour ? code : "", parity_outcome_name(result->outcome),
                         result->test_case->id);
    parity_result_text_run(out, result);
    parity_buffer_printf(out, "%s\n", colour ? "\033[0m" : "");
}

static void add_reason(struct parity_buffer *out, const struct parity_result *result)
{
    if (result->message)
        add_indented(out, "  ", result->message);
    if (result->location)
        parity_buffer_printf(out, "  in %s\n", result->location);
}

static void add_recording(struct parity_buffer *out, const struct parity_result *result)
{
    const char *date = member(result->recording, "recorded_date");

    if (!result->recording ||
        json_array_size(result->differences) + json_array_size(result->hidden) == 0)
        return;
    parity_buffer_printf(out, "  recording: %s%s%s%s\n    %s\n", member(result->recording, "file"),
                         date[0] ? ", of " : "", date,
                         json_is_true(json_object_get(result->recording, "from_aws")) ? ", from AWS"
                                                                                      : "",
                         member(result->recording, "key"));
}

/* Of one match key; the results file has them all. */
enum { MOST_DIFFERENCES = 25 };

static void add_differences(struct parity_buffer *out, const struct parity_result *result,
                            const struct parity_result_text_options *options)
{
    const struct parity_difference_text_options text = {
        .colour = options->colour,
        .width = options->width > 0 ? (size_t)options->width : 0,
        .indent = "  ",
        .max_per_match = options->verbose ? 0 : MOST_DIFFERENCES,
    };

    if (json_array_size(result->differences) > 0)
        parity_difference_text(out, result->differences, &text);
}

static void add_hidden(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *hidden;
    size_t i;

    json_array_foreach(result->hidden, i, hidden) {
        const char *reason = member(hidden, "reason");

        parity_buffer_printf(out, "  hidden by skip_verify: \"%s\" ", member(hidden, "key"));
        parity_difference_place(out, hidden);
        parity_buffer_printf(out, "%s%s\n", reason[0] ? ": " : "", reason);
    }
}

static void add_warnings(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *warning;
    size_t i;

    json_array_foreach(result->warnings, i, warning)
        parity_buffer_printf(out, "  warning: %s\n", json_string_value(warning));
}

/* A path that selects nothing has a warning, which says more. */
static bool is_warned_of(const struct parity_result *result, const char *path)
{
    const json_t *warning;
    size_t i;

    json_array_foreach(result->warnings, i, warning)
        if (strstr(json_string_value(warning), path))
            return true;
    return false;
}

static void add_unused_skips(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *path;
    size_t i;

    json_array_foreach(result->unused_skips, i, path)
        if (!is_warned_of(result, json_string_value(path)))
            parity_buffer_printf(out, "  skip_verify path that hid nothing: %s\n",
                                 json_string_value(path));
}

/* Where the response of a call left the service model. */
static void add_findings(struct parity_buffer *out, const json_t *call)
{
    const json_t *finding;
    size_t i;

    json_array_foreach(json_object_get(call, "model_findings"), i, finding) {
        json_int_t count = json_integer_value(json_object_get(finding, "count"));

        parity_buffer_printf(out, "      model: %s: %s: %s", member(finding, "kind"),
                             member(finding, "path"), member(finding, "message"));
        if (count > 1)
            parity_buffer_printf(out, " (%" JSON_INTEGER_FORMAT " times)", count);
        parity_buffer_add_char(out, '\n');
    }
}

/* Their number; all of them with -v. */
static void add_finding_count(struct parity_buffer *out, const struct parity_result *result)
{
    size_t count = parity_result_model_findings(result);

    if (count > 0)
        parity_buffer_printf(out, "  responses leave the service model in %zu place%s (-v)\n",
                             count, count == 1 ? "" : "s");
}

static void add_calls(struct parity_buffer *out, const struct parity_result *result, bool verbose)
{
    const json_t *call;
    size_t i;

    if (json_array_size(result->calls) == 0)
        return;
    parity_buffer_add_text(out, "  calls\n");
    json_array_foreach(result->calls, i, call) {
        json_int_t status = json_integer_value(json_object_get(call, "status_code"));
        const char *code = member(call, "error_code");
        char name[96];

        snprintf(name, sizeof name, "%s %s", member(call, "service"), member(call, "operation"));
        parity_buffer_printf(out, "    %-40s ", name);
        if (status)
            parity_buffer_printf(out, "%" JSON_INTEGER_FORMAT, status);
        else
            parity_buffer_add_text(out, "no response");
        parity_buffer_printf(out, "%s%s%s\n", code[0] ? " " : "", code,
                             json_is_true(json_object_get(call, "cleanup")) ? " (cleanup)" : "");
        if (verbose)
            add_findings(out, call);
    }
}

/* What happened before the verdict: of each attempt the first line and how it can be told apart. */
static void add_attempts(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *attempt;
    size_t i;

    json_array_foreach(result->attempts, i, attempt) {
        const char *message = member(attempt, "message");
        size_t differences = json_array_size(json_object_get(attempt, "differences"));

        parity_buffer_printf(out, "  attempt %zu: %s", i + 1, member(attempt, "outcome"));
        if (message[0])
            parity_buffer_printf(out, ": %.*s", (int)strcspn(message, "\n"), message);
        else if (differences)
            parity_buffer_printf(out, ": %zu difference%s", differences,
                                 differences == 1 ? "" : "s");
        parity_buffer_add_char(out, '\n');
    }
}

static void add_cleanup_failures(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *failure;
    size_t i;

    json_array_foreach(result->cleanup_failures, i, failure)
        parity_buffer_printf(out, "  cleanup failed: %s: %s\n", member(failure, "call"),
                             member(failure, "message"));
}

/* The digits of "[5000 bytes left out]", the line of a capture that did not keep everything. */
static size_t bytes_left_out(const char *line, size_t length)
{
    static const char end[] = " bytes left out]";
    size_t digits = *line == '[' ? strspn(line + 1, "0123456789") : 0;

    return digits > 0 && length == digits + sizeof end &&
                   memcmp(line + 1 + digits, end, sizeof end - 1) == 0
               ? digits
               : 0;
}

static void add_output_line(struct parity_buffer *out, const char *line, size_t length)
{
    enum { LONGEST = 200 };
    size_t shown = length < LONGEST ? length : LONGEST;

    while (shown < length && shown > 0 && ((unsigned char)line[shown] & 0xc0) == 0x80)
        shown--;
    parity_buffer_printf(out, "    | %.*s%s\n", (int)shown, line, shown < length ? "…" : "");
}

/* The beginning and the end; more is in the results file. */
static void add_output(struct parity_buffer *out, const struct parity_result *result)
{
    enum { FIRST = 10, LAST = 20 };
    size_t lines = 0, number = 0, digits = 0;
    const char *bytes = ""; /* that the capture left out */

    if (!result->output)
        return;
    parity_buffer_add_text(out, "  output\n");
    for (const char *c = result->output; *c; c++)
        lines += *c == '\n' || !c[1];
    for (const char *line = result->output; *line; number++) {
        size_t length = strcspn(line, "\n");

        if (number < FIRST || number + LAST >= lines) {
            add_output_line(out, line, length);
        } else {
            if (bytes_left_out(line, length) > 0) {
                digits = bytes_left_out(line, length);
                bytes = line + 1;
            }
            if (number + LAST + 1 == lines)
                parity_buffer_printf(out, "    [%zu lines%s%.*s%s left out]\n",
                                     lines - FIRST - LAST, digits ? " and " : "", (int)digits,
                                     bytes, digits ? " bytes" : "");
        }
        line += length + (line[length] == '\n');
    }
}

void parity_result_text(struct parity_buffer *out, const struct parity_result *result,
                        const struct parity_result_text_options *options)
{
    bool good = result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
    bool unused = options->unused_skips && json_array_size(result->unused_skips) > 0;
    bool warned = !options->quiet && json_array_size(result->warnings) > 0;

    if (good && !options->verbose && !unused && !warned && !result->flaky &&
        json_array_size(result->cleanup_failures) == 0)
        return;
    if (!options->bare)
        add_name(out, result, options->colour);
    add_reason(out, result);
    add_attempts(out, result);
    add_warnings(out, result);
    if (!good || options->verbose) {
        add_recording(out, result);
        add_differences(out, result, options);
        if (options->verbose)
            add_hidden(out, result);
        add_calls(out, result, options->verbose);
        if (!options->verbose)
            add_finding_count(out, result);
        if (!options->bare)
            add_output(out, result);
    }
    if (unused || !good || options->verbose)
        add_unused_skips(out, result);
    add_cleanup_failures(out, result);
}

void parity_attempt_text(struct parity_buffer *out, const json_t *attempt)
{
    const json_t *differences = json_object_get(attempt, "differences");
    const struct parity_difference_text_options options = {.indent = "  ",
                                                           .max_per_match = MOST_DIFFERENCES};
    const char *location = member(attempt, "location");

    add_indented(out, "  ", member(attempt, "message"));
    if (location[0])
        parity_buffer_printf(out, "  in %s\n", location);
    if (json_array_size(differences) > 0)
        parity_difference_text(out, differences, &options);
}
