/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/suggestion_text.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "runner/condition.h"
#include "runner/definition_copy.h"

enum {
    PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *),
    CASES = sizeof((struct parity_condition *)0)->variants / sizeof(const char *)
};

/* --- needs -------------------------------------------------------------------------------------
 */

void parity_need_clear(struct parity_need *need)
{
    json_decref(need->paths);
    json_decref(need->reason);
    memset(need, 0, sizeof *need);
}

bool parity_need_is_same(const struct parity_need *a, const struct parity_need *b)
{
    if (!a->paths || !b->paths)
        return !a->paths && !b->paths && json_equal(a->reason, b->reason);
    return json_equal(a->paths, b->paths);
}

json_t *parity_need_reason(const char *message)
{
    enum { LONGEST = 120 };
    char text[LONGEST + 1];
    size_t length = 0;

    for (size_t i = 0; i < LONGEST && message[i] && message[i] != '\n'; i++)
        if (message[i] >= ' ' && message[i] <= '~')
            text[length++] = message[i];
    return json_stringn_nocheck(text, length);
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

/* --- into a suite ------------------------------------------------------------------------------
 */

/* The cases that need the same as the first of `count`; none of a test that has only one. New. */
static json_t *list_cases(const struct parity_need *needs, size_t count)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < count; i++)
        if (needs[i].test->variant && parity_need_is_same(needs, &needs[i]))
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

static void add_reason(struct parity_buffer *out, const struct parity_need *need)
{
    parity_buffer_add_text(out, ".reason = ");
    add_quoted(out, json_string_value(need->reason));
}

/* The entries of one need of these cases. `column` is where they stand. */
static void add_entries(struct parity_buffer *out, const char *emulator,
                        const struct parity_need *need, const json_t *cases, int column)
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
                add_reason(out, need);
            add_condition(out, emulator, indent, cases, first);
            parity_buffer_add_text(out, " }");
        }
}

static bool is_first_of_its_kind(const struct parity_need *needs, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (parity_need_is_same(&needs[i], &needs[at]))
            return false;
    return true;
}

/* Whether the test has such annotations already, which new ones must not replace. */
static bool has_some(const struct parity_need *need)
{
    const struct parity_test_definition *definition = need->test->definition;
    const struct parity_skip_verify *skip = definition->skip_verify;

    if (!need->paths)
        return PARITY_LIST_ROOM(definition, expected_failure) > 0 &&
               definition->expected_failure[0].reason != NULL;
    return PARITY_LIST_ROOM(definition, skip_verify) > 0 &&
           (skip->paths[0] || skip->reason || parity_condition_is_given(&skip->when));
}

/* For `count` cases of one test. */
static void add_in_c(struct parity_buffer *out, const char *emulator,
                     const struct parity_need *needs, size_t count)
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
        add_entries(out, emulator, &needs[i], cases, column);
        json_decref(cases);
    }
    parity_buffer_add_text(out, some ? "\n" : " }\n");
}

/* --- into a scenario ---------------------------------------------------------------------------
 */

static void add_in_json(struct parity_buffer *out, const char *emulator,
                        const struct parity_need *need)
{
    const char *member = need->paths ? "skip_verify" : "expected_failure";
    bool some = has_some(need);

    parity_buffer_printf(out, some ? "    add to its \"%s\": {" : "    \"%s\": [{", member);
    if (need->paths) {
        parity_buffer_add_text(out, "\"paths\": ");
        parity_json_write(out, need->paths, PARITY_JSON_LINE);
        parity_buffer_add_text(out, ", ");
    }
    parity_buffer_add_text(out, "\"reason\": ");
    add_quoted(out, need->paths ? "..." : json_string_value(need->reason));
    if (emulator) {
        parity_buffer_add_text(out, ", \"emulators\": [");
        parity_json_write_string(out, emulator, strlen(emulator));
        parity_buffer_add_char(out, ']');
    }
    parity_buffer_add_text(out, some ? "}\n" : "}]\n");
}

/* --- both --------------------------------------------------------------------------------------
 */

void parity_needs_write(struct parity_buffer *out, const char *emulator,
                        const struct parity_need *needs, size_t count)
{
    parity_buffer_add_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        parity_buffer_printf(out, "%s\n", needs[i].test->id);
    if (needs->test->source)
        add_in_json(out, emulator, needs);
    else
        add_in_c(out, emulator, needs, count);
}
