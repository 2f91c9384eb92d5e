/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/reporter.h"

/*
 * What would have to be written into suites for a run to pass (`--suggest-skips`). The paths come
 * from the comparison, which has tried them; here they are only written down.
 */

enum { PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *) };

/* One test and what it would need. */
struct need {
    const char *id; /* borrowed from the run's tests */
    char *text;     /* owned */
};

struct suggestions {
    struct parity_reporter reporter;
    FILE *out;
    char *emulator; /* owned; NULL: it has no name */
    struct need *needs;
    size_t count, capacity;
    bool failed; /* out of memory */
};

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    suggestions->emulator = info->emulator ? parity_strdup(info->emulator) : NULL;
}

static void add_quoted(struct parity_buffer *out, const char *text)
{
    parity_json_write_string(out, text, strlen(text));
}

/* The first line of what was said about a test, as a reason that can be made better: what can stand
 * between quotes in C as well as in JSON. */
static void add_reason(struct parity_buffer *out, const struct parity_result *result)
{
    enum { LONGEST = 120 };
    const char *message = result->message ? result->message : "...";

    parity_buffer_add_char(out, '"');
    for (size_t i = 0; i < LONGEST && message[i] && message[i] != '\n'; i++) {
        if (message[i] == '"' || message[i] == '\\')
            parity_buffer_add_char(out, '\\');
        if (message[i] >= ' ' && message[i] <= '~')
            parity_buffer_add_char(out, message[i]);
    }
    parity_buffer_add_char(out, '"');
}

/* --- into a suite ------------------------------------------------------------------------------
 */

static void add_condition(struct parity_buffer *out, const struct suggestions *suggestions,
                          const char *indent)
{
    if (!suggestions->emulator)
        return;
    parity_buffer_printf(out, ",\n%s.when = on_emulator(", indent);
    add_quoted(out, suggestions->emulator);
    parity_buffer_add_char(out, ')');
}

/* One entry has room for so many. */
static void add_skip_entry(struct parity_buffer *out, const struct suggestions *suggestions,
                           const json_t *paths, size_t from)
{
    static const char indent[] = "                      ";

    parity_buffer_add_text(out, "{ .paths = { ");
    for (size_t i = from; i < json_array_size(paths) && i < from + PATHS; i++) {
        if (i > from)
            parity_buffer_printf(out, ",\n%s             ", indent);
        add_quoted(out, json_string_value(json_array_get(paths, i)));
    }
    parity_buffer_printf(out, " },\n%s.reason = \"...\"", indent);
    add_condition(out, suggestions, indent);
    parity_buffer_add_text(out, " }");
}

static void add_skips_in_c(struct parity_buffer *out, const struct suggestions *suggestions,
                           const json_t *paths)
{
    parity_buffer_add_text(out, "    .skip_verify = { ");
    for (size_t from = 0; from < json_array_size(paths); from += PATHS) {
        if (from > 0)
            parity_buffer_add_text(out, ",\n                     ");
        add_skip_entry(out, suggestions, paths, from);
    }
    parity_buffer_add_text(out, " }\n");
}

static void add_failure_in_c(struct parity_buffer *out, const struct suggestions *suggestions,
                             const struct parity_result *result)
{
    parity_buffer_add_text(out, "    .expected_failure = { { .reason = ");
    add_reason(out, result);
    add_condition(out, suggestions, "                            ");
    parity_buffer_add_text(out, " } }\n");
}

/* --- into a scenario ---------------------------------------------------------------------------
 */

static void add_emulators(struct parity_buffer *out, const struct suggestions *suggestions)
{
    if (!suggestions->emulator)
        return;
    parity_buffer_add_text(out, ", \"emulators\": [");
    add_quoted(out, suggestions->emulator);
    parity_buffer_add_char(out, ']');
}

static void add_skips_in_json(struct parity_buffer *out, const struct suggestions *suggestions,
                              const json_t *paths)
{
    parity_buffer_add_text(out, "    \"skip_verify\": [{\"paths\": ");
    parity_json_write(out, paths, PARITY_JSON_LINE);
    parity_buffer_add_text(out, ", \"reason\": \"...\"");
    add_emulators(out, suggestions);
    parity_buffer_add_text(out, "}]\n");
}

static void add_failure_in_json(struct parity_buffer *out, const struct suggestions *suggestions,
                                const struct parity_result *result)
{
    parity_buffer_add_text(out, "    \"expected_failure\": [{\"reason\": ");
    add_reason(out, result);
    add_emulators(out, suggestions);
    parity_buffer_add_text(out, "}]\n");
}

/* --- the report --------------------------------------------------------------------------------
 */

/* Nothing can be suggested for what could not be judged, nor for a test that should go on failing.
 */
static bool is_suggestible(const struct parity_result *result)
{
    return (result->outcome == PARITY_FAILED || result->outcome == PARITY_TIMEOUT) &&
           !result->expected_failure;
}

static void write_need(struct parity_buffer *out, const struct suggestions *suggestions,
                       const struct parity_result *result)
{
    const json_t *paths = json_object_get(result->suggested_skips, "paths");
    json_int_t left = json_integer_value(json_object_get(result->suggested_skips, "left"));
    bool skips = json_array_size(paths) > 0 && left == 0;
    bool is_scenario = result->test_case->source != NULL;

    if (skips && is_scenario)
        add_skips_in_json(out, suggestions, paths);
    else if (skips)
        add_skips_in_c(out, suggestions, paths);
    else if (is_scenario)
        add_failure_in_json(out, suggestions, result);
    else
        add_failure_in_c(out, suggestions, result);
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;
    struct parity_buffer text = {0};
    struct need need = {.id = result->test_case->id};

    if (!is_suggestible(result))
        return;
    write_need(&text, suggestions, result);
    need.text = parity_buffer_take(&text);
    if (!need.text || parity_grow(&suggestions->needs, &suggestions->capacity,
                                  suggestions->count + 1, sizeof *suggestions->needs) < 0) {
        parity_free(need.text);
        suggestions->failed = true;
        return;
    }
    suggestions->needs[suggestions->count++] = need;
}

/* Workers end in any order. */
static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct need *)a)->id, ((const struct need *)b)->id);
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    (void)summary;
    if (suggestions->failed) {
        parity_fail_nomem(err);
        return -1;
    }
    if (suggestions->count > 1)
        qsort(suggestions->needs, suggestions->count, sizeof *suggestions->needs, by_id);
    if (suggestions->count > 0)
        fprintf(suggestions->out,
                "\nwith these annotations %zu test%s would not fail; say why in each reason:\n",
                suggestions->count, suggestions->count == 1 ? "" : "s");
    for (size_t i = 0; i < suggestions->count; i++)
        fprintf(suggestions->out, "\n%s\n%s", suggestions->needs[i].id, suggestions->needs[i].text);
    if (fflush(suggestions->out) == 0 && !ferror(suggestions->out))
        return 0;
    parity_fail(err, PARITY_E_IO, "standard output", "cannot write the suggestions");
    return -1;
}

static void on_free(struct parity_reporter *reporter)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    for (size_t i = 0; i < suggestions->count; i++)
        parity_free(suggestions->needs[i].text);
    parity_free(suggestions->needs);
    parity_free(suggestions->emulator);
    parity_free(suggestions);
}

struct parity_reporter *parity_suggestions_reporter_new(FILE *out)
{
    struct suggestions *suggestions = parity_calloc(1, sizeof *suggestions);

    if (!suggestions)
        return NULL;
    suggestions->out = out;
    suggestions->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    return &suggestions->reporter;
}
