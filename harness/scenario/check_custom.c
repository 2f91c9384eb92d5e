/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of an input that the client makes something else of before the input is held to its
 * shape: sources of copies, what becomes base64, bodies that stand in files, names of buckets.
 */
#include <string.h>

#include "base/json.h"
#include "client/customization.h"
#include "scenario/check.h"

/* Whether a shape is that of a member of the input itself; what lies in it is left as it is. */
static bool is_outermost(const struct parity_operation *operation, const struct parity_shape *shape)
{
    const struct parity_shape *input = parity_operation_input(operation);
    const char *name = parity_shape_member_name(shape);

    return input && name && parity_shape_member(input, name) == shape;
}

/* Whether this is done to the member. */
static bool is_done(const struct parity_operation *operation, const struct parity_shape *shape,
                    enum parity_custom what)
{
    const struct parity_customization *entry = NULL;

    while ((entry = parity_customization_next(operation, entry)))
        if (entry->what == what && is_outermost(operation, shape) &&
            strcmp(parity_customization_text(entry, "member"), parity_shape_member_name(shape)) ==
                0)
            return true;
    return false;
}

bool parity_scenario_is_filled_in(const struct parity_operation *operation,
                                  const struct parity_shape *member)
{
    if (parity_shape_has(member, PARITY_TRAIT_IDEMPOTENCY_TOKEN) && is_outermost(operation, member))
        return true;
    return is_done(operation, member, PARITY_CUSTOM_DEFAULT_INPUT);
}

bool parity_scenario_is_made_from(const struct parity_operation *operation,
                                  const struct parity_shape *shape, enum parity_json_kind kind)
{
    switch (kind) {
    case PARITY_JSON_OBJECT:
        return is_done(operation, shape, PARITY_CUSTOM_COPY_SOURCE);
    case PARITY_JSON_BYTES:
        return is_done(operation, shape, PARITY_CUSTOM_BASE64_INPUT) ||
               is_done(operation, shape, PARITY_CUSTOM_DIGEST_KEY);
    case PARITY_JSON_NULL:
        return is_done(operation, shape, PARITY_CUSTOM_DEFAULT_INPUT);
    default:
        return false;
    }
}

bool parity_scenario_is_file(const struct parity_operation *operation,
                             const struct parity_shape *shape, const json_t *value)
{
    const struct parity_shape *input;

    if (!json_is_object(value) || json_object_size(value) != 1 ||
        !json_is_string(json_object_get(value, "$file")))
        return false;
    input = parity_operation_input(operation);
    return input && parity_shape_raw_payload(input) == shape &&
           parity_shape_type(shape) == PARITY_SHAPE_BLOB;
}

/* The source of a copy as an object: two names, and what else is said about it. */
static void check_copy_source(const struct parity_scenario_input *input,
                              const struct parity_place *place)
{
    static const char *const names[] = {"Bucket", "Key"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct parity_place member = parity_place_member(place, names[i]);

        if (!member.value)
            parity_scenario_complain_of_input(
                input, place, "'%s' is missing, which the source of a copy needs", names[i]);
        else if (!json_is_string(member.value))
            parity_scenario_complain_of_input(input, &member, "must be a text, as %s has it",
                                              parity_operation_name(input->operation));
    }
}

static void check_bucket_name(const struct parity_scenario_input *input, const json_t *value,
                              const struct parity_place *place)
{
    struct parity_error err = {0};

    if (parity_bucket_name_check(json_string_value(value), &err) < 0)
        parity_scenario_complain_of_input(input, place, "%s", err.message);
}

void parity_scenario_check_custom(const struct parity_scenario_input *input,
                                  const struct parity_shape *shape, const json_t *value,
                                  const struct parity_place *place)
{
    if (json_is_object(value) && is_done(input->operation, shape, PARITY_CUSTOM_COPY_SOURCE))
        check_copy_source(input, place);
    if (json_is_string(value) && is_done(input->operation, shape, PARITY_CUSTOM_BUCKET_NAME))
        check_bucket_name(input, value, place);
}
