/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/condition.h"
#include "runner/reporters/reporter.h"

/*
 * What would have to be written into suites for a run to pass (`--suggest-skips`). The paths come
 * from the comparison, which has tried them; here they are only written down.
 */

enum {
    PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *),
    CASES = sizeof((struct parity_condition *)0)->variants / sizeof(const char *)
};

/* One case of a test and what it would need. */
struct need {
    const struct parity_case *test; /* borrowed from the run's tests */
    json_t *paths;                  /* of its skip_verify; NULL: it has to be expected to fail */
    char *reason;                   /* owned: what was said about it, quoted */
};

static void clear_need(struct need *need)
{
    json_decref(need->paths);
    parity_free(need->reason);
}

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

/* What can stand between quotes in C; all but control characters, which no path has, is itself. */
static void add_quoted(struct parity_buffer *out, const char *text)
{
    parity_buffer_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, *text);
    }
    parity_buffer_add_char(out, '"');
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

static bool is_same_need(const struct need *a, const struct need *b)
{
    return a->paths ? json_equal(a->paths, b->paths) : strcmp(a->reason, b->reason) == 0;
}

/* The cases that need the same as the first of `count`; none of a test that has only one. New. */
static json_t *list_cases(const struct need *needs, size_t count)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < count; i++)
        if (needs[i].test->variant && is_same_need(needs, &needs[i]))
            json_array_append_new(cases, json_string_nocheck(needs[i].test->variant));
    return cases;
}

/* One condition has room for so many cases. */
static void add_cases(struct parity_buffer *out, const json_t *cases, size_t from)
{
    parity_buffer_add_text(out, ".variants = { ");
    for (size_t i = from; i < json_array_size(cases) && i < from + CASES; i++) {
        parity_buffer_add_text(out, i > from ? ", " : "");
        add_quoted(out, json_string_value(json_array_get(cases, i)));
    }
    parity_buffer_add_text(out, " }");
}

/* Where an entry holds: on this emulator, for these cases of the test. */
static void add_condition(struct parity_buffer *out, const char *emulator, const char *indent,
                          const json_t *cases, size_t from)
{
    bool of_cases = json_array_size(cases) > 0;

    if (!emulator && !of_cases)
        return;
    parity_buffer_printf(out, ",\n%s.when = %s", indent, of_cases ? "{ " : "on_emulator(");
    if (emulator) {
        parity_buffer_add_text(out, of_cases ? ".emulators = { " : "");
        add_quoted(out, emulator);
        parity_buffer_add_text(out, of_cases ? " }, " : "");
    }
    if (of_cases)
        add_cases(out, cases, from);
    parity_buffer_add_text(out, of_cases ? " }" : ")");
}

/* One entry has room for so many paths. */
static void add_paths(struct parity_buffer *out, const json_t *paths, size_t from,
                      const char *indent)
{
    parity_buffer_add_text(out, ".paths = { ");
    for (size_t i = from; i < json_array_size(paths) && i < from + PATHS; i++) {
        if (i > from)
            parity_buffer_printf(out, ",\n%s           ", indent);
        add_quoted(out, json_string_value(json_array_get(paths, i)));
    }
    parity_buffer_printf(out, " },\n%s.reason = \"...\"", indent);
}

/* The entries of one need of these cases. `column` is where they stand. */
static void add_entries(struct parity_buffer *out, const struct suggestions *suggestions,
                        const struct need *need, const json_t *cases, int column)
{
    size_t paths = json_array_size(need->paths), case_count = json_array_size(cases);
    char indent[40];

    snprintf(indent, sizeof indent, "%*s", column + 2, "");
    for (size_t first = 0; first == 0 || first < case_count; first += CASES)
        for (size_t from = 0; from == 0 || from < paths; from += PATHS) {
            if (first + from > 0)
                parity_buffer_printf(out, ",\n%*s", column, "");
            parity_buffer_add_text(out, "{ ");
            if (need->paths)
                add_paths(out, need->paths, from, indent);
            else
                parity_buffer_printf(out, ".reason = %s", need->reason);
            add_condition(out, suggestions->emulator, indent, cases, first);
            parity_buffer_add_text(out, " }");
        }
}

static bool is_first_of_its_kind(const struct need *needs, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (is_same_need(&needs[i], &needs[at]))
            return false;
    return true;
}

/* Whether the test has such annotations already, which new ones must not replace. */
static bool has_some(const struct need *need)
{
    const struct parity_test_definition *definition = need->test->definition;
    const struct parity_skip_verify *skip = &definition->skip_verify[0];

    if (!need->paths)
        return definition->expected_failure[0].reason != NULL;
    return skip->paths[0] || skip->reason || parity_condition_is_given(&skip->when);
}

/* For `count` cases of one test. */
static void add_in_c(struct parity_buffer *out, const struct suggestions *suggestions,
                     const struct need *needs, size_t count)
{
    const char *member = needs->paths ? ".skip_verify" : ".expected_failure";
    int column = (int)strlen(member) + 9;
    bool some = has_some(needs);

    if (some)
        parity_buffer_printf(out, "    add to its %s:\n%*s", member, column, "");
    else
        parity_buffer_printf(out, "    %s = { ", member);
    for (size_t i = 0; i < count; i++) {
        json_t *cases;

        if (!is_first_of_its_kind(needs, i))
            continue;
        if (i > 0)
            parity_buffer_printf(out, ",\n%*s", column, "");
        cases = list_cases(&needs[i], count - i);
        add_entries(out, suggestions, &needs[i], cases, column);
        json_decref(cases);
    }
    parity_buffer_add_text(out, some ? "\n" : " }\n");
}

