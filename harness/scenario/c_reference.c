/* SPDX-License-Identifier: Apache-2.0 */
/* What references stand for, as far as it is known before anything runs. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "scenario/c_body.h"

static bool is_number(const char *part)
{
    return part[0] && strspn(part, "0123456789") == strlen(part);
}

static bool is_word(const char *part)
{
    return part[0] && !is_number(part) &&
           strspn(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               strlen(part);
}

/* One more step of a path, in C's escapes. */
static void add_part(struct parity_buffer *path, const char *part, bool is_member)
{
    if (is_number(part) && !is_member) {
        parity_buffer_printf(path, "[%s]", part);
    } else if (is_word(part)) {
        parity_buffer_printf(path, ".%s", part);
    } else {
        parity_buffer_add_text(path, "['");
        for (; *part; part++)
            parity_buffer_printf(path, "%s%c", strchr("'\\", *part) ? "\\" : "", *part);
        parity_buffer_add_text(path, "']");
    }
}

/* --- answers -----------------------------------------------------------------------------------
 */

static const struct parity_shape *shape_of_part(const struct parity_shape *shape, const char *part)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        return parity_shape_member(shape, part);
    case PARITY_SHAPE_MAP:
        return parity_shape_map_value(shape);
    case PARITY_SHAPE_LIST:
        return parity_shape_list_member(shape);
    default:
        return NULL;
    }
}

static bool is_text_shape(const struct parity_operation *operation,
                          const struct parity_shape *shape)
{
    return shape && !parity_shape_has(shape, PARITY_TRAIT_DOCUMENT) &&
           (parity_shape_type(shape) == PARITY_SHAPE_STRING ||
            parity_shape_type(shape) == PARITY_SHAPE_CHARACTER) &&
           !parity_scenario_is_decoded(operation, shape);
}

/* A call's answer as the model describes it; an error's is not described there. */
static bool look_into_answer(const struct parity_scenario_checking *checking,
                             const struct parity_scenario_step *step,
                             const struct parity_reference *reference, struct parity_buffer *path)
{
    const struct parity_operation *operation =
        step->options.expect != PARITY_EXPECT_SUCCESS
            ? NULL
            : parity_scenario_operation(checking, step, NULL);
    const struct parity_shape *shape = operation ? parity_operation_output(operation) : NULL;
    const char *at = reference->path;
    char part[256];

    while (parity_reference_part(reference, &at, part, sizeof part)) {
        add_part(path, part,
                 shape && (parity_shape_type(shape) == PARITY_SHAPE_STRUCTURE ||
                           parity_shape_type(shape) == PARITY_SHAPE_MAP));
        shape = shape ? shape_of_part(shape, part) : NULL;
    }
    if (!operation && at)
        return strcmp(path->data, "$.Error.Code") == 0 ||
               strcmp(path->data, "$.Error.Message") == 0;
    return is_text_shape(operation, shape);
}

/* --- what the file says ------------------------------------------------------------------------
 */

/* A text that C's strings can hold, or one made of such texts. */
static bool is_text_value(const struct parity_scenario_checking *checking, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    struct parity_reference reference;
    struct parity_buffer path = {0};
    bool is_text;

    if (!text || strlen(text) != length || !parity_utf8_is_valid(text, length))
        return false;
    if (!parity_reference_is_whole(text, length))
        return true;
    parity_reference_read(text + 2, length - 3, &reference);
    is_text = parity_c_look(checking, &reference, &path);
    parity_buffer_clear(&path);
    return is_text;
}

/* Values of `let` and of steps with a `value`; behind a reference nothing is known. */
static bool look_into_value(const struct parity_scenario_checking *checking, const json_t *value,
                            const struct parity_reference *reference, struct parity_buffer *path)
{
    const char *at = reference->path;
    char part[256];

    while (parity_reference_part(reference, &at, part, sizeof part)) {
        add_part(path, part, json_is_object(value));
        value = json_is_array(value) ? json_array_get(value, strtoul(part, NULL, 10))
                                     : json_object_get(value, part);
    }
    return is_text_value(checking, value);
}

bool parity_c_look(const struct parity_scenario_checking *checking,
                   const struct parity_reference *reference, struct parity_buffer *path)
{
    const struct parity_scenario *scenario = checking->scenario;
    const json_t *let = json_object_get(json_object_get(scenario->test, "let"), reference->head);

    parity_buffer_add_text(path, "$");
    if (reference->kind != PARITY_REFERENCE_NAME)
        return true;
    if (let)
        return look_into_value(checking, let, reference, path);
    for (size_t i = 0; i < scenario->steps.count; i++) {
        const struct parity_scenario_step *step = &scenario->steps.items[i];

        if (!step->as || strcmp(step->as, reference->head) != 0)
            continue;
        if (step->value)
            return look_into_value(checking, step->value, reference, path);
        return look_into_answer(checking, step, reference, path);
    }
    return false;
}
