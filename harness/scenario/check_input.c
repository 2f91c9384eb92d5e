/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs against their shapes, as far as they are known before anything runs: names, types and
 * limits. A value of the file that a reference leads to is checked where it stands.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "client/validate.h"
#include "scenario/check.h"

/* Values that stand for each other twice grow without end: the number of those that are looked at
 * for one test, and how deep they may lie in each other. */
enum { MOST = 1000000, DEEPEST = 2048 };

/* Holds what stands at a place to a shape. */
typedef void checker(const struct parity_scenario_input *input, const struct parity_shape *shape,
                     const struct parity_place *place);

static checker check_value;

/* --- messages ----------------------------------------------------------------------------------
 */

void parity_scenario_complain_of_input(const struct parity_scenario_input *input,
                                       const struct parity_place *place, const char *format, ...)
{
    struct parity_buffer user = {0};
    char text[600];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (input->user)
        parity_place_write(input->user, &user);
    parity_scenario_complain(input->checking->report, input->checking->scenario->source, place,
                             "%s%s%.150s%s", text, user.length ? " (it becomes " : "",
                             user.length ? user.data : "", user.length ? ")" : "");
    parity_buffer_clear(&user);
}

/* Tell what validation found, if anything, and release it. */
static void tell(const struct parity_scenario_input *input, const struct parity_place *place,
                 struct parity_buffer *fault)
{
    bool is_reference;

    if (fault->length == 0)
        return;
    is_reference = parity_scenario_is_reference(place->value);
    parity_scenario_complain_of_input(input, place, "%.80s%s%.300s",
                                      is_reference ? json_string_value(place->value) : "",
                                      is_reference ? ": " : "", fault->data);
    parity_buffer_clear(fault);
}

static void complain_unknown(const struct parity_scenario_input *input,
                             const struct parity_shape *shape, const struct parity_place *place)
{
    size_t count = shape ? parity_shape_member_count(shape) : 0;
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (!parity_shape_has(member, PARITY_TRAIT_EXCEPTION))
            nearest = parity_suggest(place->name, nearest, parity_shape_member_name(member));
    }
    parity_scenario_complain_of_input(input, place, "unknown parameter '%.80s'%s%s%s", place->name,
                                      nearest ? "; did you mean '" : "", nearest ? nearest : "",
                                      nearest ? "'?" : "");
}

/* References in values that stand elsewhere are told there. */
static void check_name(const struct parity_scenario_input *input, const struct parity_place *place,
                       size_t length)
{
    if (!input->user)
        parity_scenario_check_name(input->checking, place, length);
}

static void check_paths(const struct parity_scenario_input *input, const struct parity_place *place)
{
    if (!input->user)
        parity_scenario_check_paths(input->checking, place);
}

/* --- values that stand elsewhere in the file ---------------------------------------------------
 */

/* Check a value where it stands: in that at `place`. @return whether it does */
static bool check_in(const struct parity_scenario_input *input, checker *check,
                     const struct parity_shape *shape, const json_t *value,
                     const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */

    ++*input->checking->looked_at;
    if (place->value == value) {
        check(input, shape, place);
        return true;
    }
    for (size_t i = 0; json_is_array(place->value) && i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        if (check_in(input, check, shape, value, &item))
            return true;
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        if (check_in(input, check, shape, value, &member))
            return true;
    }
    return false;
}

