/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/endpoint_rules.h"
#include "client/endpoint_value.h"

/* One evaluation. */
struct evaluation {
    const struct parity_rule_set *rules;
    const struct parity_partitions *partitions;
    struct parity_arena arena;
    struct parity_value *variables; /* by slot */
    bool *assigned;                 /* by slot: has a value, be it "not set" */
    uint32_t *trail;                /* slots in the order in which conditions assigned them */
    uint32_t trail_length;
    json_t *result; /* new, once a rule has matched */
    struct parity_error *err;
};

static const uint32_t *node_at(const struct evaluation *e, uint32_t at)
{
    return parity_rule_node(e->rules, at);
}

static const char *slot_name(const struct evaluation *e, uint32_t slot)
{
    const uint32_t *names = node_at(e, e->rules->slot_names);

    return parity_rule_string(e->rules, node_at(e, names[1 + slot])[1]);
}

static int fail_memory(struct evaluation *e)
{
    parity_fail_nomem(e->err);
    return -1;
}

/* --- values ----------------------------------------------------------------------------------- */

static int evaluate(struct evaluation *e, uint32_t at, struct parity_value *out);

static int evaluate_list(struct evaluation *e, const uint32_t *node, struct parity_value *out)
{
    uint32_t count = parity_rule_count(node);
    struct parity_value *items = parity_arena_get(&e->arena, count * sizeof *items);

    if (!items)
        return fail_memory(e);
    for (uint32_t i = 0; i < count; i++)
        if (evaluate(e, node[1 + i], &items[i]) < 0)
            return -1;
    *out = (struct parity_value){.kind = PARITY_VALUE_LIST, .as.list = {items, count}};
    return 0;
}

static int append_text(struct evaluation *e, struct parity_buffer *text, uint32_t at)
{
    struct parity_value value;
    const uint32_t *node = node_at(e, at);

    if (evaluate(e, at, &value) < 0)
        return -1;
    switch (value.kind) {
    case PARITY_VALUE_STRING:
        parity_buffer_add(text, value.as.string.text, value.as.string.length);
        return 0;
    case PARITY_VALUE_BOOLEAN: /* as Python's str() has them */
        parity_buffer_add_text(text, value.as.boolean ? "True" : "False");
        return 0;
    case PARITY_VALUE_INTEGER:
        parity_buffer_printf(text, "%ld", value.as.integer);
        return 0;
    default:
        parity_fail(e->err, PARITY_E_INVALID, NULL,
                    "endpoint rules: a text wants the value of '%s', which is %s",
                    slot_name(e, node[1]), parity_value_kind_name(&value));
        return -1;
    }
}

