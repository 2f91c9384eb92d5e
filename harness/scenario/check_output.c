/* SPDX-License-Identifier: Apache-2.0 */
/* References into answers, against the shapes of what is answered. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "client/customization.h"
#include "scenario/check.h"

/* One reference on its way through a shape or a value. */
struct looking {
    const struct parity_scenario_checking *checking;
    const struct parity_place *place;
    const struct parity_reference *reference;
};

__attribute__((format(printf, 2, 3))) static void complain(const struct looking *looking,
                                                           const char *format, ...)
{
    char text[400];
    va_list arguments;

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

static const struct parity_shape *member_of(const struct looking *looking,
                                            const struct parity_operation *operation,
                                            const struct parity_shape *shape, const char *part)
{
    const struct parity_shape *member = parity_shape_member(shape, part);
    const struct parity_customization *header =
        parity_customization_of_operation(operation, PARITY_CUSTOM_HEADER_OUTPUT);
    const char *nearest = NULL;

    if (member || (header && strcmp(part, parity_customization_text(header, "member")) == 0))
        return member;
    for (size_t i = 0; i < parity_shape_member_count(shape); i++)
        nearest = parity_suggest(part, nearest,
                                 parity_shape_member_name(parity_shape_member_at(shape, i)));
    complain(looking, "%s answers no '%s' there%s%s%s", parity_operation_name(operation), part,
             nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
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

/* The answer to a call that may be refused is not known. */
static void look_into_answer(const struct looking *looking, const struct parity_scenario_step *step)
{
    const struct parity_operation *operation =
        parity_scenario_operation(looking->checking, step, NULL);
    const struct parity_shape *shape = operation ? parity_operation_output(operation) : NULL;
    const char *at = looking->reference->path;
    char part[256];

    if (!operation || step->options.expect != PARITY_EXPECT_SUCCESS)
        return;
    if (at && strncmp(at, "ResponseMetadata", strlen("ResponseMetadata")) == 0)
        return;
    if (!shape && at) {
        complain(looking, "%s answers nothing", parity_operation_name(operation));
        return;
    }
    while (shape && parity_reference_part(looking->reference, &at, part, sizeof part))
        shape = step_into(looking, operation, shape, part);
}

/* Into a value of `let`, as far as it is written there. */
static void look_into_let(const struct looking *looking, const json_t *value)
{
    const char *at = looking->reference->path;
    char part[256];

    while (!parity_reference_occurs(value) &&
           parity_reference_part(looking->reference, &at, part, sizeof part)) {
        const json_t *next = json_object_get(value, part);

        if (json_is_array(value) && is_number(part))
            next = json_array_get(value, strtoul(part, NULL, 10));
        if (!next) {
            complain(looking, "there is no '%s' in that value of 'let'", part);
            return;
        }
        value = next;
    }
}

static void check_reference(const struct parity_scenario_checking *checking,
                            const struct parity_place *place,
                            const struct parity_reference *reference)
{
    const struct looking looking = {checking, place, reference};
    const struct parity_scenario_steps *steps = &checking->scenario->steps;
    const json_t *let;

    if (!reference->path)
        return;
    let = json_object_get(json_object_get(checking->scenario->test, "let"), reference->head);
    if (let) {
        look_into_let(&looking, let);
        return;
    }
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].as && strcmp(steps->items[i].as, reference->head) == 0)
            look_into_answer(&looking, &steps->items[i]);
}

static void check_text(const struct parity_scenario_checking *checking,
                       const struct parity_place *place, const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;

    if (!parity_reference_opens(text, length))
        return;
    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END) {
        struct parity_reference reference;

        if (piece != PARITY_PIECE_REFERENCE || !memchr(text, '.', length))
            continue; /* without a path it looks into nothing */
        parity_reference_read(text, length, &reference);
        if (reference.kind == PARITY_REFERENCE_NAME)
            check_reference(checking, place, &reference);
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