/* A list or an object that stands in the file and becomes part of the input at `place`. */
static void check_where_it_stands(const struct parity_scenario_input *input, checker *check,
                                  const struct parity_shape *shape, const json_t *value,
                                  const struct parity_place *place)
{
    const struct parity_scenario_checking *checking = input->checking;
    const struct parity_scenario_steps *steps = &checking->scenario->steps;
    struct parity_place let = parity_place_member(checking->test, "let");
    struct parity_place list = parity_place_member(checking->test, "steps");
    const struct parity_scenario_input further = {.checking = checking,
                                                  .operation = input->operation,
                                                  .user = input->user ? input->user : place,
                                                  .around =
                                                      input->around + parity_place_depth(place)};

    if (further.around > DEEPEST || *checking->looked_at > MOST)
        return;
    if (check_in(&further, check, shape, value, &let))
        return;
    for (size_t i = 0; i < steps->count; i++) {
        struct parity_place step = parity_place_item(&list, i);
        struct parity_place stands = parity_place_member(&step, "value");

        if (steps->items[i].value && check_in(&further, check, shape, value, &stands))
            return;
    }
}

/* --- members -----------------------------------------------------------------------------------
 */

static void check_required(const struct parity_scenario_input *input,
                           const struct parity_shape *shape, const struct parity_place *place)
{
    size_t count = shape ? parity_shape_member_count(shape) : 0;

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (parity_shape_has(member, PARITY_TRAIT_REQUIRED) &&
            !json_object_get(place->value, parity_shape_member_name(member)) &&
            !parity_scenario_is_filled_in(input->operation, member))
            parity_scenario_complain_of_input(input, place, "'%s' is missing, which %s requires",
                                              parity_shape_member_name(member),
                                              parity_operation_name(input->operation));
    }
}

static void check_union(const struct parity_scenario_input *input, const struct parity_shape *shape,
                        const struct parity_place *place)
{
    size_t count = json_object_size(place->value);

    if (shape && parity_shape_has(shape, PARITY_TRAIT_UNION) && count != 1)
        parity_scenario_complain_of_input(input, place,
                                          "must have exactly one member, as %s has it, not %zu",
                                          parity_operation_name(input->operation), count);
}

/* @return whether the member's name is known only when references are resolved */
static bool check_member(const struct parity_scenario_input *input,
                         const struct parity_shape *shape, const struct parity_place *member,
                         size_t length)
{
    const struct parity_shape *known = shape ? parity_shape_member(shape, member->name) : NULL;
    bool is_made = parity_reference_opens(member->name, length);

    if (known) {
        check_value(input, known, member);
        return false;
    }
    if (is_made)
        check_name(input, member, length);
    else
        complain_unknown(input, shape, member);
    check_paths(input, member);
    return is_made;
}

static void check_members(const struct parity_scenario_input *input,
                          const struct parity_shape *shape, const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    bool has_made_names = false;

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        has_made_names |= check_member(input, shape, &member, json_object_iter_key_len(m));
    }
    if (has_made_names)
        return;
    check_union(input, shape, place);
    check_required(input, shape, place);
}

static void check_list(const struct parity_scenario_input *input, const struct parity_shape *member,
                       const struct parity_place *place)
{
    for (size_t i = 0; i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        check_value(input, member, &item);
    }
}

static void check_map(const struct parity_scenario_input *input, const struct parity_shape *shape,
                      const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);
        size_t length = json_object_iter_key_len(m);
        struct parity_buffer fault = {0};

        if (parity_reference_opens(member.name, length))
            check_name(input, &member, length);
        else
            fault = parity_validate_length(parity_shape_map_key(shape),
                                           parity_utf8_count(member.name, length),
                                           "characters in its key");
        tell(input, &member, &fault);
        check_value(input, parity_shape_map_value(shape), &member);
    }
}

/* Each event is an object with its name as the only member; exceptions come in answers only. */
static void check_event(const struct parity_scenario_input *input,
                        const struct parity_shape *stream, const struct parity_place *place)
{
    void *m = json_object_iter((json_t *)(uintptr_t)place->value); /* takes no const */
    const struct parity_shape *event;
    struct parity_place member;

    if (!json_is_object(place->value) || json_object_size(place->value) != 1) {
        parity_scenario_complain_of_input(
            input, place, "must be an event: an object with its name as the only member");
        return;
    }
    member = parity_place_at(place, m);
    event = parity_shape_member(stream, member.name);
    if (event && !parity_shape_has(event, PARITY_TRAIT_EXCEPTION))
        check_value(input, event, &member);
    else if (!parity_reference_opens(member.name, json_object_iter_key_len(m)))
        complain_unknown(input, stream, &member);
}

