/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/to_c.h"

#include <string.h>

#include "scenario/c_body.h"
#include "scenario/c_text.h"

enum { INDENT = 4, LONGEST_LITERAL = 4095 /* that C11 promises to take */ };
enum {
    TRANSFORMERS = sizeof((struct parity_test_definition *)0)->transformers /
                   sizeof(struct parity_transformation),
    SKIPS =
        sizeof((struct parity_test_definition *)0)->skip_verify / sizeof(struct parity_skip_verify),
    SKIP_IFS = sizeof((struct parity_test_definition *)0)->skip_if / sizeof(struct parity_skip_if),
    FAILURES = sizeof((struct parity_test_definition *)0)->expected_failure /
               sizeof(struct parity_expected_failure),
    TAGS = sizeof((struct parity_test_definition *)0)->tags / sizeof(const char *),
    PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *),
    EMULATORS = sizeof((struct parity_condition *)0)->emulators / sizeof(const char *)
};

/* A file on its way to C. */
struct writing {
    const struct parity_scenarios *scenarios;
    struct parity_models *models;
    struct parity_buffer *out;
    json_t *names;              /* owned object: of tests that are taken */
    bool all_old;               /* every test has the old defaults */
    size_t shared_transformers; /* so many are the first ones of every test */
    bool has_long_literal;
    bool failed; /* out of memory */
};

static const json_t *transformers_of(const struct parity_scenario *scenario)
{
    return json_object_get(scenario->test, "transformers");
}

/* How many of a list's transformers can stand in a head, from `first` on. */
static size_t count_static(const json_t *list, size_t first)
{
    size_t count = 0;

    while (first + count < json_array_size(list) && count < TRANSFORMERS &&
           parity_c_transformer_is_static(json_array_get(list, first + count)))
        count++;
    return count;
}

static size_t column_of(const struct parity_buffer *out)
{
    const char *newline = out->length ? memrchr(out->data, '\n', out->length) : NULL;

    return newline ? out->length - (size_t)(newline - out->data) - 1 : out->length;
}

/* --- the head of a test ------------------------------------------------------------------------
 */

static void write_expression(struct writing *writing, json_t *expression, size_t tail)
{
    if (expression)
        parity_c_write(writing->out, expression, column_of(writing->out), tail);
    else
        writing->failed = true;
    json_decref(expression);
}

/* Items of a list below one another, in braces. */
static void write_transformers(struct writing *writing, const json_t *list, size_t first,
                               size_t count)
{
    size_t column;

    parity_buffer_add_text(writing->out, ".transformers = { ");
    column = column_of(writing->out);
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            parity_buffer_printf(writing->out, ",\n%*s", (int)column, "");
        write_expression(writing, parity_c_transformer(json_array_get(list, i)), 4);
    }
    parity_buffer_add_text(writing->out, " }");
}

static void write_texts(struct writing *writing, const char *const *texts, size_t max)
{
    size_t column = column_of(writing->out);

    for (size_t i = 0; i < max && texts[i]; i++) {
        if (i > 0)
            parity_buffer_printf(writing->out, ",\n%*s", (int)column, "");
        write_expression(writing, parity_c_literal(texts[i]), 6);
    }
}

/* ".when = …" behind what stands there. */
static void write_condition(struct writing *writing, const struct parity_condition *when,
                            size_t column)
{
    bool is_plain = !when->versions && !when->environment;
    json_t *emulators = parity_c_call(is_plain ? "on_emulator" : ""), *flat;

    for (size_t i = 0; i < EMULATORS && when->emulators[i]; i++)
        emulators = parity_c_add(emulators, parity_c_literal(when->emulators[i]));
    if (!when->emulators[0] && is_plain) {
        json_decref(emulators);
        return;
    }
    parity_buffer_printf(writing->out, ",\n%*s.when = ", (int)column, "");
    if (is_plain) {
        write_expression(writing, emulators, 6);
        return;
    }
    flat = when->emulators[0] ? parity_c_joined("", emulators) : parity_c_words("");
    if (!when->emulators[0])
        json_decref(emulators);
    parity_buffer_add_text(writing->out, "{ ");
    if (flat && when->emulators[0]) /* "(…)" */
        parity_buffer_printf(writing->out, ".emulators = { %.*s }%s",
                             (int)json_string_length(flat) - 2, json_string_value(flat) + 1,
                             when->versions || when->environment ? ", " : "");
    if (when->versions) {
        parity_buffer_add_text(writing->out, ".versions = ");
        write_expression(writing, parity_c_literal(when->versions), 10);
    }
    if (when->environment) {
        parity_buffer_printf(writing->out, "%s.environment = ", when->versions ? ", " : "");
        write_expression(writing, parity_c_literal(when->environment), 10);
    }
    parity_buffer_add_text(writing->out, " }");
    writing->failed |= flat == NULL;
    json_decref(flat);
}