static int evaluate_template(struct evaluation *e, const uint32_t *node, struct parity_value *out)
{
    struct parity_buffer text = {0};
    char *copy = NULL;
    int rc = 0;

    for (uint32_t i = 0; i < parity_rule_count(node) && rc == 0; i++)
        rc = append_text(e, &text, node[1 + i]);
    if (rc == 0) {
        copy = text.failed ? NULL : parity_arena_get(&e->arena, text.length + 1);
        rc = copy ? 0 : fail_memory(e);
    }
    if (copy) {
        memcpy(copy, text.length ? text.data : "", text.length);
        copy[text.length] = '\0';
        *out = parity_value_string(copy, text.length);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* The two functions that must not look at all of their arguments. */
static int evaluate_lazily(struct evaluation *e, const uint32_t *node, struct parity_value *out)
{
    uint32_t count = parity_rule_count(node);

    if (parity_rule_function(node) == PARITY_FUNCTION_ITE) {
        if (evaluate(e, node[1], out) < 0)
            return -1;
        return evaluate(e, node[parity_value_is_true(out) ? 2 : 3], out);
    }
    *out = (struct parity_value){.kind = PARITY_VALUE_NONE};
    for (uint32_t i = 0; i < count && out->kind == PARITY_VALUE_NONE; i++)
        if (evaluate(e, node[1 + i], out) < 0)
            return -1;
    return 0;
}

static int evaluate_call(struct evaluation *e, const uint32_t *node, struct parity_value *out)
{
    const struct parity_function *function = parity_function_get(parity_rule_function(node));
    const struct parity_function_call call = {&e->arena, e->partitions, e->err};
    struct parity_value arguments[4];

    if (function->lazy)
        return evaluate_lazily(e, node, out);
    for (uint32_t i = 0; i < function->arguments; i++)
        if (evaluate(e, node[1 + i], &arguments[i]) < 0)
            return -1;
    return function->run(&call, arguments, out);
}

static int evaluate_attribute(struct evaluation *e, const uint32_t *node, struct parity_value *out)
{
    *out = e->variables[node[1]];
    for (uint32_t i = 2; i <= parity_rule_count(node); i++) {
        const char *name = parity_rule_string(e->rules, node[i]);

        *out = parity_value_field(out, name, strlen(name));
    }
    return 0;
}

static int evaluate(struct evaluation *e, uint32_t at, struct parity_value *out)
{
    const uint32_t *node = node_at(e, at);
    const char *text;

    *out = (struct parity_value){.kind = PARITY_VALUE_NONE};
    switch (parity_rule_kind(node)) {
    case PARITY_NODE_FALSE:
    case PARITY_NODE_TRUE:
        *out = parity_value_boolean(parity_rule_kind(node) == PARITY_NODE_TRUE);
        return 0;
    case PARITY_NODE_INTEGER:
        *out = (struct parity_value){.kind = PARITY_VALUE_INTEGER, .as.integer = (int32_t)node[1]};
        return 0;
    case PARITY_NODE_TEXT:
        text = parity_rule_string(e->rules, node[1]);
        *out = parity_value_string(text, strlen(text));
        return 0;
    case PARITY_NODE_VARIABLE:
        *out = e->variables[node[1]];
        return 0;
    case PARITY_NODE_ATTRIBUTE:
        return evaluate_attribute(e, node, out);
    case PARITY_NODE_TEMPLATE:
        return evaluate_template(e, node, out);
    case PARITY_NODE_CALL:
        return evaluate_call(e, node, out);
    case PARITY_NODE_LIST:
        return evaluate_list(e, node, out);
    default:
        return 0;
    }
}

/* --- results ---------------------------------------------------------------------------------- */

static json_t *value_to_json(struct evaluation *e, const struct parity_value *value)
{
    json_t *list;

    switch (value->kind) {
    case PARITY_VALUE_BOOLEAN:
        return json_boolean(value->as.boolean);
    case PARITY_VALUE_INTEGER:
        return json_integer(value->as.integer);
    case PARITY_VALUE_STRING:
        return json_stringn_nocheck(value->as.string.text, value->as.string.length);
    case PARITY_VALUE_LIST:
        list = json_array();
        for (size_t i = 0; list && i < value->as.list.count; i++)
            if (json_array_append_new(list, value_to_json(e, &value->as.list.items[i])) < 0) {
                json_decref(list);
                return NULL;
            }
        return list;
    default:
        return json_null();
    }
}

static json_t *node_to_json(struct evaluation *e, uint32_t at);

static json_t *object_to_json(struct evaluation *e, const uint32_t *node)
{
    json_t *object = json_object();

    for (uint32_t i = 1; object && i < parity_rule_count(node); i += 2)
        if (json_object_set_new_nocheck(object, parity_rule_string(e->rules, node[i]),
                                        node_to_json(e, node[i + 1])) < 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

static json_t *list_to_json(struct evaluation *e, const uint32_t *node)
{
    json_t *list = json_array();

    for (uint32_t i = 1; list && i <= parity_rule_count(node); i++)
        if (json_array_append_new(list, node_to_json(e, node[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* Objects and lists as they stand, with everything in them evaluated. New; NULL: see e->err. */
static json_t *node_to_json(struct evaluation *e, uint32_t at)
{
    const uint32_t *node = node_at(e, at);
    struct parity_value value;
    json_t *json = NULL;

    if (parity_rule_kind(node) == PARITY_NODE_OBJECT)
        json = object_to_json(e, node);
    else if (parity_rule_kind(node) == PARITY_NODE_LIST)
        json = list_to_json(e, node);
    else if (evaluate(e, at, &value) == 0)
        json = value_to_json(e, &value);
    if (!json)
        parity_fail_nomem(e->err); /* keeps an earlier reason */
    return json;
}

static int set_result(struct evaluation *e, uint32_t kind, const uint32_t *words)
{
    static const char *const members[] = {"url", "headers", "properties"};
    uint32_t count = kind == PARITY_NODE_ERROR ? 1 : 3;

    e->result = json_object();
    if (!e->result)
        return fail_memory(e);
    for (uint32_t i = 0; i < count; i++) {
        json_t *value = node_to_json(e, words[i]);

        if (!value)
            return -1;
        if (json_object_set_new_nocheck(e->result, kind == PARITY_NODE_ERROR ? "error" : members[i],
                                        value) < 0)
            return fail_memory(e);
    }
    return 1;
}

/* --- rules ------------------------------------------------------------------------------------ */

static int assign(struct evaluation *e, uint32_t slot, const struct parity_value *value)
{
    if (e->assigned[slot]) {
        parity_fail(e->err, PARITY_E_PARSE, NULL, "endpoint rules: '%s' is assigned twice",
                    slot_name(e, slot));
        return -1;
    }
    e->assigned[slot] = true;
    e->variables[slot] = *value;
    e->trail[e->trail_length++] = slot;
    return 0;
}

static void forget(struct evaluation *e, uint32_t trail_length)
{
    while (e->trail_length > trail_length) {
        uint32_t slot = e->trail[--e->trail_length];

        e->assigned[slot] = false;
        e->variables[slot] = (struct parity_value){.kind = PARITY_VALUE_NONE};
    }
}

/* Returns 1 when all are met, 0 when one is not. */
static int check_conditions(struct evaluation *e, const uint32_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct parity_value value;
        uint32_t slot = words[2 * i + 1];

        if (evaluate(e, words[2 * i], &value) < 0)
            return -1;
        if (slot && assign(e, slot - 1, &value) < 0)
            return -1;
        if (!parity_value_meets(&value))
            return 0;
    }
    return 1;
}

/* Returns 1 when the rule has given the result, 0 when the next one is to be tried. */
static int run_rule(struct evaluation *e, uint32_t at)
{
    const uint32_t *node = node_at(e, at);
    uint32_t conditions = node[1], trail = e->trail_length;
    const uint32_t *words = node + 2 + 2 * conditions;
    uint32_t left = parity_rule_count(node) - 1 - 2 * conditions;
    int rc = check_conditions(e, node + 2, conditions);

    if (rc == 1 && parity_rule_kind(node) == PARITY_NODE_TREE) {
        rc = 0;
        for (uint32_t i = 0; i < left && rc == 0; i++)
            rc = run_rule(e, words[i]);
    } else if (rc == 1) {
        rc = set_result(e, parity_rule_kind(node), words);
    }
    forget(e, trail);
    return rc;
}

/* --- parameters ------------------------------------------------------------------------------- */

static int read_list(struct evaluation *e, const json_t *list, struct parity_value *out)
{
    size_t count = json_array_size(list);
    struct parity_value *items = parity_arena_get(&e->arena, (count + 1) * sizeof *items);

    if (!items)
        return fail_memory(e);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);

        if (!json_is_string(item))
            return 0; /* stays "not set", which the caller reports */
        items[i] = parity_value_string(json_string_value(item), json_string_length(item));
    }
    *out = (struct parity_value){.kind = PARITY_VALUE_LIST, .as.list = {items, count}};
    return 0;
}

static int read_given(struct evaluation *e, const char *name, enum parity_parameter_type type,
                      const json_t *given, struct parity_value *out)
{
    static const char *const wanted[] = {"a string", "a boolean", "a list of strings"};

    if (type == PARITY_PARAMETER_STRING && json_is_string(given))
        *out = parity_value_string(json_string_value(given), json_string_length(given));
    else if (type == PARITY_PARAMETER_BOOLEAN && json_is_boolean(given))
        *out = parity_value_boolean(json_is_true(given));
    else if (type == PARITY_PARAMETER_LIST && json_is_array(given) && read_list(e, given, out) < 0)
        return -1;
    if (out->kind != PARITY_VALUE_NONE)
        return 0;
    parity_fail(e->err, PARITY_E_INVALID, NULL, "endpoint parameter '%s' must be %s", name,
                wanted[type]);
    return -1;
}

static int read_parameter(struct evaluation *e, const uint32_t *parameter, const json_t *params)
{
    const char *name = parity_rule_string(e->rules, parameter[1]);
    uint32_t slot = parameter[2];
    const json_t *given = json_object_get(params, name);
    struct parity_value *value = &e->variables[slot];

    if (given && !json_is_null(given)) {
        if (read_given(e, name, (enum parity_parameter_type)parameter[3], given, value) < 0)
            return -1;
    } else if (parameter[5]) {
        if (evaluate(e, parameter[5], value) < 0)
            return -1;
    } else if (parameter[4]) {
        parity_fail(e->err, PARITY_E_INVALID, NULL, "endpoint parameter '%s' is required", name);
        return -1;
    }
    e->assigned[slot] = value->kind != PARITY_VALUE_NONE;
    return 0;
}

/* A name that no rule can ask for is a spelling mistake. */
static int refuse_unknown(struct evaluation *e, const json_t *params)
{
    const uint32_t *list = node_at(e, e->rules->parameters);
    const char *given, *nearest = NULL;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)params, given, value) {
        bool known = false;

        for (uint32_t i = 1; i <= parity_rule_count(list) && !known; i++)
            known = strcmp(parity_rule_string(e->rules, node_at(e, list[i])[1]), given) == 0;
        if (known)
            continue;
        for (uint32_t i = 1; i <= parity_rule_count(list); i++)
            nearest = parity_suggest(given, nearest,
                                     parity_rule_string(e->rules, node_at(e, list[i])[1]));
        parity_fail(e->err, PARITY_E_INVALID, NULL, "unknown endpoint parameter '%s'%s%s%s", given,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
        return -1;
    }
    return 0;
}

static int read_parameters(struct evaluation *e, const json_t *params)
{
    const uint32_t *list = node_at(e, e->rules->parameters);

    for (uint32_t i = 1; i <= parity_rule_count(list); i++)
        if (read_parameter(e, node_at(e, list[i]), params) < 0)
            return -1;
    return refuse_unknown(e, params);
}

/* --- the whole -------------------------------------------------------------------------------- */

static int run(struct evaluation *e, const json_t *params)
{
    size_t slots = e->rules->slots;
    int rc;

    e->variables = parity_calloc(slots + 1, sizeof *e->variables);
    e->assigned = parity_calloc(slots + 1, sizeof *e->assigned);
    e->trail = parity_calloc(slots + 1, sizeof *e->trail);
    if (!e->variables || !e->assigned || !e->trail)
        return fail_memory(e);
    if (read_parameters(e, params) < 0)
        return -1;
    rc = run_rule(e, e->rules->root);
    if (rc != 0)
        return rc < 0 ? -1 : 0;
    e->result = json_pack("{s:s}", "error", "No endpoint found for these parameters");
    return e->result ? 0 : fail_memory(e);
}

int parity_rule_set_evaluate(const struct parity_rule_set *rules,
                             const struct parity_partitions *partitions, const json_t *params,
                             json_t **out, struct parity_error *err)
{
    struct evaluation e = {.rules = rules, .partitions = partitions, .err = err};
    int rc = run(&e, params);

    parity_arena_clear(&e.arena);
    parity_free(e.variables);
    parity_free(e.assigned);
    parity_free(e.trail);
    if (rc < 0) {
        json_decref(e.result);
        e.result = NULL;
    }
    *out = e.result;
    return rc;
}
