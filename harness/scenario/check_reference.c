/* SPDX-License-Identifier: Apache-2.0 */
/* References in texts: their paths against what they look into, and the types of what they stand
 * for. */
#include <stdint.h>

#include "base/json.h"
#include "scenario/check.h"

bool parity_scenario_is_reference(const json_t *value)
{
    return json_is_string(value) &&
           parity_reference_is_whole(json_string_value(value), json_string_length(value));
}

/* --- types -------------------------------------------------------------------------------------
 */

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
    struct parity_scenario_found found = parity_scenario_find(checking, reference, place);
    enum parity_json_kind kind;

    if (inside && parity_scenario_kind_of(&found, &kind) && !stands_in_texts(kind))
        parity_scenario_complain(
            checking->report, checking->scenario->source, place,
            "${%.*s} is %s: only texts, numbers, truth values and times can stand inside a text",
            (int)reference->length, reference->text, parity_scenario_kind_text(kind));
}

/* @param inside  what the references stand for becomes part of a text */
static void check_text(const struct parity_scenario_checking *checking,
                       const struct parity_place *place, const char *text, size_t length,
                       bool inside)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;

    while (parity_reference_find(&reader, &reference))
        if (reference.kind == PARITY_REFERENCE_NAME && (inside || reference.path))
            check_reference(checking, place, &reference, inside);
}

static void check_string(const struct parity_scenario_checking *checking,
                         const struct parity_place *place)
{
    const char *text = json_string_value(place->value);
    size_t length = json_string_length(place->value);

    if (parity_reference_opens(text, length))
        check_text(checking, place, text, length, !parity_reference_is_whole(text, length));
}

void parity_scenario_check_name(const struct parity_scenario_checking *checking,
                                const struct parity_place *place, size_t length)
{
    if (parity_reference_opens(place->name, length))
        check_text(checking, place, place->name, length, true);
}

void parity_scenario_check_paths(const struct parity_scenario_checking *checking,
                                 const struct parity_place *place)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */

    if (json_is_string(place->value))
        check_string(checking, place);
    for (size_t i = 0; json_is_array(place->value) && i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);

        parity_scenario_check_paths(checking, &item);
    }
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(place, m);

        parity_scenario_check_name(checking, &member, json_object_iter_key_len(m));
        parity_scenario_check_paths(checking, &member);
    }
}

const char *parity_scenario_known_text(const struct parity_scenario_checking *checking,
                                       const struct parity_place *place)
{
    struct parity_scenario_found found =
        parity_scenario_stands_for(checking, place->value, NULL); /* told by check_paths() */
    enum parity_json_kind kind;

    if (parity_scenario_kind_of(&found, &kind) && kind != PARITY_JSON_STRING)
        parity_scenario_complain(checking->report, checking->scenario->source, place,
                                 "must be a text; %.80s is %s", json_string_value(place->value),
                                 parity_scenario_kind_text(kind));
    return parity_reference_occurs(found.value) ? NULL : json_string_value(found.value);
}