static void write_skip(struct writing *writing, const struct parity_skip_verify *skip)
{
    struct parity_buffer *out = writing->out;
    size_t column;
    const char *separator = "";

    parity_buffer_add_text(out, "{ ");
    column = column_of(out);
    if (skip->paths[0]) {
        parity_buffer_add_text(out, ".paths = { ");
        write_texts(writing, skip->paths, PATHS);
        parity_buffer_add_text(out, " }");
        separator = ",";
    }
    if (skip->reason[0] || !*separator) {
        if (*separator)
            parity_buffer_printf(out, ",\n%*s", (int)column, "");
        parity_buffer_add_text(out, ".reason = ");
        write_expression(writing, parity_c_literal(skip->reason), 6);
    }
    write_condition(writing, &skip->when, column);
    parity_buffer_add_text(out, " }");
}

static void write_skips(struct writing *writing, const struct parity_test_definition *definition)
{
    size_t column;

    parity_buffer_add_text(writing->out, ".skip_verify = { ");
    column = column_of(writing->out);
    for (size_t i = 0; i < SKIPS && definition->skip_verify[i].reason; i++) {
        if (i > 0)
            parity_buffer_printf(writing->out, ",\n%*s", (int)column, "");
        write_skip(writing, &definition->skip_verify[i]);
    }
    parity_buffer_add_text(writing->out, " }");
}

/* An entry of .skip_if or .expected_failure. */
static void write_reason(struct writing *writing, const char *reason, bool may_pass,
                         const struct parity_condition *when)
{
    size_t column;

    parity_buffer_add_text(writing->out, "{ ");
    column = column_of(writing->out);
    parity_buffer_add_text(writing->out, ".reason = ");
    write_expression(writing, parity_c_literal(reason), 6);
    write_condition(writing, when, column);
    if (may_pass)
        parity_buffer_printf(writing->out, ",\n%*s.may_pass = true", (int)column, "");
    parity_buffer_add_text(writing->out, " }");
}

static void begin_list(struct writing *writing, const char *next, const char *member)
{
    parity_buffer_printf(writing->out, "%s%s = { ", next, member);
}

static void next_item(struct writing *writing, size_t column)
{
    if (column_of(writing->out) > column)
        parity_buffer_printf(writing->out, ",\n%*s", (int)column, "");
}

static void write_skip_ifs(struct writing *writing, const struct parity_test_definition *definition,
                           const char *next)
{
    size_t column;

    if (!definition->skip_if[0].reason)
        return;
    begin_list(writing, next, ".skip_if");
    column = column_of(writing->out);
    for (size_t i = 0; i < SKIP_IFS && definition->skip_if[i].reason; i++) {
        next_item(writing, column);
        write_reason(writing, definition->skip_if[i].reason, false, &definition->skip_if[i].when);
    }
    parity_buffer_add_text(writing->out, " }");
}

static void write_failures(struct writing *writing, const struct parity_test_definition *definition,
                           const char *next)
{
    size_t column;

    if (!definition->expected_failure[0].reason)
        return;
    begin_list(writing, next, ".expected_failure");
    column = column_of(writing->out);
    for (size_t i = 0; i < FAILURES && definition->expected_failure[i].reason; i++) {
        const struct parity_expected_failure *entry = &definition->expected_failure[i];

        next_item(writing, column);
        write_reason(writing, entry->reason, entry->may_pass, &entry->when);
    }
    parity_buffer_add_text(writing->out, " }");
}

/* What else a test says about itself; each member stands behind `next`. */
static void write_annotations(struct writing *writing,
                              const struct parity_test_definition *definition, const char *next)
{
    write_skip_ifs(writing, definition, next);
    write_failures(writing, definition, next);
    if (definition->tags[0]) {
        begin_list(writing, next, ".tags");
        write_texts(writing, definition->tags, TAGS);
        parity_buffer_add_text(writing->out, " }");
    }
    if (definition->serial)
        parity_buffer_printf(writing->out, "%s.serial = true", next);
    if (definition->timeout_s > 0)
        parity_buffer_printf(writing->out, "%s.timeout_s = %.15g", next, definition->timeout_s);
    if (definition->retries > 0)
        parity_buffer_printf(writing->out, "%s.retries = %d", next, definition->retries);
}

