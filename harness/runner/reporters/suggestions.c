/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/parts.h"
#include "runner/reporters/reporter.h"

/*
 * What would have to be written into suites for a run to pass (`--suggest-skips`). The paths come
 * from the comparison, which has tried them; here they are only written down.
 */

enum { PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *) };

struct suggestions {
    struct parity_reporter reporter;
    FILE *out;
    char *emulator;              /* owned; NULL: it has no name */
    struct parity_parts needs;   /* what each test would need */
    struct parity_error failure; /* the first: something is missing */
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

    if (!is_suggestible(result))
        return;
    parity_buffer_printf(&text, "\n%s\n", result->test_case->id);
    write_need(&text, suggestions, result);
    parity_parts_add(&suggestions->needs, result, &text, &suggestions->failure);
    parity_buffer_clear(&text);
}

static void print_needs(struct suggestions *suggestions, struct parity_error *err)
{
    struct parity_parts *needs = &suggestions->needs;
    struct parity_part part = {0};

    if (needs->count > 0)
        fprintf(suggestions->out,
                "\nwith these annotations %zu test%s would not fail; say why in each reason:\n",
                needs->count, needs->count == 1 ? "" : "s");
    parity_parts_sort(needs, NULL);
    while (parity_parts_next(needs, &part, err))
        if (parity_spool_print(&needs->spool, part.text, part.head.length, suggestions->out, err) <
            0)
            return;
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    (void)summary;
    if (suggestions->failure.code == PARITY_OK)
        print_needs(suggestions, &suggestions->failure);
    if (fflush(suggestions->out) != 0 || ferror(suggestions->out))
        parity_fail(&suggestions->failure, PARITY_E_IO, "standard output",
                    "cannot write the suggestions");
    if (suggestions->failure.code == PARITY_OK)
        return 0;
    if (err && err->code == PARITY_OK)
        *err = suggestions->failure;
    return -1;
}

static void on_free(struct parity_reporter *reporter)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    parity_parts_clear(&suggestions->needs);
    parity_free(suggestions->emulator);
    parity_free(suggestions);
}

struct parity_reporter *parity_suggestions_reporter_new(FILE *out, struct parity_error *err)
{
    struct suggestions *suggestions = parity_calloc(1, sizeof *suggestions);

    if (!suggestions) {
        parity_fail_nomem(err);
        return NULL;
    }
    suggestions->out = out;
    suggestions->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    if (parity_parts_open(&suggestions->needs, err) == 0)
        return &suggestions->reporter;
    on_free(&suggestions->reporter);
    return NULL;
}
