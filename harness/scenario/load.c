/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/scenario.h"

void parity_scenarios_clear(struct parity_scenarios *scenarios)
{
    parity_free(scenarios->items);
    for (size_t i = 0; i < scenarios->source_count; i++) {
        parity_scenario_source_clear(scenarios->sources[i]);
        parity_free(scenarios->sources[i]);
    }
    parity_free(scenarios->sources);
    json_decref(scenarios->ids);
    memset(scenarios, 0, sizeof *scenarios);
}

bool parity_scenarios_have(const struct parity_scenarios *scenarios, const char *path)
{
    for (size_t i = 0; i < scenarios->source_count; i++)
        if (strcmp(scenarios->sources[i]->path, path) == 0)
            return true;
    return false;
}

bool parity_scenarios_have_file(const struct parity_scenarios *scenarios, const struct stat *status)
{
    for (size_t i = 0; i < scenarios->source_count; i++)
        if (scenarios->sources[i]->device == status->st_dev &&
            scenarios->sources[i]->inode == status->st_ino)
            return true;
    return false;
}

/* --- definition --------------------------------------------------------------------------------
 */

static enum parity_marker marker_of(const char *name)
{
    static const struct {
        const char *name;
        enum parity_marker marker;
    } markers[] = {
        {"aws_validated", PARITY_AWS_VALIDATED},
        {"emulator_only", PARITY_EMULATOR_ONLY},
        {"needs_fixing", PARITY_NEEDS_FIXING},
        {"manual_setup_required", PARITY_MANUAL_SETUP_REQUIRED},
        {"unknown", PARITY_UNKNOWN},
    };
    static const char prefix[] = "aws_";

    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (strcmp(name, markers[i].name) == 0 ||
            (strncmp(name, prefix, sizeof prefix - 1) == 0 &&
             strcmp(name + sizeof prefix - 1, markers[i].name) == 0))
            return markers[i].marker;
    return PARITY_UNMARKED;
}

static const char *text_member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void define(struct parity_scenario *scenario, int line)
{
    const char *defaults = text_member(scenario->test, "defaults");
    struct parity_test_definition *definition = &scenario->definition;

    definition->abi = PARITY_ABI;
    definition->size = sizeof *definition;
    definition->name = scenario->id;
    definition->run = parity_scenario_run;
    definition->data = scenario;
    definition->file = scenario->source->name;
    definition->line = line;
    definition->marker = marker_of(text_member(scenario->test, "marker"));
    definition->recorded_as = text_member(scenario->test, "recorded_as");
    definition->defaults =
        defaults && strcmp(defaults, "old") == 0 ? PARITY_DEFAULTS_OLD : PARITY_DEFAULTS_NEW;
}

/* --- loading -----------------------------------------------------------------------------------
 */

struct loading {
    struct parity_scenarios *scenarios;
    const struct parity_scenario_source *source;
    struct parity_arena *memory; /* the source's */
    struct parity_scenario_report *report;
    struct parity_error *err;
};

static int fail_memory(const struct loading *loading)
{
    parity_fail_nomem(loading->err);
    return -1;
}

static int line_at(const struct parity_scenario_source *source, size_t position)
{
    return position < source->lines.count ? source->lines.items[position] : 0;
}

/* With the lines of the steps of a test that begins at `position`, in one go through its members.
 */
static int read_steps(const struct loading *loading, struct parity_scenario *scenario,
                      size_t position)
{
    json_t *mutable = (json_t *)(uintptr_t)scenario->test; /* iterators take no const */
    const json_t *steps = json_object_get(mutable, "steps");

    if (parity_scenario_steps_read(steps, loading->memory, &scenario->steps) < 0 ||
        parity_scenario_steps_read(json_object_get(mutable, "cleanup"), loading->memory,
                                   &scenario->cleanup) < 0)
        return -1;
    position++;
    for (void *m = json_object_iter(mutable); m && json_object_iter_value(m) != steps;
         m = json_object_iter_next(mutable, m))
        position += parity_place_count(json_object_iter_value(m));
    position++;
    for (size_t i = 0; i < scenario->steps.count; i++) {
        scenario->steps.items[i].line = line_at(scenario->source, position);
        position += parity_place_count(scenario->steps.items[i].json);
    }
    return 0;
}

