/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting what a path selects. All steps but the last are looked up; what they found is set by the
 * last one, which knows how jsonpath-ng does that.
 */
#include "transformers/jsonpath/evaluate.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

struct update {
    struct parity_path_evaluation evaluation;
    json_t *value; /* borrowed */
};

static int set_sequence(struct update *update, const struct parity_path_sequence *sequence,
                        const struct parity_path_found *from);

static int fail_nomem(struct update *update)
{
    parity_fail_nomem(update->evaluation.err);
    return -1;
}

/* Look-ups may have found what is replaced, or something below it: it lives on until the end. */
static int keep(struct update *update, json_t *replaced)
{
    if (!update->evaluation.made && !(update->evaluation.made = json_array()))
        return fail_nomem(update);
    return json_array_append(update->evaluation.made, replaced) < 0 ? fail_nomem(update) : 0;
}

static int set_member(struct update *update, json_t *object, const char *key, size_t length)
{
    json_t *old = json_object_getn(object, key, length);

    if (old && keep(update, old) < 0)
        return -1;
    if (json_object_setn_new_nocheck(object, key, length, json_incref(update->value)) < 0)
        return fail_nomem(update);
    return 0;
}

static int set_item(struct update *update, json_t *list, size_t index)
{
    if (keep(update, json_array_get(list, index)) < 0)
        return -1;
    return json_array_set(list, index, update->value) < 0 ? fail_nomem(update) : 0;
}

/* Python's `name in value`, for what is no object. */
static bool contains(const json_t *value, const struct parity_path_step *step)
{
    if (json_is_string(value))
        return step->name_length == 0 || memmem(json_string_value(value), json_string_length(value),
                                                step->name, step->name_length);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);

        if (json_is_string(item) && json_string_length(item) == step->name_length &&
            memcmp(json_string_value(item), step->name, step->name_length) == 0)
            return true;
    }
    return false;
}

static int set_name(struct update *update, const struct parity_path_step *step,
                    const struct parity_path_found *from)
{
    enum parity_json_kind kind = parity_json_kind(from->value);
    bool is_sequence = kind == PARITY_JSON_STRING || kind == PARITY_JSON_ARRAY;

    if (kind == PARITY_JSON_NULL || kind == PARITY_JSON_BOOLEAN)
        return 0;
    if (kind == PARITY_JSON_OBJECT)
        return json_object_getn(from->value, step->name, step->name_length)
                   ? set_member(update, from->value, step->name, step->name_length)
                   : 0;
    if (is_sequence && !contains(from->value, step))
        return 0;
    return parity_path_misfit(&update->evaluation, from->trail,
                              "the member '%.100s' is to be set in %s", step->name,
                              kind == PARITY_JSON_STRING  ? "a string that has it in its text"
                              : kind == PARITY_JSON_ARRAY ? "a list that has it as an item"
                                                          : "a value without members");
}

static int set_all_members(struct update *update, json_t *object)
{
    if (!parity_path_is_object(object))
        return 0;
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        if (keep(update, json_object_iter_value(at)) < 0)
            return -1;
        json_object_iter_set(object, at, update->value);
    }
    return 0;
}

/* The reference gives an object a member for the position, which is then written as its name. */
static int set_position_member(struct update *update, json_t *object, long long index)
{
    char name[32];
    int length = snprintf(name, sizeof name, "%lld", index);

    return set_member(update, object, name, (size_t)length);
}

static int set_index(struct update *update, long long index, const struct parity_path_found *from)
{
    enum parity_json_kind kind = parity_json_kind(from->value);
    long long size;

    if (kind == PARITY_JSON_OBJECT)
        return (long long)json_object_size(from->value) > index
                   ? set_position_member(update, from->value, index)
                   : 0;
    if (kind != PARITY_JSON_ARRAY && kind != PARITY_JSON_STRING)
        return parity_path_misfit(&update->evaluation, from->trail,
                                  "position [%lld] is to be set in a value without positions",
                                  index);
    size = kind == PARITY_JSON_ARRAY
               ? (long long)json_array_size(from->value)
               : (long long)parity_utf8_count(json_string_value(from->value),
                                              json_string_length(from->value));
    if (index >= size)
        return 0;
    if (kind == PARITY_JSON_STRING)
        return parity_path_misfit(&update->evaluation, from->trail,
                                  "position [%lld] is to be set in a string", index);
    if (index < -size)
        return parity_path_misfit(&update->evaluation, from->trail,
                                  "position [%lld] is before the first of %lld", index, size);
    return set_item(update, from->value, (size_t)(index < 0 ? index + size : index));
}

/* Set what one step finds, position by position. */
static int set_positions(struct update *update, const struct parity_path_step *step,
                         const struct parity_path_found *from)
{
    struct parity_path_set found = {0};
    int rc = parity_path_select_localstack(&update->evaluation, step, from, &found);

    for (size_t i = 0; rc == 0 && i < found.count; i++)
        rc = set_index(update, found.items[i].trail->step.index, from);
    parity_path_set_clear(&found);
    return rc;
}

