/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file of scenarios must look like, as far as the file alone tells: fields, types, names and
 * what references name.
 */
#include <stdint.h>
#include <string.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "scenario/reference.h"
#include "scenario/scenario.h"

/* --- fields ------------------------------------------------------------------------------------
 */

const struct parity_scenario_field parity_scenario_test_fields[] = {
    {"id", "a text", true},
    {"recorded_as", "a text", false},
    {"marker", "a text", true},
    {"defaults", "a text", false},
    {"fixed_times", "true or false", false},
    {"transformers", "a list", false},
    {"skip_verify", "a list", false},
    {"skip_if", "a list", false},
    {"expected_failure", "a list", false},
    {"tags", "a list", false},
    {"serial", "true or false", false},
    {"timeout", "a number", false},
    {"retries", "a number", false},
    {"let", "an object", false},
    {"steps", "a list", true},
    {"cleanup", "a list", false},
    {"reference", NULL, false},
    {NULL, NULL, false},
};

static bool has_type(const json_t *value, const char *type)
{
    if (!type)
        return true;
    if (strcmp(type, "a text") == 0)
        return json_is_string(value);
    if (strcmp(type, "true or false") == 0)
        return json_is_boolean(value);
    if (strcmp(type, "a number") == 0)
        return json_is_number(value);
    if (strcmp(type, "a list") == 0)
        return json_is_array(value);
    return json_is_object(value);
}

static void complain_unknown(const struct parity_scenario_source *source,
                             const struct parity_place *place,
                             const struct parity_scenario_field *fields, const char *what,
                             struct parity_scenario_report *report)
{
    const char *nearest = NULL;

    for (const struct parity_scenario_field *field = fields; field->name; field++)
        nearest = parity_suggest(place->name, nearest, field->name);
    parity_scenario_complain(report, source, place, "%s has no field '%.60s'%s%s%s", what,
                             place->name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                             nearest ? "'?" : "");
}

/* Names may hold a NUL, which the names of fields do not. */
static bool is_called(void *member, const char *name)
{
    return json_object_iter_key_len(member) == strlen(name) &&
           strcmp(json_object_iter_key(member), name) == 0;
}

void parity_scenario_check_characters(const struct parity_scenario_source *source,
                                      const struct parity_place *place,
                                      struct parity_scenario_report *report)
{
    const char *text = json_string_value(place->value);
    size_t length = json_string_length(place->value);

    if (strlen(text) != length)
        parity_scenario_complain(report, source, place, "must not hold the character 0");
    else if (!parity_utf8_is_valid(text, length))
        parity_scenario_complain(report, source, place,
                                 "must not hold half of a pair of surrogates (\\ud800 to \\udfff)");
}

bool parity_scenario_check_fields(const struct parity_scenario_source *source,
                                  const struct parity_place *place,
                                  const struct parity_scenario_field *fields, const char *what,
                                  struct parity_scenario_report *report)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    size_t before = report->problems;

    if (!json_is_object(place->value)) {
        parity_scenario_complain(report, source, place, "%s must be an object", what);
        return false;
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);
        const struct parity_scenario_field *field = fields;

        while (field->name && !is_called(m, field->name))
            field++;
        if (!field->name)
            complain_unknown(source, &member, fields, what, report);
        else if (!has_type(member.value, field->type))
            parity_scenario_complain(report, source, &member, "must be %s", field->type);
        else if (field->type && json_is_string(member.value))
            parity_scenario_check_characters(source, &member, report);
    }
    for (const struct parity_scenario_field *field = fields; field->name; field++)
        if (field->required && !json_object_get(place->value, field->name))
            parity_scenario_complain(report, source, place, "%s needs '%s'", what, field->name);
    return report->problems == before;
}

/* --- references --------------------------------------------------------------------------------
 */

/* Who may be named where. */
struct names {
    const json_t *let, *steps;
    size_t reached; /* steps before this one have been made */
};

struct checking {
    const struct parity_scenario_source *source;
    struct parity_scenario_report *report;
    struct names names;
};