/* An event that is a reference. */
static void check_event_reference(const struct parity_scenario_input *input,
                                  const struct parity_shape *stream,
                                  const struct parity_place *place)
{
    struct parity_scenario_found found =
        parity_scenario_stands_for(input->checking, place->value, input->user ? NULL : place);
    enum parity_json_kind kind;

    if (!parity_scenario_kind_of(&found, &kind))
        return;
    if (kind != PARITY_JSON_OBJECT)
        parity_scenario_complain_of_input(input, place, "must be an event; %.80s is %s",
                                          json_string_value(place->value),
                                          parity_scenario_kind_text(kind));
    else if (found.value)
        check_where_it_stands(input, check_event, stream, found.value, place);
}

static void check_events(const struct parity_scenario_input *input,
                         const struct parity_shape *stream, const struct parity_place *place)
{
    for (size_t i = 0; i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        if (parity_scenario_is_reference(item.value))
            check_event_reference(input, stream, &item);
        else
            check_event(input, stream, &item);
    }
}

/* --- types -------------------------------------------------------------------------------------
 */

/* Times are also given as texts or as seconds since 1970. */
static bool is_time(enum parity_json_kind kind)
{
    return kind == PARITY_JSON_DATETIME || kind == PARITY_JSON_STRING ||
           kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL;
}

const char *parity_scenario_unmet(const struct parity_operation *operation,
                                  const struct parity_shape *shape, enum parity_json_kind kind)
{
    if (parity_scenario_is_made_from(operation, shape, kind))
        return NULL;
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (parity_shape_has(shape, PARITY_TRAIT_EVENT_STREAM))
            return kind == PARITY_JSON_ARRAY ? NULL : "a list of events";
        return kind == PARITY_JSON_OBJECT ? NULL : "an object";
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
        return is_time(kind) ? NULL : "a time";
    }
    return NULL;
}

bool parity_scenario_takes_anything(const struct parity_shape *shape)
{
    return parity_shape_has(shape, PARITY_TRAIT_DOCUMENT) ||
           (parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE) &&
            parity_shape_location(shape) == PARITY_LOCATION_HEADER);
}

/* Documents are plain JSON, however they are sent. */
static void check_document(const struct parity_scenario_input *input,
                           const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    struct parity_scenario_found found =
        parity_scenario_stands_for(input->checking, place->value, NULL); /* told by check_paths() */
    enum parity_json_kind kind;

    if (parity_scenario_kind_of(&found, &kind) &&
        (kind == PARITY_JSON_BYTES || kind == PARITY_JSON_DATETIME)) {
        parity_scenario_complain_of_input(
            input, place, "must be plain JSON, as %s has it; it is %s",
            parity_operation_name(input->operation), parity_scenario_kind_text(kind));
        return;
    }
    for (size_t i = 0; i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        check_document(input, &item);
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        check_document(input, &member);
    }
}

/* A text as it will be sent, if that is known: no reference stands in it, and what is escaped is
 * plain. New; NULL: it is not. */
static json_t *known_text(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;
    struct parity_buffer plain = {0};
    json_t *known = NULL;

    if (!parity_reference_opens(text, length))
        return json_incref((json_t *)(uintptr_t)value); /* frozen, see source.h */
    while ((piece = parity_reference_next(&reader, &text, &length)) == PARITY_PIECE_TEXT)
        parity_buffer_add(&plain, text, length);
    if (piece == PARITY_PIECE_END && !plain.failed)
        known = json_stringn_nocheck(plain.data, plain.length);
    parity_buffer_clear(&plain);
    return known;
}

