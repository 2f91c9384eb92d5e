/* SPDX-License-Identifier: Apache-2.0 */
/* References into values and answers: against what stands in the file, and against the shapes of
 * what is answered. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "client/customization.h"
#include "scenario/check.h"

/* One reference on its way through a shape or a value. */
struct looking {
    const struct parity_scenario_checking *checking;
    const struct parity_place *place; /* NULL: mistakes are told elsewhere */
    const struct parity_reference *reference;
};

/* What a reference leads to: a value that stands in the file, or what an answer has there. */
struct found {
    const json_t *value;
    const struct parity_shape *shape;
    const struct parity_operation *operation; /* of the shape */
};

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

/* What a part of the path leads to; NULL: nothing more is known, or it was told. */
static const struct parity_shape *step_into(const struct looking *looking,
                                            const struct parity_operation *operation,
                                            const struct parity_shape *shape, const char *part)
{
    if (parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
        return NULL;
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        return member_of(looking, operation, shape, part);
    case PARITY_SHAPE_MAP:
        return parity_shape_map_value(shape);
    case PARITY_SHAPE_LIST:
        if (is_number(part))
            return parity_shape_list_member(shape);
        complain(looking, "'%s' looks into a list; expected a number, counted from 0", part);
        return NULL;
    case PARITY_SHAPE_STRING:
        if (parity_scenario_is_decoded(operation, shape))
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

/* Services add members of their own to what all answers have, so that only a name close to a known
 * one is a mistake. */
static void look_into_common(const struct looking *looking, const char *at,
                             const char *const *known)
{
    const char *nearest = NULL;
    char part[256];

    if (!parity_reference_part(looking->reference, &at, part, sizeof part))
        return;
    for (; *known; known++) {
        if (strcmp(*known, part) == 0)
            return;
        nearest = parity_suggest(part, nearest, *known);
    }
    if (nearest)
        complain(looking, "no '%s' is answered there; did you mean '%s'?", part, nearest);
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

/* The first part of a path into what a call answers. Returns the output's member of that name;
 * NULL: it is no such member, which is told where it is nothing else either. */
static const struct parity_shape *look_into_top(const struct looking *looking,
                                                const struct parity_scenario_step *step,
                                                const struct parity_operation *operation,
                                                const char *part, const char *behind)
{
    static const char *const metadata[] = {"RequestId",     "HTTPStatusCode", "HTTPHeaders",
                                           "RetryAttempts", "HostId",         NULL};
    static const char *const of_errors[] = {"Code", "Message", NULL};
    static const char *const further[] = {"Error", "ResponseMetadata", NULL};
    enum parity_expectation expect = step->options.expect;
    /* A waiter may wait for a refusal. */
    bool may_fail = step->is_wait || expect != PARITY_EXPECT_SUCCESS;
    const struct parity_shape *output =
        expect == PARITY_EXPECT_ERROR ? NULL : parity_operation_output(operation);
    const struct parity_shape *member = output ? parity_shape_member(output, part) : NULL;

    if (strcmp(part, "ResponseMetadata") == 0)
        look_into_common(looking, behind, metadata);
    else if (may_fail && strcmp(part, "Error") == 0)
        look_into_common(looking, behind, of_errors);
    else if (!member && !is_added(operation, part) &&
             !(may_fail && has_error_member(parity_operation_service(operation), part)))
        complain_unanswered(looking, operation, part,
                            nearest_member(output, part, may_fail ? further : further + 1));
    return member;
}

static struct found look_into_answer(const struct looking *looking,
                                     const struct parity_scenario_step *step)
{
    struct found found = {.operation = parity_scenario_operation(looking->checking, step, NULL)};
    const char *at = looking->reference->path;
    char part[256];

    if (!found.operation || !parity_reference_part(looking->reference, &at, part, sizeof part))
        return found;
    found.shape = look_into_top(looking, step, found.operation, part, at);
    while (found.shape && parity_reference_part(looking->reference, &at, part, sizeof part))
        found.shape = step_into(looking, found.operation, found.shape, part);
    return found;
}

/* Is it known only when references are resolved? */
static bool is_made(const json_t *value)
{
    return json_is_string(value) &&
           parity_reference_opens(json_string_value(value), json_string_length(value));
}

static bool has_made_names(const json_t *value)
{
    json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        if (parity_reference_opens(json_object_iter_key(m), json_object_iter_key_len(m)))
            return true;
    return false;
}

/* Into a value that stands in the file, as far as it is written there. */
static struct found look_into_value(const struct looking *looking, const json_t *value,
                                    const char *what)
{
    const char *at = looking->reference->path;
    char part[256];

    while (!is_made(value) && parity_reference_part(looking->reference, &at, part, sizeof part)) {
        const json_t *next = json_object_get(value, part);

        if (json_is_array(value) && is_number(part))
            next = json_array_get(value, strtoul(part, NULL, 10));
        if (!next && has_made_names(value))
            return (struct found){NULL, NULL, NULL};
        if (!next) {
            complain(looking, "there is no '%s' in %s", part, what);
            return (struct found){NULL, NULL, NULL};
        }
        value = next;
    }
    return (struct found){.value = is_made(value) ? NULL : value};
}

/* What the name of a reference stands for, and what its path leads to. */
static struct found look(const struct looking *looking)
{
    const struct parity_scenario *scenario = looking->checking->scenario;
    const json_t *value =
        json_object_get(json_object_get(scenario->test, "let"), looking->reference->head);
    char what[64];

    if (value)
        return look_into_value(looking, value, "that value of 'let'");
    for (size_t i = 0; i < scenario->steps.count; i++) {
        const struct parity_scenario_step *step = &scenario->steps.items[i];

        if (!step->as || strcmp(step->as, looking->reference->head) != 0)
            continue;
        if (!step->value)
            return look_into_answer(looking, step);
        snprintf(what, sizeof what, "the value of steps[%zu]", i);
        return look_into_value(looking, step->value, what);
    }
    return (struct found){NULL, NULL, NULL};
}

/* --- types -------------------------------------------------------------------------------------
 */

static bool kind_of_shape(const struct found *found, enum parity_json_kind *out)
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
    *out = kinds[type];
    return true;
}

static bool kind_of(const struct parity_reference *reference, const struct found *found,
                    enum parity_json_kind *out)
{
    if (reference->kind == PARITY_REFERENCE_UNIQUE || reference->kind == PARITY_REFERENCE_TARGET)
        *out = PARITY_JSON_STRING;
    else if (found->value)
        *out = parity_json_kind(found->value);
    else if (found->shape)
        return kind_of_shape(found, out);
    else if (found->operation && !reference->path)
        *out = PARITY_JSON_OBJECT;
    else
        return false;
    return reference->kind != PARITY_REFERENCE_BROKEN;
}

bool parity_scenario_kind_of(const struct parity_scenario_checking *checking, const char *text,
                             size_t length, enum parity_json_kind *out)
{
    struct parity_reference reference;
    struct looking looking = {.checking = checking, .reference = &reference};
    struct found found = {NULL, NULL, NULL};

    parity_reference_read(text, length, &reference);
    if (reference.kind == PARITY_REFERENCE_NAME)
        found = look(&looking);
    return kind_of(&reference, &found, out);
}

const char *parity_scenario_kind_text(enum parity_json_kind kind)
{
    static const char *const texts[] = {
        [PARITY_JSON_NULL] = "null",        [PARITY_JSON_BOOLEAN] = "true or false",
        [PARITY_JSON_INTEGER] = "a number", [PARITY_JSON_REAL] = "a number",
        [PARITY_JSON_STRING] = "a text",    [PARITY_JSON_BYTES] = "bytes",
        [PARITY_JSON_DATETIME] = "a time",  [PARITY_JSON_ARRAY] = "a list",
        [PARITY_JSON_OBJECT] = "an object",
    };

    return texts[kind];
}

static bool stands_in_texts(enum parity_json_kind kind)
{
    return kind != PARITY_JSON_NULL && kind != PARITY_JSON_BYTES && kind != PARITY_JSON_ARRAY &&
           kind != PARITY_JSON_OBJECT;
}

/* --- texts -------------------------------------------------------------------------------------
 */

/* @param inside  of a text with something else in it */
static void check_reference(const struct parity_scenario_checking *checking,
                            const struct parity_place *place,
                            const struct parity_reference *reference, bool inside)
{
    const struct looking looking = {checking, place, reference};
    struct found found = look(&looking);
    enum parity_json_kind kind;

    if (inside && kind_of(reference, &found, &kind) && !stands_in_texts(kind))
        parity_scenario_complain(
            checking->report, checking->scenario->source, place,
            "${%.*s} is %s: only texts, numbers, truth values and times can stand inside a text",
            (int)reference->length, reference->text, parity_scenario_kind_text(kind));
}

static void check_text(const struct parity_scenario_checking *checking,
                       const struct parity_place *place, const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;
    bool inside;

    if (!parity_reference_opens(text, length))
        return;
    inside = !parity_reference_is_whole(text, length);
    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END) {
        struct parity_reference reference;

        if (piece != PARITY_PIECE_REFERENCE)
            continue;
        parity_reference_read(text, length, &reference);
        if (reference.kind == PARITY_REFERENCE_NAME && (inside || reference.path))
            check_reference(checking, place, &reference, inside);
    }
}

void parity_scenario_check_paths(const struct parity_scenario_checking *checking,
                                 const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */

    if (json_is_string(place->value))
        check_text(checking, place, json_string_value(place->value),
                   json_string_length(place->value));
    for (size_t i = 0; json_is_array(place->value) && i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        parity_scenario_check_paths(checking, &item);
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        check_text(checking, &member, member.name, json_object_iter_key_len(m));
        parity_scenario_check_paths(checking, &member);
    }
}