/* Set a node through the container that it was found in. */
static int set_found(struct update *update, const struct parity_path_found *node)
{
    const struct parity_path_trail *trail = node->trail;
    struct parity_path_found container;

    if (!trail)
        return 0;
    if (trail->step.key)
        return set_member(update, trail->container, trail->step.key, trail->step.key_length);
    container = (struct parity_path_found){trail->container, trail->before};
    return set_index(update, trail->step.index, &container);
}

static int set_where(struct update *update, const struct parity_path_step *step,
                     const struct parity_path_found *from)
{
    struct parity_path_sequence one = {.items = (struct parity_path_step *)(uintptr_t)step,
                                       .count = 1};
    const struct parity_path_sequence *left = &step->parts[0];
    enum parity_path_step_kind last = left->items[left->count - 1].kind;
    struct parity_path_set found = {0};
    int rc;

    if (last == PARITY_STEP_THIS || last == PARITY_STEP_ROOT)
        return 0; /* as in set_step() */
    rc = parity_path_run(&update->evaluation, &one, 1, from, &found);
    for (size_t i = 0; rc == 0 && i < found.count; i++)
        rc = set_found(update, &found.items[i]);
    parity_path_set_clear(&found);
    return rc;
}

/* At every container from here down; what was set is gone into if it is one. */
static int set_below(struct update *update, const struct parity_path_sequence *sequence,
                     const struct parity_path_found *from)
{
    struct parity_path_set stack = {0};
    int rc = parity_path_push(&update->evaluation, &stack, *from);

    while (rc == 0 && stack.count > 0) {
        struct parity_path_found node = stack.items[--stack.count];
        size_t below = stack.count;

        if (!parity_json_is_container(node.value))
            continue;
        rc = set_sequence(update, sequence, &node);
        if (rc == 0)
            rc = parity_path_push_children(&update->evaluation, &stack, &node);
        for (size_t i = below, k = stack.count; rc == 0 && i + 1 < k; i++) {
            struct parity_path_found item = stack.items[i];

            stack.items[i] = stack.items[--k];
            stack.items[k] = item;
        }
    }
    parity_path_set_clear(&stack);
    return rc;
}

static int set_parts(struct update *update, const struct parity_path_step *step,
                     const struct parity_path_found *from)
{
    for (size_t i = 0; i < step->part_count; i++)
        if (set_sequence(update, &step->parts[i], from) < 0)
            return -1;
    return 0;
}

static int set_step(struct update *update, const struct parity_path_step *step,
                    const struct parity_path_found *from)
{
    switch (step->kind) {
    case PARITY_STEP_ROOT:
    case PARITY_STEP_THIS:
        return 0; /* the reference makes a value and drops it */
    case PARITY_STEP_NAME:
        return set_name(update, step, from);
    case PARITY_STEP_WILDCARD:
        return set_all_members(update, from->value);
    case PARITY_STEP_INDEX:
        return set_index(update, step->index, from);
    case PARITY_STEP_FILTER:
        return json_is_array(from->value) ? set_positions(update, step, from) : 0;
    case PARITY_STEP_SLICE:
        return set_positions(update, step, from);
    case PARITY_STEP_GROUP:
        return set_parts(update, step, from);
    case PARITY_STEP_WHERE:
        return set_where(update, step, from);
    case PARITY_STEP_DESCEND:
        return set_below(update, &step->parts[0], from);
    default:
        return parity_path_misfit(&update->evaluation, from->trail,
                                  "what ends in '|' or `parent` cannot be set");
    }
}

static int set_sequence(struct update *update, const struct parity_path_sequence *sequence,
                        const struct parity_path_found *from)
{
    struct parity_path_set found = {0};
    const struct parity_path_step *last = &sequence->items[sequence->count - 1];
    int rc = parity_path_run(&update->evaluation, sequence, sequence->count - 1, from, &found);

    for (size_t i = 0; rc == 0 && i < found.count; i++)
        rc = set_step(update, last, &found.items[i]);
    parity_path_set_clear(&found);
    return rc;
}

/* RFC 9535 says nothing about setting: every node that is selected, where it is. */
static int set_selected(struct update *update, const struct parity_path_found *root)
{
    const struct parity_path_sequence *steps = &update->evaluation.path->steps;
    struct parity_path_set found = {0};
    int rc = parity_path_run(&update->evaluation, steps, steps->count, root, &found);

    for (size_t i = 0; rc == 0 && i < found.count; i++)
        rc = set_found(update, &found.items[i]);
    parity_path_set_clear(&found);
    return rc;
}

int parity_jsonpath_update(const struct parity_jsonpath *path, json_t **document, json_t *value,
                           struct parity_error *err)
{
    struct update update = {.evaluation = {.path = path, .root = *document, .err = err},
                            .value = value};
    struct parity_path_found root = {*document, NULL};
    enum parity_path_step_kind first = path->steps.items[0].kind;
    int rc = 0;

    if (path->steps.count == 1 && (first == PARITY_STEP_ROOT || first == PARITY_STEP_THIS)) {
        json_decref(*document);
        *document = json_incref(value);
    } else if (path->dialect == PARITY_JSONPATH_RFC9535) {
        rc = set_selected(&update, &root);
    } else {
        rc = set_sequence(&update, &path->steps, &root);
    }
    parity_path_evaluation_clear(&update.evaluation);
    return rc;
}