/* The first step whose `field` is this text; the number of steps if there is none. */
static size_t step_with(const json_t *steps, const char *field, const char *text)
{
    const json_t *step;
    size_t i;

    json_array_foreach(steps, i, step) {
        const char *value = json_string_value(json_object_get(step, field));

        if (value && strcmp(value, text) == 0)
            return i;
    }
    return json_array_size(steps);
}

static const char *nearest_name(const struct names *names, const char *name)
{
    static const char *const reserved[] = {"account", "region", "partition"};
    json_t *let = (json_t *)(uintptr_t)names->let;
    const json_t *step;
    const char *nearest = NULL;
    size_t i;

    for (i = 0; i < sizeof reserved / sizeof *reserved; i++)
        nearest = parity_suggest(name, nearest, reserved[i]);
    for (void *m = json_object_iter(let); m; m = json_object_iter_next(let, m))
        nearest = parity_suggest(name, nearest, json_object_iter_key(m));
    json_array_foreach(names->steps, i, step) {
        const char *as = json_string_value(json_object_get(step, "as"));

        if (as)
            nearest = parity_suggest(name, nearest, as);
    }
    return nearest;
}

static void check_name(const struct checking *checking, const struct parity_place *place,
                       const struct parity_reference *reference)
{
    const struct names *names = &checking->names;
    size_t step = step_with(names->steps, "as", reference->head);
    const char *nearest;

    if (json_object_get(names->let, reference->head) || step < names->reached)
        return;
    if (step < json_array_size(names->steps)) {
        parity_scenario_complain(checking->report, checking->source, place,
                                 "${%.*s} stands for what steps[%zu] answers, which is not made "
                                 "before this",
                                 (int)reference->length, reference->text, step);
        return;
    }
    nearest = nearest_name(names, reference->head);
    parity_scenario_complain(checking->report, checking->source, place,
                             "${%.*s}: nothing is called '%s'%s%s%s", (int)reference->length,
                             reference->text, reference->head, nearest ? "; did you mean '" : "",
                             nearest ? nearest : "", nearest ? "'?" : "");
}

static void check_text(const struct checking *checking, const struct parity_place *place,
                       const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;

    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END) {
        struct parity_reference reference;

        if (piece == PARITY_PIECE_TEXT)
            continue;
        if (piece == PARITY_PIECE_OPEN) {
            parity_scenario_complain(checking->report, checking->source, place,
                                     "'${' without '}'; a plain ${ is written $${");
            continue;
        }
        parity_reference_read(text, length, &reference);
        if (reference.kind == PARITY_REFERENCE_BROKEN)
            parity_scenario_complain(checking->report, checking->source, place,
                                     "${%.*s} is no reference: expected ${name.member.0}, "
                                     "${unique:name}, ${account}, ${region} or ${partition}; a "
                                     "plain ${ is written $${",
                                     (int)length, text);
        else if (reference.kind == PARITY_REFERENCE_NAME)
            check_name(checking, place, &reference);
    }
}

static void check_references(const struct checking *checking, const struct parity_place *place)
{
    const json_t *value = place->value;

    if (json_is_string(value)) {
        check_text(checking, place, json_string_value(value), json_string_length(value));
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            struct parity_place item = parity_place_item(place, i);

            check_references(checking, &item);
        }
    } else {
        json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */

        for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
            struct parity_place member = parity_place_at(place, m);

            check_text(checking, &member, member.name, strlen(member.name));
            check_references(checking, &member);
        }
    }
}

/* --- let ---------------------------------------------------------------------------------------
 */

/* Values lie in each other at most so deep, what references stand for counted: all that goes
 * through them is recursive. */
enum { DEEPEST = 2048, CIRCLE = -1 };

struct visit {
    const struct visit *before;
    const char *name;
    const json_t *let;
    json_t *depths; /* object: name → the depth of its value */
};

static int depth_of(const struct visit *visit, const json_t *value, int around);

