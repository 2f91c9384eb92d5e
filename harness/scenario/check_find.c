/* SPDX-License-Identifier: Apache-2.0 */
/* What references lead to: a value that stands in the file, or what is answered there. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "client/customization.h"
#include "scenario/check.h"

/* One reference on its way through values and shapes. */
struct looking {
    const struct parity_scenario_checking *checking;
    const struct parity_place *place; /* NULL: mistakes are told elsewhere */
    const struct parity_reference *reference;
    const char *path; /* the JSONPath that is followed like one; NULL: it is a reference */
    const char *what; /* as messages call the value that its name stands for */
    size_t depth;     /* of references that led to this one */
};

/* Values may be references to others, step after step; what lies behind more of them is not known
 * before anything runs. */
enum { DEEPEST = 32 };

static struct parity_scenario_found find(const struct parity_scenario_checking *checking,
                                         const json_t *value, size_t depth);

__attribute__((format(printf, 2, 3))) static void complain(const struct looking *looking,
                                                           const char *format, ...)
{
    char text[400];
    va_list arguments;

    if (!looking->place)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (looking->path)
        parity_scenario_complain(looking->checking->report, looking->checking->scenario->source,
                                 looking->place, "%.80s: %s", looking->path, text);
    else
        parity_scenario_complain(looking->checking->report, looking->checking->scenario->source,
                                 looking->place, "${%.*s}: %s", (int)looking->reference->length,
                                 looking->reference->text, text);
}

static bool is_number(const char *part)
{
    return part[0] && strspn(part, "0123456789") == strlen(part);
}

bool parity_scenario_is_decoded(const struct parity_operation *operation,
                                const struct parity_shape *shape)
{
    const struct parity_customization *texts =
        parity_customization_of_operation(operation, PARITY_CUSTOM_JSON_SHAPE);

    return parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE) ||
           (texts &&
            strcmp(parity_shape_name(shape), parity_customization_text(texts, "shape")) == 0) ||
           parity_customization_of_operation(operation, PARITY_CUSTOM_JSON_OUTPUT);
}

/* Streams of events are answered as lists. */
static bool is_stream(const struct parity_scenario_found *found)
{
    return parity_shape_has(found->shape, PARITY_TRAIT_EVENT_STREAM) && !found->is_event;
}

/* Names of the members of a structure, and some that all answers have. NULL: none is close. */
static const char *nearest_member(const struct parity_shape *shape, const char *part,
                                  const char *const *further)
{
    const char *nearest = NULL;

    for (; *further; further++)
        nearest = parity_suggest(part, nearest, *further);
    for (size_t i = 0; shape && i < parity_shape_member_count(shape); i++)
        nearest = parity_suggest(part, nearest,
                                 parity_shape_member_name(parity_shape_member_at(shape, i)));
    return nearest;
}