/* Limits of a value that stands in the file. @param place  the value's, or a reference to it */
static void check_limits(const struct parity_scenario_input *input,
                         const struct parity_shape *shape, const json_t *value,
                         const struct parity_place *place)
{
    json_t *known = json_is_string(value) ? known_text(value) : NULL;
    struct parity_buffer fault = {0};

    if (json_is_string(value))
        value = known;
    if (json_is_array(value))
        fault = parity_validate_length(shape, json_array_size(value), "items");
    else if (value && (known || !parity_reference_occurs(value)) &&
             !parity_scenario_is_made_from(input->operation, shape, parity_json_kind(value)))
        fault = parity_validate_scalar(shape, value);
    tell(input, place, &fault);
    parity_scenario_check_custom(input, shape, value, place);
    json_decref(known);
}

/* --- references --------------------------------------------------------------------------------
 */

static void check_reference(const struct parity_scenario_input *input,
                            const struct parity_shape *shape, const struct parity_place *place)
{
    const char *text = json_string_value(place->value), *wanted = NULL;
    struct parity_scenario_found found =
        parity_scenario_stands_for(input->checking, place->value, input->user ? NULL : place);
    enum parity_json_kind kind;

    if (!parity_scenario_kind_of(&found, &kind))
        return;
    wanted = parity_scenario_unmet(input->operation, shape, kind);
    if (wanted && parity_scenario_is_file(input->operation, shape, found.value))
        return;
    if (wanted)
        parity_scenario_complain_of_input(input, place, "must be %s, as %s has it; %.80s is %s",
                                          wanted, parity_operation_name(input->operation), text,
                                          parity_scenario_kind_text(kind));
    else if (found.value && (kind == PARITY_JSON_ARRAY || kind == PARITY_JSON_OBJECT))
        check_where_it_stands(input, check_value, shape, found.value, place);
    else if (found.value)
        check_limits(input, shape, found.value, place);
    else
        parity_scenario_check_answer(input, shape, &found, place);
}

/* --- values ------------------------------------------------------------------------------------
 */

static void check_inside(const struct parity_scenario_input *input,
                         const struct parity_shape *shape, const struct parity_place *place)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (parity_shape_has(shape, PARITY_TRAIT_EVENT_STREAM))
            check_events(input, shape, place);
        else
            check_members(input, shape, place);
        break;
    case PARITY_SHAPE_LIST:
        check_limits(input, shape, place->value, place);
        check_list(input, parity_shape_list_member(shape), place);
        break;
    case PARITY_SHAPE_MAP:
        check_map(input, shape, place);
        break;
    default:
        check_limits(input, shape, place->value, place);
        if (json_is_object(place->value)) /* the source of a copy */
            check_paths(input, place);
        break;
    }
}

static void check_value(const struct parity_scenario_input *input, const struct parity_shape *shape,
                        const struct parity_place *place)
{
    const char *wanted;

    ++*input->checking->looked_at;
    if (parity_scenario_takes_anything(shape)) {
        check_paths(input, place);
        if (parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
            check_document(input, place);
        return;
    }
    if (parity_scenario_is_reference(place->value)) {
        check_reference(input, shape, place);
        return;
    }
    wanted = parity_scenario_unmet(input->operation, shape, parity_json_kind(place->value));
    if (wanted && !parity_scenario_is_file(input->operation, shape, place->value))
        parity_scenario_complain_of_input(input, place, "must be %s, as %s has it", wanted,
                                          parity_operation_name(input->operation));
    else if (!wanted)
        check_inside(input, shape, place);
    if (wanted || (json_is_string(place->value) && parity_reference_occurs(place->value)))
        check_paths(input, place);
}

void parity_scenario_check_input(const struct parity_scenario_checking *checking,
                                 const struct parity_operation *operation,
                                 const struct parity_place *place)
{
    const struct parity_scenario_input input = {.checking = checking, .operation = operation};

    check_members(&input, parity_operation_input(operation), place);
}