/* Returns 1 when the id is new, 0 when it is not, -1 without memory. */
static int take_id(const struct loading *loading, const struct parity_place *place, const char *id,
                   int line)
{
    json_t *ids = loading->scenarios->ids;
    const char *first = json_string_value(json_object_get(ids, id));
    struct parity_place member = parity_place_member(place, "id");

    if (first) {
        parity_scenario_complain(loading->report, loading->source, &member,
                                 "this id is taken, by %s", first);
        return 0;
    }
    return json_object_set_new(ids, id, json_sprintf("%s:%d", loading->source->name, line)) < 0 ? -1
                                                                                                : 1;
}

static int add_test(const struct loading *loading, const struct parity_place *place,
                    size_t position)
{
    struct parity_scenarios *scenarios = loading->scenarios;
    struct parity_scenario *scenario =
        parity_arena_get_zeroed(loading->memory, 1, sizeof *scenario);
    int line = line_at(loading->source, position), is_new;

    if (!scenario || parity_grow(&scenarios->items, &scenarios->capacity, scenarios->count + 1,
                                 sizeof *scenarios->items) < 0)
        return fail_memory(loading);
    scenarios->items[scenarios->count++] = scenario;
    scenario->source = loading->source;
    scenario->test = place->value;
    scenario->index = place->index;
    scenario->id = text_member(place->value, "id");
    is_new = take_id(loading, place, scenario->id, line);
    if (is_new < 0 || read_steps(loading, scenario, position) < 0)
        return fail_memory(loading);
    define(scenario, line);
    parity_scenario_fill_annotations(loading->source, place, &scenario->definition,
                                     loading->report);
    return 0;
}

static int add_tests(const struct loading *loading, const struct parity_place *tests)
{
    /* The document is the first value; the tests come behind what stands before their list. */
    size_t position = 1;
    json_t *document = loading->source->document;

    for (void *m = json_object_iter(document); m && json_object_iter_value(m) != tests->value;
         m = json_object_iter_next(document, m))
        position += parity_place_count(json_object_iter_value(m));
    position++;
    for (size_t i = 0; i < json_array_size(tests->value); i++) {
        struct parity_place test = parity_place_item(tests, i);
        size_t before = loading->report->problems;

        parity_scenario_check_structure(loading->source, &test, loading->report);
        if (loading->report->problems == before && add_test(loading, &test, position) < 0)
            return -1;
        position += parity_place_count(test.value);
    }
    return 0;
}

const struct parity_scenario_field parity_scenario_file_fields[] = {
    {"tests", "a list", true}, {"$schema", "a text", false}, {NULL, NULL, false}};

/* Of a file that nobody named. The results of a run have a list of tests, too, and their summary.
 */
static bool is_of_scenarios(const json_t *document)
{
    return json_is_array(json_object_get(document, "tests")) &&
           !json_object_get(document, "summary");
}

static int add_source(const struct loading *loading, bool optional)
{
    struct parity_place document = {.value = loading->source->document}, tests;

    if (optional && !is_of_scenarios(document.value))
        return 0;
    if (!parity_scenario_check_fields(loading->source, &document, parity_scenario_file_fields,
                                      "a file of scenarios", loading->report))
        return 0;
    tests = parity_place_member(&document, "tests");
    return add_tests(loading, &tests);
}

/* Room for one more source, which the scenarios own from then on. */
static struct parity_scenario_source *new_source(struct parity_scenarios *scenarios)
{
    struct parity_scenario_source *source = parity_calloc(1, sizeof *source);

    if (!scenarios->ids)
        scenarios->ids = json_object();
    if (!source || !scenarios->ids ||
        parity_grow(&scenarios->sources, &scenarios->source_capacity, scenarios->source_count + 1,
                    sizeof *scenarios->sources) < 0) {
        parity_free(source);
        return NULL;
    }
    scenarios->sources[scenarios->source_count++] = source;
    return source;
}

int parity_scenarios_load(struct parity_scenarios *scenarios, const char *path, const char *name,
                          bool optional, struct parity_scenario_report *report,
                          struct parity_error *err)
{
    struct parity_scenario_source *source = new_source(scenarios);
    const struct loading loading = {scenarios, source, source ? &source->memory : NULL, report,
                                    err};
    struct parity_error problem = {0};

    if (!source)
        return fail_memory(&loading);
    if (parity_scenario_source_read(path, name, optional, source, &problem) < 0) {
        if (problem.code == PARITY_E_NOMEM)
            return fail_memory(&loading);
        report->problems++;
        if (report->tell)
            report->tell(report->data, &problem);
        return 0;
    }
    return source->document ? add_source(&loading, optional) : 0;
}