/* Of what a name of `let` stands for. */
static int depth_of_name(const struct visit *visit, const char *name, int around)
{
    const json_t *known = json_object_get(visit->depths, name);
    struct visit next = *visit;
    int depth;

    for (const struct visit *at = visit; at; at = at->before)
        if (strcmp(at->name, name) == 0)
            return CIRCLE;
    if (known)
        return (int)json_integer_value(known);
    next.before = visit;
    next.name = name;
    depth = depth_of(&next, json_object_get(visit->let, name), around);
    if (depth != CIRCLE)
        json_object_set_new(visit->depths, name, json_integer(depth));
    return depth;
}

static int depth_of_text(const struct visit *visit, const char *text, size_t length, int around)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;
    int deepest = 0;

    while (parity_reference_find(&reader, &reference)) {
        int depth;

        if (reference.kind != PARITY_REFERENCE_NAME)
            continue;
        depth = depth_of_name(visit, reference.head, around);
        if (depth == CIRCLE)
            return CIRCLE;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static int depth_inside(const struct visit *visit, const json_t *value, int around)
{
    json_t *item, *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    int deepest = 0;
    size_t i;

    if (json_is_string(value))
        return depth_of_text(visit, json_string_value(value), json_string_length(value), around);
    json_array_foreach(value, i, item) {
        int depth = depth_of(visit, item, around);

        if (depth == CIRCLE)
            return CIRCLE;
        deepest = depth > deepest ? depth : deepest;
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        const char *name = json_object_iter_key(m);
        int depth = depth_of_text(visit, name, strlen(name), around);
        int below = depth == CIRCLE ? CIRCLE : depth_of(visit, json_object_iter_value(m), around);

        if (below == CIRCLE)
            return CIRCLE;
        depth = below > depth ? below : depth;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* How deep values lie in a value, itself counted; beyond DEEPEST it does not matter how deep. */
static int depth_of(const struct visit *visit, const json_t *value, int around)
{
    int depth = around < DEEPEST ? depth_inside(visit, value, around + 1) : DEEPEST;

    return depth == CIRCLE ? CIRCLE : depth + 1;
}

static void check_depth(const struct checking *checking, const struct parity_place *member,
                        json_t *depths)
{
    const struct visit visit = {.name = member->name, .let = checking->names.let, .depths = depths};
    int depth = depth_of(&visit, member->value, 0);

    if (depth == CIRCLE)
        parity_scenario_complain(checking->report, checking->source, member,
                                 "'%s' is made of itself: its references go round in a circle",
                                 member->name);
    else if (depth > DEEPEST)
        parity_scenario_complain(checking->report, checking->source, member,
                                 "'%s' is made of values that lie in each other more than %d deep",
                                 member->name, DEEPEST);
    else
        json_object_set_new(depths, member->name, json_integer(depth));
}

static void check_let(const struct checking *checking, const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    json_t *depths = json_object();

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);
        size_t before = checking->report->problems;

        if (!is_called(m, member.name))
            parity_scenario_complain(checking->report, checking->source, &member,
                                     "the name must not hold the character 0");
        else if (!member.name[0] || strpbrk(member.name, ".:${}") ||
                 parity_reference_is_reserved(member.name))
            parity_scenario_complain(checking->report, checking->source, &member,
                                     "'%s' is no name: it is taken, or has one of .:${}",
                                     member.name);
        check_references(checking, &member);
        if (checking->report->problems > before)
            continue;
        check_depth(checking, &member, depths);
        if (checking->report->problems > before)
            break;
    }
    json_decref(depths);
}

/* --- test --------------------------------------------------------------------------------------
 */

static void check_id(const struct checking *checking, const struct parity_place *test)
{
    struct parity_place place = parity_place_member(test, "id");
    const char *id = json_string_value(place.value);
    size_t length = json_string_length(place.value);

    if (!id)
        return;
    if (length == 0 || strlen(id) != length || id[0] == '/' || id[length - 1] == '/' ||
        strstr(id, "//") || strstr(id, "::") || strpbrk(id, "\n\r\t\\"))
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "'%.80s' is no id: expected '<folder>/<name>', without '::'", id);
    else if (strncmp(id, "../", 3) == 0 || strstr(id, "/../") || strcmp(id, "..") == 0 ||
             strcmp(id + (length > 3 ? length - 3 : 0), "/..") == 0)
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "'%.80s' leads out of the folder of recordings", id);
}