static const char *marker_name(enum parity_marker marker)
{
    static const char *const names[] = {
        [PARITY_UNMARKED] = "UNKNOWN",
        [PARITY_AWS_VALIDATED] = "AWS_VALIDATED",
        [PARITY_EMULATOR_ONLY] = "EMULATOR_ONLY",
        [PARITY_NEEDS_FIXING] = "NEEDS_FIXING",
        [PARITY_MANUAL_SETUP_REQUIRED] = "MANUAL_SETUP_REQUIRED",
        [PARITY_UNKNOWN] = "UNKNOWN",
    };

    return names[marker];
}

/* The test is called after the last part of its id. */
static const char *take_test_name(struct writing *writing, const char *id)
{
    const char *slash = strrchr(id, '/');
    struct parity_buffer wanted = {0};
    const char *name = NULL;

    parity_buffer_add_text(&wanted, slash ? slash + 1 : id);
    for (size_t i = 0; i < wanted.length && !wanted.failed; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
                    wanted.data[i]))
            wanted.data[i] = '_';
    if (!wanted.failed)
        name = parity_c_take_name(writing->names, wanted.data);
    writing->failed |= name == NULL;
    parity_buffer_clear(&wanted);
    return name ? name : "";
}

/* What a suite's test is recorded under depends on its file; a scenario's recordings stay where
 * they are, under its id. */
static void write_recorded_as(struct writing *writing,
                              const struct parity_test_definition *definition)
{
    const char *key = definition->recorded_as ? definition->recorded_as : definition->name;

    parity_buffer_add_text(writing->out, ".recorded_as = ");
    write_expression(writing, parity_c_literal(key), 1);
}

static void write_head(struct writing *writing, const struct parity_scenario *scenario)
{
    const struct parity_test_definition *definition = &scenario->definition;
    const json_t *list = transformers_of(scenario);
    size_t first = writing->shared_transformers, count = count_static(list, first);
    static const char next[] = ",\n            ";

    parity_buffer_printf(writing->out, "PARITY_TEST(%s%s.marker = %s",
                         take_test_name(writing, scenario->id), next,
                         marker_name(definition->marker));
    parity_buffer_add_text(writing->out, next);
    write_recorded_as(writing, definition);
    if (definition->defaults == PARITY_DEFAULTS_OLD && !writing->all_old)
        parity_buffer_printf(writing->out, "%s.defaults = DEFAULTS_OLD", next);
    if (count > 0) {
        parity_buffer_add_text(writing->out, next);
        write_transformers(writing, list, first, count);
    }
    if (definition->skip_verify[0].reason) {
        parity_buffer_add_text(writing->out, next);
        write_skips(writing, definition);
    }
    write_annotations(writing, definition, next);
    parity_buffer_add_text(writing->out, ")\n");
}

/* --- the body of a test ------------------------------------------------------------------------
 */

static const char *text_of(const json_t *item, const char *name)
{
    return json_string_value(json_object_get(item, name));
}

static void write_declaration(struct writing *writing, const json_t *item)
{
    const char *type = text_of(item, "type");
    bool is_array = strncmp(type, "static", 6) == 0;
    struct parity_buffer left = {0};

    parity_buffer_printf(&left, "%s%s%s%s", type, is_array ? " " : "", text_of(item, "name"),
                         is_array ? "[]" : "");
    if (!left.failed)
        parity_c_write_statement(writing->out, INDENT, left.data,
                                 json_object_get(item, "expression"));
    writing->failed |= left.failed;
    parity_buffer_clear(&left);
}

static void write_statement(struct writing *writing, const json_t *item)
{
    const json_t *expression = json_object_get(item, "expression");
    const char *condition = text_of(item, "condition");

    if (condition)
        parity_buffer_printf(writing->out, "%*sif (%s)\n", INDENT, "", condition);
    parity_c_write_statement(writing->out, condition ? 2 * INDENT : INDENT, text_of(item, "name"),
                             expression);
}

/* Variables of one type that get their value later. */
static void write_names(struct writing *writing, const json_t *items, size_t first,
                        const char *type)
{
    const json_t *item;
    size_t column = 0;

    for (size_t i = first; i < json_array_size(items); i++) {
        item = json_array_get(items, i);
        if (!text_of(item, "type") || strcmp(text_of(item, "type"), type) != 0)
            continue;
        if (column && column + strlen(text_of(item, "name")) + 4 > PARITY_C_COLUMNS) {
            parity_buffer_add_text(writing->out, ";\n");
            column = 0;
        }
        if (column == 0)
            parity_buffer_printf(writing->out, "%*s%s%s", INDENT, "", type, text_of(item, "name"));
        else
            parity_buffer_printf(writing->out, ", *%s", text_of(item, "name"));
        column = column_of(writing->out);
    }
    if (column)
        parity_buffer_add_text(writing->out, ";\n");
}

/* What can be declared with its value is, as in other suites; the rest gets its value where the
 * test comes to it. */