/* --- into a scenario ---------------------------------------------------------------------------
 */

static void add_in_json(struct parity_buffer *out, const struct suggestions *suggestions,
                        const struct need *need)
{
    const char *member = need->paths ? "skip_verify" : "expected_failure";
    bool some = has_some(need);

    parity_buffer_printf(out, some ? "    add to its \"%s\": {" : "    \"%s\": [{", member);
    if (need->paths) {
        parity_buffer_add_text(out, "\"paths\": ");
        parity_json_write(out, need->paths, PARITY_JSON_LINE);
        parity_buffer_add_text(out, ", ");
    }
    parity_buffer_printf(out, "\"reason\": %s", need->paths ? "\"...\"" : need->reason);
    if (suggestions->emulator) {
        parity_buffer_add_text(out, ", \"emulators\": [");
        parity_json_write_string(out, suggestions->emulator, strlen(suggestions->emulator));
        parity_buffer_add_char(out, ']');
    }
    parity_buffer_add_text(out, some ? "}\n" : "}]\n");
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

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;
    json_t *paths = json_object_get(result->suggested_skips, "paths");
    bool skips = json_array_size(paths) > 0 &&
                 json_integer_value(json_object_get(result->suggested_skips, "left")) == 0;
    struct parity_buffer reason = {0};
    struct need need = {.test = result->test_case};

    if (!is_suggestible(result))
        return;
    add_reason(&reason, result);
    need.reason = parity_buffer_take(&reason);
    if (!need.reason || parity_grow(&suggestions->needs, &suggestions->capacity,
                                    suggestions->count + 1, sizeof *suggestions->needs) < 0) {
        parity_free(need.reason);
        suggestions->failed = true;
        return;
    }
    need.paths = skips ? json_incref(paths) : NULL;
    suggestions->needs[suggestions->count++] = need;
}

/* Workers end in any order. Cases of one test that need the same kind of annotation come together.
 */
static int by_test(const void *first, const void *second)
{
    const struct need *a = first, *b = second;
    bool is_one_test = a->test->definition == b->test->definition;

    if (is_one_test && !a->paths != !b->paths)
        return a->paths ? -1 : 1;
    return strcmp(a->test->id, b->test->id);
}

/* How many needs from the first one on go into one annotation. */
static size_t count_together(const struct need *needs, size_t count)
{
    size_t together = 1;

    while (together < count && needs[together].test->definition == needs->test->definition &&
           !needs[together].paths == !needs->paths)
        together++;
    return together;
}

/* With --repeat a test may have said the same several times. */
static void drop_repetitions(struct suggestions *suggestions)
{
    size_t kept = 0;

    for (size_t i = 0; i < suggestions->count; i++) {
        struct need *need = &suggestions->needs[i];
        const struct need *last = kept > 0 ? &suggestions->needs[kept - 1] : NULL;

        if (last && last->test == need->test && !last->paths == !need->paths &&
            is_same_need(last, need))
            clear_need(need);
        else
            suggestions->needs[kept++] = *need;
    }
    suggestions->count = kept;
}

static void write_all(struct parity_buffer *out, const struct suggestions *suggestions)
{
    size_t together;

    parity_buffer_printf(out,
                         "\nwith these annotations %zu test%s would not fail; say why in each "
                         "reason:\n",
                         suggestions->count, suggestions->count == 1 ? "" : "s");
    for (size_t i = 0; i < suggestions->count; i += together) {
        const struct need *needs = &suggestions->needs[i];

        together = count_together(needs, suggestions->count - i);
        parity_buffer_add_char(out, '\n');
        for (size_t n = 0; n < together; n++)
            parity_buffer_printf(out, "%s\n", needs[n].test->id);
        if (needs->test->source)
            add_in_json(out, suggestions, needs);
        else
            add_in_c(out, suggestions, needs, together);
    }
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;
    struct parity_buffer text = {0};

    (void)summary;
    if (suggestions->count > 1)
        qsort(suggestions->needs, suggestions->count, sizeof *suggestions->needs, by_test);
    drop_repetitions(suggestions);
    if (suggestions->count > 0)
        write_all(&text, suggestions);
    if (suggestions->failed || text.failed)
        parity_fail_nomem(err);
    else if ((text.length > 0 && fputs(text.data, suggestions->out) < 0) ||
             fflush(suggestions->out) != 0 || ferror(suggestions->out))
        parity_fail(err, PARITY_E_IO, "standard output", "cannot write the suggestions");
    parity_buffer_clear(&text);
    return err->code == PARITY_OK ? 0 : -1;
}

static void on_free(struct parity_reporter *reporter)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    for (size_t i = 0; i < suggestions->count; i++)
        clear_need(&suggestions->needs[i]);
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
