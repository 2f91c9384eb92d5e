/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs against their shapes, as far as they are known before anything runs: names and types. What
 * values may be (lengths, ranges) the client checks when they are known.
 */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "client/customization.h"
#include "scenario/check.h"

static void check_value(const struct parity_scenario_checking *checking,
                        const struct parity_operation *operation, const struct parity_shape *shape,
                        const struct parity_place *place);

static void complain_unknown(const struct parity_scenario_checking *checking,
                             const struct parity_shape *shape, const struct parity_place *place)
{
    size_t count = shape ? parity_shape_member_count(shape) : 0;
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++)
        nearest = parity_suggest(place->name, nearest,
                                 parity_shape_member_name(parity_shape_member_at(shape, i)));
    parity_scenario_complain(checking->report, checking->scenario->source, place,
                             "unknown parameter '%.80s'%s%s%s", place->name,
                             nearest ? "; did you mean '" : "", nearest ? nearest : "",
                             nearest ? "'?" : "");
}

/* SDKs fill some members in. */
static bool must_be_given(const struct parity_operation *operation,
                          const struct parity_shape *member)
{
    const struct parity_customization *filled;

    if (!parity_shape_has(member, PARITY_TRAIT_REQUIRED) ||
        parity_shape_has(member, PARITY_TRAIT_IDEMPOTENCY_TOKEN))
        return false;
    filled = parity_customization_of_operation(operation, PARITY_CUSTOM_DEFAULT_INPUT);
    return !(filled && strcmp(parity_customization_text(filled, "member"),
                              parity_shape_member_name(member)) == 0);
}

static void check_members(const struct parity_scenario_checking *checking,
                          const struct parity_operation *operation,
                          const struct parity_shape *shape, const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    size_t count = shape ? parity_shape_member_count(shape) : 0;
    bool has_made_names = false;

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);
        const struct parity_shape *known = shape ? parity_shape_member(shape, member.name) : NULL;

        if (parity_reference_opens(member.name, json_object_iter_key_len(m)))
            has_made_names = true;
        else if (known)
            check_value(checking, operation, known, &member);
        else
            complain_unknown(checking, shape, &member);
    }
    for (size_t i = 0; i < count && !has_made_names; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (must_be_given(operation, member) &&
            !json_object_get(place->value, parity_shape_member_name(member)))
            parity_scenario_complain(checking->report, checking->scenario->source, place,
                                     "'%s' is missing, which %s requires",
                                     parity_shape_member_name(member),
                                     parity_operation_name(operation));
    }
}

static void check_list(const struct parity_scenario_checking *checking,
                       const struct parity_operation *operation, const struct parity_shape *shape,
                       const struct parity_place *place)
{
    for (size_t i = 0; i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        check_value(checking, operation, parity_shape_list_member(shape), &item);
    }
}

static void check_map(const struct parity_scenario_checking *checking,
                      const struct parity_operation *operation, const struct parity_shape *shape,
                      const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        check_value(checking, operation, parity_shape_map_value(shape), &member);
    }
}

/* What a shape takes, as messages say it; NULL: the value is fine. */
static const char *unmet(const struct parity_operation *operation, const struct parity_shape *shape,
                         enum parity_json_kind kind)
{
    /* Where the source of a copy may be an object, SDKs make the text of it. */
    if (kind == PARITY_JSON_OBJECT &&
        parity_customization_of_operation(operation, PARITY_CUSTOM_COPY_SOURCE))
        return NULL;
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
    case PARITY_SHAPE_MAP:
        return kind == PARITY_JSON_OBJECT ? NULL : "an object";
    case PARITY_SHAPE_LIST:
        return kind == PARITY_JSON_ARRAY ? NULL : "a list";
    case PARITY_SHAPE_STRING:
    case PARITY_SHAPE_CHARACTER:
        return kind == PARITY_JSON_STRING ? NULL : "a text";
    case PARITY_SHAPE_BLOB:
        return kind == PARITY_JSON_STRING || kind == PARITY_JSON_BYTES ? NULL : "bytes or a text";
    case PARITY_SHAPE_BOOLEAN:
        return kind == PARITY_JSON_BOOLEAN ? NULL : "true or false";
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return kind == PARITY_JSON_INTEGER ? NULL : "a whole number";
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL ? NULL : "a number";
    case PARITY_SHAPE_TIMESTAMP:
        return kind == PARITY_JSON_ARRAY || kind == PARITY_JSON_OBJECT ? "a time" : NULL;
    }
    return NULL;
}

static bool is_reference(const json_t *value)
{
    return json_is_string(value) &&
           parity_reference_is_whole(json_string_value(value), json_string_length(value));
}

static void check_reference(const struct parity_scenario_checking *checking,
                            const struct parity_operation *operation,
                            const struct parity_shape *shape, const struct parity_place *place)
{
    const char *text = json_string_value(place->value), *wanted = NULL;
    enum parity_json_kind kind;

    if (parity_scenario_kind_of(checking, text + 2, json_string_length(place->value) - 3, &kind))
        wanted = unmet(operation, shape, kind);
    if (wanted)
        parity_scenario_complain(checking->report, checking->scenario->source, place,
                                 "must be %s, as %s has it; %.80s is %s", wanted,
                                 parity_operation_name(operation), text,
                                 parity_scenario_kind_text(kind));
}

static void check_value(const struct parity_scenario_checking *checking,
                        const struct parity_operation *operation, const struct parity_shape *shape,
                        const struct parity_place *place)
{
    const char *wanted;

    if (parity_shape_has(shape, PARITY_TRAIT_DOCUMENT) ||
        parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE))
        return;
    if (is_reference(place->value)) {
        check_reference(checking, operation, shape, place);
        return;
    }
    wanted = unmet(operation, shape, parity_json_kind(place->value));
    if (wanted)
        parity_scenario_complain(checking->report, checking->scenario->source, place,
                                 "must be %s, as %s has it", wanted,
                                 parity_operation_name(operation));
    else if (parity_shape_type(shape) == PARITY_SHAPE_STRUCTURE)
        check_members(checking, operation, shape, place);
    else if (parity_shape_type(shape) == PARITY_SHAPE_LIST)
        check_list(checking, operation, shape, place);
    else if (parity_shape_type(shape) == PARITY_SHAPE_MAP)
        check_map(checking, operation, shape, place);
}

void parity_scenario_check_input(const struct parity_scenario_checking *checking,
                                 const struct parity_operation *operation,
                                 const struct parity_place *place)
{
    check_members(checking, operation, parity_operation_input(operation), place);
}