static void check_choice(const struct checking *checking, const struct parity_place *test,
                         const char *name, const char *const *choices)
{
    struct parity_place place = parity_place_member(test, name);
    const char *value = json_string_value(place.value), *nearest = NULL;

    if (!value)
        return;
    for (; *choices; choices++) {
        if (strcmp(*choices, value) == 0)
            return;
        nearest = parity_suggest(value, nearest, *choices);
    }
    parity_scenario_complain(
        checking->report, checking->source, &place, "there is no %s '%.60s'%s%s%s", name, value,
        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static void check_as(const struct checking *checking, const struct parity_place *step)
{
    struct parity_place place = parity_place_member(step, "as");
    const char *as = json_string_value(place.value);
    size_t first;

    if (!as)
        return;
    first = step_with(checking->names.steps, "as", as);
    if (!as[0] || strpbrk(as, ".:${}") || parity_reference_is_reserved(as))
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "'%s' is no name: it is taken, or has one of .:${}", as);
    else if (json_object_get(checking->names.let, as))
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "'%s' is a name of 'let' already", as);
    else if (first < step->index)
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "'%s' is what steps[%zu] is called already", as, first);
}

static void check_match(const struct checking *checking, const struct parity_place *step)
{
    struct parity_place place = parity_place_member(step, "match");
    const char *key = json_string_value(place.value);
    size_t first = key ? step_with(checking->names.steps, "match", key) : step->index;

    if (first < step->index)
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "steps[%zu] matches as '%s' already", first, key);
}

static void check_steps(struct checking *checking, const struct parity_place *list, bool is_cleanup)
{
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct parity_place step = parity_place_item(list, i);

        parity_scenario_check_step(checking->source, &step, is_cleanup, checking->report);
        if (!json_is_object(step.value))
            continue;
        checking->names.reached = is_cleanup ? json_array_size(checking->names.steps) : i;
        if (!is_cleanup) {
            check_as(checking, &step);
            check_match(checking, &step);
        }
        for (const char *const *field = parity_scenario_resolved_fields; *field; field++) {
            struct parity_place member = parity_place_member(&step, *field);

            check_references(checking, &member);
        }
    }
}

static void check_transformers(const struct checking *checking, const struct parity_place *list)
{
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct parity_place item = parity_place_item(list, i);

        if (!json_is_string(json_object_get(item.value, "type")))
            parity_scenario_complain(checking->report, checking->source, &item,
                                     "a transformer must be an object with the field 'type'");
        check_references(checking, &item);
    }
}

void parity_scenario_check_structure(const struct parity_scenario_source *source,
                                     const struct parity_place *place,
                                     struct parity_scenario_report *report)
{
    static const char *const markers[] = {"aws_validated",
                                          "emulator_only",
                                          "aws_needs_fixing",
                                          "needs_fixing",
                                          "aws_manual_setup_required",
                                          "manual_setup_required",
                                          "aws_unknown",
                                          "unknown",
                                          NULL};
    static const char *const defaults[] = {"new", "old", NULL};
    struct checking checking = {.source = source, .report = report};
    struct parity_place let, steps, cleanup, transformers;

    parity_scenario_check_fields(source, place, parity_scenario_test_fields, "a test", report);
    let = parity_place_member(place, "let");
    steps = parity_place_member(place, "steps");
    cleanup = parity_place_member(place, "cleanup");
    transformers = parity_place_member(place, "transformers");
    checking.names = (struct names){.let = let.value, .steps = steps.value};
    check_id(&checking, place);
    check_choice(&checking, place, "marker", markers);
    check_choice(&checking, place, "defaults", defaults);
    check_let(&checking, &let);
    check_steps(&checking, &steps, false);
    check_steps(&checking, &cleanup, true);
    checking.names.reached = json_array_size(steps.value);
    check_transformers(&checking, &transformers);
    parity_scenario_check_annotations(source, place, report);
}