static void complain_unanswered(const struct looking *looking,
                                const struct parity_operation *operation, const char *part,
                                const char *nearest)
{
    complain(looking, "%s answers no '%s' there%s%s%s", parity_operation_name(operation), part,
             nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static const struct parity_shape *member_of(const struct looking *looking,
                                            const struct parity_operation *operation,
                                            const struct parity_shape *shape, const char *part)
{
    static const char *const none[] = {NULL};
    const struct parity_shape *member = parity_shape_member(shape, part);

    if (!member)
        complain_unanswered(looking, operation, part, nearest_member(shape, part, none));
    return member;
}

/* The shape of an item; NULL: the part names none, which is told. */
static const struct parity_shape *item_of(const struct looking *looking,
                                          const struct parity_shape *item, const char *part)
{
    if (is_number(part))
        return item;
    complain(looking, "'%s' looks into a list; expected a number, counted from 0", part);
    return NULL;
}

/* Paths go into texts, to their characters. */
static bool is_character(const struct looking *looking, const char *part)
{
    return looking->path && is_number(part);
}

/* What a part of the path leads to; NULL: nothing more is known, or it was told. */
static const struct parity_shape *step_into(const struct looking *looking,
                                            const struct parity_scenario_found *found,
                                            const char *part)
{
    const struct parity_shape *shape = found->shape;

    if (parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
        return NULL;
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        return is_stream(found) ? item_of(looking, shape, part)
                                : member_of(looking, found->operation, shape, part);
    case PARITY_SHAPE_MAP:
        return parity_shape_map_value(shape);
    case PARITY_SHAPE_LIST:
        return item_of(looking, parity_shape_list_member(shape), part);
    case PARITY_SHAPE_STRING:
        if (is_character(looking, part) || parity_scenario_is_decoded(found->operation, shape))
            return NULL;
        break;
    case PARITY_SHAPE_CHARACTER:
    case PARITY_SHAPE_BLOB:
    case PARITY_SHAPE_BOOLEAN:
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
    case PARITY_SHAPE_TIMESTAMP:
        break;
    }
    complain(looking, "there is nothing to look up '%s' in", part);
    return NULL;
}

/* What is known of a value without a model. */
struct parity_scenario_known {
    const char *name;
    enum parity_json_kind kind;
    const struct parity_scenario_known
        *members; /* ended by one without a name; NULL: none is known */
};

static const struct parity_scenario_known any_text = {.kind = PARITY_JSON_STRING};

/* Answers have these, whatever the operation. */
static const struct parity_scenario_known metadata_members[] = {
    {"RequestId", PARITY_JSON_STRING, NULL},   {"HTTPStatusCode", PARITY_JSON_INTEGER, NULL},
    {"HTTPHeaders", PARITY_JSON_OBJECT, NULL}, {"RetryAttempts", PARITY_JSON_INTEGER, NULL},
    {"HostId", PARITY_JSON_STRING, NULL},      {NULL, PARITY_JSON_NULL, NULL}};
static const struct parity_scenario_known error_members[] = {{"Code", PARITY_JSON_STRING, NULL},
                                                             {"Message", PARITY_JSON_STRING, NULL},
                                                             {NULL, PARITY_JSON_NULL, NULL}};
static const struct parity_scenario_known metadata = {"ResponseMetadata", PARITY_JSON_OBJECT,
                                                      metadata_members};
static const struct parity_scenario_known error = {"Error", PARITY_JSON_OBJECT, error_members};

/* Services add members of their own to what all answers have, so that only a name close to a known
 * one is a mistake. NULL: nothing is known of it, or it was told. */
static const struct parity_scenario_known *known_below(const struct looking *looking,
                                                       const struct parity_scenario_known *known,
                                                       const char *part)
{
    const struct parity_scenario_known *member = known->members;
    const char *nearest = NULL;

    if (known->kind == PARITY_JSON_STRING && is_character(looking, part))
        return NULL;
    if (known->kind != PARITY_JSON_OBJECT)
        complain(looking, "there is nothing to look up '%s' in", part);
    for (; member && member->name; member++) {
        if (strcmp(member->name, part) == 0)
            return member;
        nearest = parity_suggest(part, nearest, member->name);
    }
    if (nearest)
        complain(looking, "no '%s' is answered there; did you mean '%s'?", part, nearest);
    return NULL;
}

static bool has_error_member(const struct parity_service *service, const char *name)
{
    for (size_t i = 0; i < parity_service_error_count(service); i++)
        if (parity_shape_member(parity_service_error_at(service, i), name))
            return true;
    return false;
}

/* What customizations add to an answer. */
static bool is_added(const struct parity_operation *operation, const char *name)
{
    const struct parity_customization *header =
        parity_customization_of_operation(operation, PARITY_CUSTOM_HEADER_OUTPUT);

    return header && strcmp(name, parity_customization_text(header, "member")) == 0;
}

/* The first part of a path into what a call answers. What is none of it is told. */
static struct parity_scenario_found look_into_top(const struct looking *looking,
                                                  const struct parity_scenario_found *found,
                                                  const char *part)
{
    static const char *const further[] = {"Error", "ResponseMetadata", NULL};
    const struct parity_scenario_step *step = found->step;
    const struct parity_operation *operation = found->operation;
    enum parity_expectation expect = step->options.expect;
    /* A waiter may wait for a refusal. */
    bool may_fail = step->is_wait || expect != PARITY_EXPECT_SUCCESS;
    const struct parity_shape *output =
        expect == PARITY_EXPECT_ERROR ? NULL : parity_operation_output(operation);
    struct parity_scenario_found next = {.operation = operation};

    if (strcmp(part, metadata.name) == 0)
        next.known = &metadata;
    else if (may_fail && strcmp(part, error.name) == 0)
        next.known = &error;
    else
        next.shape = output ? parity_shape_member(output, part) : NULL;
    if (!next.known && !next.shape && !is_added(operation, part) &&
        !(may_fail && has_error_member(parity_operation_service(operation), part)))
        complain_unanswered(looking, operation, part,
                            nearest_member(output, part, may_fail ? further : further + 1));
    return next;
}

static bool has_made_names(const json_t *value)
{
    json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        if (parity_reference_opens(json_object_iter_key(m), json_object_iter_key_len(m)))
            return true;
    return false;
}

/* The member or item of a value that stands in the file; NULL: there is none. */
static const json_t *value_below(const json_t *value, const char *part)
{
    if (json_is_array(value))
        return is_number(part) ? json_array_get(value, strtoul(part, NULL, 10)) : NULL;
    return json_object_get(value, part);
}

/* One part of a path further than `found`. */
static struct parity_scenario_found
go_into(const struct looking *looking, const struct parity_scenario_found *found, const char *part)
{
    struct parity_scenario_found next = {.operation = found->operation};

    if (found->step)
        return look_into_top(looking, found, part);
    if (found->shape) {
        next.shape = step_into(looking, found, part);
        next.is_event = next.shape && is_stream(found);
    }
    if (found->known)
        next.known = known_below(looking, found->known, part);
    if (found->value)
        next.value = value_below(found->value, part);
    if (found->value && !next.value && !has_made_names(found->value) &&
        !(json_is_string(found->value) && is_character(looking, part)))
        complain(looking, "there is no '%s' in %s", part, looking->what);
    return next;
}

/* What a value of the file stands for: itself, unless it is nothing but a reference. */
static struct parity_scenario_found value_itself(const struct looking *looking, const json_t *value)
{
    if (parity_scenario_is_reference(value))
        return find(looking->checking, value, looking->depth + 1);
    return (struct parity_scenario_found){.value = value};
}

/* Along the path of a reference from what its name stands for. */
static struct parity_scenario_found follow(const struct looking *looking,
                                           struct parity_scenario_found found)
{
    const char *at = looking->reference->path;
    char part[256];

    if (found.value)
        found = value_itself(looking, found.value);
    while (parity_reference_part(looking->reference, &at, part, sizeof part)) {
        found = go_into(looking, &found, part);
        if (found.value)
            found = value_itself(looking, found.value);
    }
    return found;
}

static const struct parity_scenario_step *step_called(const struct parity_scenario *scenario,
                                                      const char *name)
{
    for (size_t i = 0; i < scenario->steps.count; i++) {
        const struct parity_scenario_step *step = &scenario->steps.items[i];

        if (step->as && strcmp(step->as, name) == 0)
            return step;
    }
    return NULL;
}

/* What a step has: a value that stands in the file, or what will be answered. */
static struct parity_scenario_found value_of_step(const struct looking *looking,
                                                  const struct parity_scenario_step *step)
{
    struct parity_scenario_found found = {.value = step->value};

    if (step->value)
        return found;
    found.operation = parity_scenario_operation(looking->checking, step, NULL);
    found.step = found.operation ? step : NULL;
    return found;
}

/* What a name stands for, and what the path behind it leads to. */
static struct parity_scenario_found look(struct looking *looking)
{
    const struct parity_scenario *scenario = looking->checking->scenario;
    const char *name = looking->reference->head;
    struct parity_scenario_found found = {0};
    const struct parity_scenario_step *step;
    char what[64];

    found.value = json_object_get(json_object_get(scenario->test, "let"), name);
    if (found.value) {
        looking->what = "that value of 'let'";
        return follow(looking, found);
    }
    step = step_called(scenario, name);
    if (!step)
        return found;
    snprintf(what, sizeof what, "the value of steps[%td]", step - scenario->steps.items);
    looking->what = what;
    return follow(looking, value_of_step(looking, step));
}

static struct parity_scenario_found find_reference(struct looking *looking)
{
    switch (looking->reference->kind) {
    case PARITY_REFERENCE_UNIQUE:
    case PARITY_REFERENCE_TARGET:
        return (struct parity_scenario_found){.known = &any_text};
    case PARITY_REFERENCE_NAME:
        return look(looking);
    case PARITY_REFERENCE_BROKEN:
        break;
    }
    return (struct parity_scenario_found){0};
}

struct parity_scenario_found parity_scenario_find(const struct parity_scenario_checking *checking,
                                                  const struct parity_reference *reference,
                                                  const struct parity_place *place)
{
    struct looking looking = {.checking = checking, .place = place, .reference = reference};

    return find_reference(&looking);
}

struct parity_scenario_found
parity_scenario_stands_for(const struct parity_scenario_checking *checking, const json_t *value,
                           const struct parity_place *place)
{
    struct parity_reference reference;

    if (!parity_scenario_is_reference(value))
        return (struct parity_scenario_found){.value = value};
    parity_reference_read(json_string_value(value) + 2, json_string_length(value) - 3, &reference);
    return parity_scenario_find(checking, &reference, place);
}

/* What a value stands for that is nothing but a reference. Mistakes in it are told where it stands.
 */
static struct parity_scenario_found find(const struct parity_scenario_checking *checking,
                                         const json_t *value, size_t depth)
{
    struct parity_reference reference;
    struct looking looking = {.checking = checking, .reference = &reference, .depth = depth};

    if (depth > DEEPEST)
        return (struct parity_scenario_found){0};
    parity_reference_read(json_string_value(value) + 2, json_string_length(value) - 3, &reference);
    return find_reference(&looking);
}

static bool kind_of_shape(const struct parity_scenario_found *found, enum parity_json_kind *out)
{
    static const enum parity_json_kind kinds[] = {
        [PARITY_SHAPE_STRUCTURE] = PARITY_JSON_OBJECT,
        [PARITY_SHAPE_LIST] = PARITY_JSON_ARRAY,
        [PARITY_SHAPE_MAP] = PARITY_JSON_OBJECT,
        [PARITY_SHAPE_STRING] = PARITY_JSON_STRING,
        [PARITY_SHAPE_CHARACTER] = PARITY_JSON_STRING,
        [PARITY_SHAPE_BOOLEAN] = PARITY_JSON_BOOLEAN,
        [PARITY_SHAPE_INTEGER] = PARITY_JSON_INTEGER,
        [PARITY_SHAPE_LONG] = PARITY_JSON_INTEGER,
        [PARITY_SHAPE_FLOAT] = PARITY_JSON_INTEGER, /* it may be whole */
        [PARITY_SHAPE_DOUBLE] = PARITY_JSON_INTEGER,
        [PARITY_SHAPE_TIMESTAMP] = PARITY_JSON_DATETIME,
    };
    enum parity_shape_type type = parity_shape_type(found->shape);

    /* Streams are texts or bytes, and what is decoded may be anything. */
    if (type == PARITY_SHAPE_BLOB || parity_shape_has(found->shape, PARITY_TRAIT_DOCUMENT) ||
        (type == PARITY_SHAPE_STRING && parity_scenario_is_decoded(found->operation, found->shape)))
        return false;
    *out = is_stream(found) ? PARITY_JSON_ARRAY : kinds[type];
    return true;
}

bool parity_scenario_kind_of(const struct parity_scenario_found *found, enum parity_json_kind *out)
{
    if (found->shape)
        return kind_of_shape(found, out);
    if (found->value)
        *out = parity_json_kind(found->value);
    else if (found->step)
        *out = PARITY_JSON_OBJECT;
    else if (found->known)
        *out = found->known->kind;
    else
        return false;
    return true;
}

/* What JSONPaths and references have in common: steps that name one member or item. */
static void write_steps(const struct parity_jsonpath *path, struct parity_buffer *out)
{
    struct parity_jsonpath_step steps[16];
    size_t count = parity_jsonpath_beginning(path, steps, sizeof steps / sizeof *steps);

    for (size_t i = 0; i < count; i++) {
        const struct parity_jsonpath_step *step = &steps[i];

        if (step->key && (step->key_length == 0 || memchr(step->key, '.', step->key_length) ||
                          memchr(step->key, '\0', step->key_length)))
            return;
        if (i)
            parity_buffer_add_char(out, '.');
        if (step->key)
            parity_buffer_add(out, step->key, step->key_length);
        else
            parity_buffer_printf(out, "%lld", step->index);
    }
}

void parity_scenario_check_selection(const struct parity_scenario_checking *checking,
                                     const struct parity_scenario_step *step,
                                     const struct parity_jsonpath *path, const char *text,
                                     const struct parity_place *place)
{
    struct parity_buffer steps = {0};
    struct parity_reference reference = {.kind = PARITY_REFERENCE_NAME};
    struct looking looking = {.checking = checking,
                              .place = place,
                              .reference = &reference,
                              .path = text,
                              .what = "the value"};

    write_steps(path, &steps);
    if (steps.length && !steps.failed) {
        reference.text = reference.path = steps.data;
        reference.length = steps.length;
        (void)follow(&looking, value_of_step(&looking, step));
    }
    parity_buffer_clear(&steps);
}
