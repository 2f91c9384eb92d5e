/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an earlier step answers, given to an input as it is: its shape against the one that is
 * taken. Both are known before anything runs; what an answer leaves out is not.
 */
#include "client/protocol/member_path.h"
#include "scenario/check.h"

/* Shapes may hold themselves. */
enum { DEEPEST = 8 };

/* An answer, or a part of one, that becomes part of an input. */
struct giving {
    const struct parity_scenario_input *input;
    const struct parity_operation *giver;
    const struct parity_place *place; /* of the reference */
};

static void check_shapes(const struct giving *giving, const struct parity_shape *wanted,
                         const struct parity_shape *given, const struct parity_member_path *path,
                         size_t depth);

/* @param what  is wanted there; NULL: anything, and nothing is given */
static void complain(const struct giving *giving, const struct parity_member_path *path,
                     const char *what, enum parity_json_kind kind)
{
    const char *taker = parity_operation_name(giving->input->operation);
    const char *text = json_string_value(giving->place->value);
    struct parity_buffer below = {0};

    parity_member_path_write(&below, path, "");
    if (below.failed)
        return;
    if (what)
        parity_scenario_complain_of_input(
            giving->input, giving->place, "'%.100s' must be %s, as %s has it; in %.80s it is %s",
            below.data, what, taker, text, parity_scenario_kind_text(kind));
    else
        parity_scenario_complain_of_input(giving->input, giving->place,
                                          "'%.100s' is missing in %.80s, which %s requires",
                                          below.data, text, taker);
    parity_buffer_clear(&below);
}

static void check_members(const struct giving *giving, const struct parity_shape *wanted,
                          const struct parity_shape *given, const struct parity_member_path *path,
                          size_t depth)
{
    for (size_t i = 0; i < parity_shape_member_count(wanted); i++) {
        const struct parity_shape *member = parity_shape_member_at(wanted, i);
        const char *name = parity_shape_member_name(member);
        const struct parity_shape *there = parity_shape_member(given, name);
        struct parity_member_path below = {.parent = path, .name = name};

        if (there)
            check_shapes(giving, member, there, &below, depth + 1);
        else if (parity_scenario_must_be_given(giving->input->operation, member))
            complain(giving, &below, NULL, PARITY_JSON_NULL);
    }
}

static void check_inside(const struct giving *giving, const struct parity_shape *wanted,
                         const struct parity_shape *given, const struct parity_member_path *path,
                         size_t depth)
{
    enum parity_shape_type type = parity_shape_type(wanted);
    struct parity_member_path below = {.parent = path};

    if (depth > DEEPEST || parity_shape_type(given) != type)
        return;
    if (type == PARITY_SHAPE_STRUCTURE) {
        check_members(giving, wanted, given, path, depth);
    } else if (type == PARITY_SHAPE_LIST) {
        check_shapes(giving, parity_shape_list_member(wanted), parity_shape_list_member(given),
                     &below, depth + 1);
    } else if (type == PARITY_SHAPE_MAP) {
        below.name = "*";
        check_shapes(giving, parity_shape_map_value(wanted), parity_shape_map_value(given), &below,
                     depth + 1);
    }
}

static void check_shapes(const struct giving *giving, const struct parity_shape *wanted,
                         const struct parity_shape *given, const struct parity_member_path *path,
                         size_t depth)
{
    const struct parity_scenario_found found = {.shape = given, .operation = giving->giver};
    enum parity_json_kind kind;
    const char *what = NULL;

    if (parity_shape_same(wanted, given) || parity_scenario_takes_anything(wanted) ||
        !parity_scenario_kind_of(&found, &kind))
        return;
    what = parity_scenario_unmet(giving->input->operation, wanted, kind);
    if (what)
        complain(giving, path, what, kind);
    else
        check_inside(giving, wanted, given, path, depth);
}

/* All answers have metadata, which inputs do not take. */
static void check_whole(const struct giving *giving, const struct parity_shape *wanted)
{
    if (parity_shape_type(wanted) == PARITY_SHAPE_STRUCTURE &&
        !parity_shape_member(wanted, "ResponseMetadata"))
        parity_scenario_complain_of_input(
            giving->input, giving->place,
            "unknown parameter 'ResponseMetadata': %.80s is a whole answer, which has it",
            json_string_value(giving->place->value));
}

void parity_scenario_check_answer(const struct parity_scenario_input *input,
                                  const struct parity_shape *shape,
                                  const struct parity_scenario_found *found,
                                  const struct parity_place *place)
{
    const struct giving giving = {.input = input, .giver = found->operation, .place = place};

    if (found->step)
        check_whole(&giving, shape);
    else if (found->shape)
        check_inside(&giving, shape, found->shape, NULL, 0);
}