static void write_body(struct writing *writing, const struct parity_c_body *body)
{
    static const char *const types[] = {"const struct parity_test_options *", "json_t *",
                                        "const char *"};
    size_t count = json_array_size(body->items), first = 0, before, statics;
    const json_t *item;

    parity_buffer_add_text(writing->out, "{\n");
    before = writing->out->length;
    json_array_foreach(body->statics, statics, item)
        write_declaration(writing, item);
    while (first < count && text_of(json_array_get(body->items, first), "type"))
        write_declaration(writing, json_array_get(body->items, first++));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        write_names(writing, body->items, first, types[i]);
    if (writing->out->length > before && first < count)
        parity_buffer_add_char(writing->out, '\n');
    for (; first < count; first++)
        write_statement(writing, json_array_get(body->items, first));
    parity_buffer_add_text(writing->out, "}\n");
}

static bool has_long_literal(const json_t *items)
{
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item)
        if (parity_c_longest_literal(json_object_get(item, "expression")) > LONGEST_LITERAL)
            return true;
    return false;
}

static void write_test(struct writing *writing, const struct parity_scenario *scenario)
{
    struct parity_scenario_report nobody = {0};
    struct parity_c_body body = {
        .checking = {.scenario = scenario, .models = writing->models, .report = &nobody},
        .names = json_object(),
        .uses = json_object(),
        .variables = json_object(),
        .statics = json_array(),
        .items = json_array(),
        .pending = json_array()};

    body.static_transformers =
        writing->shared_transformers +
        count_static(transformers_of(scenario), writing->shared_transformers);
    if (body.names && body.uses && body.variables && body.statics && body.items && body.pending)
        parity_c_fill_body(&body);
    else
        body.failed = true;
    parity_buffer_add_char(writing->out, '\n');
    write_head(writing, scenario);
    if (!body.failed)
        write_body(writing, &body);
    writing->has_long_literal |= has_long_literal(body.statics) || has_long_literal(body.items);
    writing->failed |= body.failed;
    json_decref(body.names);
    json_decref(body.uses);
    json_decref(body.variables);
    json_decref(body.statics);
    json_decref(body.items);
    json_decref(body.pending);
}

/* --- the file ----------------------------------------------------------------------------------
 */

/* How many transformers are the first ones of every test. */
static size_t count_shared(const struct parity_scenarios *scenarios)
{
    const json_t *first = transformers_of(scenarios->items[0]);
    size_t count = scenarios->count > 1 ? count_static(first, 0) : 0;

    for (size_t i = 1; i < scenarios->count; i++) {
        const json_t *list = transformers_of(scenarios->items[i]);
        size_t same = 0;

        while (same < count && json_equal(json_array_get(first, same), json_array_get(list, same)))
            same++;
        count = same;
    }
    return count;
}

static bool are_all_old(const struct parity_scenarios *scenarios)
{
    for (size_t i = 0; i < scenarios->count; i++)
        if (scenarios->items[i]->definition.defaults != PARITY_DEFAULTS_OLD)
            return false;
    return true;
}

static void write_suite(struct writing *writing)
{
    const char *separator = writing->all_old ? ",\n             " : "";

    if (!writing->all_old && writing->shared_transformers == 0)
        return;
    parity_buffer_printf(writing->out, "\nPARITY_SUITE(%s",
                         writing->all_old ? ".defaults = DEFAULTS_OLD" : "");
    if (writing->shared_transformers > 0) {
        parity_buffer_add_text(writing->out, separator);
        write_transformers(writing, transformers_of(writing->scenarios->items[0]), 0,
                           writing->shared_transformers);
    }
    parity_buffer_add_text(writing->out, ");\n");
}

int parity_scenarios_to_c(const struct parity_scenarios *scenarios, struct parity_models *models,
                          struct parity_buffer *out, struct parity_error *err)
{
    struct parity_buffer tests = {0};
    struct writing writing = {.scenarios = scenarios,
                              .models = models,
                              .out = &tests,
                              .names = json_object(),
                              .all_old = are_all_old(scenarios),
                              .shared_transformers = count_shared(scenarios)};

    write_suite(&writing);
    for (size_t i = 0; i < scenarios->count; i++)
        write_test(&writing, scenarios->items[i]);
    parity_buffer_add_text(out, "#include <parity/suite.h>\n");
    if (writing.has_long_literal)
        parity_buffer_add_text(out, "\n/* Some texts are longer than what C promises to take. */\n"
                                    "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n");
    parity_buffer_add(out, tests.data, tests.length);
    writing.failed |= tests.failed || out->failed || !writing.names;
    json_decref(writing.names);
    parity_buffer_clear(&tests);
    if (writing.failed)
        parity_fail_nomem(err);
    return writing.failed ? -1 : 0;
}
