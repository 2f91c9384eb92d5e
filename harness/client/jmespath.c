/* SPDX-License-Identifier: Apache-2.0 */
#include "client/jmespath.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "client/jmespath_node.h"

/* Results are new references; NULL is a failure, which `err` names. */
static json_t *evaluate(const struct parity_jmespath_node *n, json_t *value,
                        struct parity_error *err);

static json_t *out_of_memory(struct parity_error *err)
{
    parity_fail_nomem(err);
    return NULL;
}

static json_t *checked(json_t *made, struct parity_error *err)
{
    return made ? made : out_of_memory(err);
}

/* Append unless it is null; takes `item`. */
static int append(json_t *list, json_t *item, bool keep_null, struct parity_error *err)
{
    if (!item)
        return -1;
    if (!keep_null && json_is_null(item)) {
        json_decref(item);
        return 0;
    }
    if (json_array_append_new(list, item) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

bool parity_jmespath_is_true(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_NULL:
        return false;
    case PARITY_JSON_BOOLEAN:
        return json_is_true(value);
    case PARITY_JSON_STRING:
        return json_string_length(value) > 0;
    case PARITY_JSON_ARRAY:
        return json_array_size(value) > 0;
    case PARITY_JSON_OBJECT:
        return json_object_size(value) > 0;
    default:
        return true;
    }
}

/* --- parts of lists --------------------------------------------------------------------------- */

static json_t *index_of(const struct parity_jmespath_node *n, const json_t *list)
{
    long size = (long)json_array_size(list), at = n->slice[0];

    if (at < 0)
        at += size;
    return json_is_array(list) && at >= 0 && at < size
               ? json_incref(json_array_get(list, (size_t)at))
               : json_null();
}

/* A limit of a slice as Python takes it, cut to the list. */
static long limit(const struct parity_jmespath_node *n, int part, long size, long preset)
{
    long value = n->slice[part], low = n->slice[2] < 0 ? -1 : 0;

    if (!n->given[part])
        return preset;
    if (value < 0)
        value += size;
    if (value < low)
        return low;
    return value > size + low ? size + low : value;
}

static json_t *slice_of(const struct parity_jmespath_node *n, const json_t *list,
                        struct parity_error *err)
{
    long size = (long)json_array_size(list), step = n->slice[2];
    long start = limit(n, 0, size, step < 0 ? size - 1 : 0);
    long stop = limit(n, 1, size, step < 0 ? -1 : size);
    json_t *out;

    if (!json_is_array(list))
        return json_null();
    out = checked(json_array(), err);
    for (long at = start; out && (step < 0 ? at > stop : at < stop); at += step)
        if (append(out, json_incref(json_array_get(list, (size_t)at)), true, err) < 0) {
            json_decref(out);
            return NULL;
        }
    return out;
}

static json_t *flatten(json_t *list, struct parity_error *err)
{
    json_t *out, *item;
    size_t index;

    if (!json_is_array(list))
        return json_null();
    out = checked(json_array(), err);
    json_array_foreach(list, index, item) {
        int rc = json_is_array(item) ? json_array_extend(out, item) : json_array_append(out, item);

        if (!out || rc < 0) {
            json_decref(out);
            return out_of_memory(err);
        }
    }
    return out;
}

/* --- projections ------------------------------------------------------------------------------ */

/* Apply `right` to an item unless the condition excludes it. Returns 0 or -1. */
static int project_item(json_t *out, const struct parity_jmespath_node *right,
                        const struct parity_jmespath_node *condition, json_t *item,
                        struct parity_error *err)
{
    if (condition) {
        json_t *met = evaluate(condition, item, err);
        bool is_met = met && parity_jmespath_is_true(met);

        if (!met)
            return -1;
        json_decref(met);
        if (!is_met)
            return 0;
    }
    return append(out, evaluate(right, item, err), false, err);
}

static json_t *project(const struct parity_jmespath_node *n, json_t *items,
                       struct parity_error *err)
{
    const struct parity_jmespath_node *condition =
        n->kind == PARITY_JP_FILTER_PROJECTION ? n->children[2] : NULL;
    json_t *out, *item;
    const char *key;
    size_t index;
    int rc = 0;

    if (n->kind == PARITY_JP_VALUE_PROJECTION ? !json_is_object(items) : !json_is_array(items))
        return json_null();
    out = checked(json_array(), err);
    if (!out)
        return NULL;
    json_array_foreach(items, index, item)
        if (rc == 0)
            rc = project_item(out, n->children[1], condition, item, err);
    json_object_foreach(items, key, item)
        if (rc == 0)
            rc = project_item(out, n->children[1], NULL, item, err);
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}

/* --- comparisons ------------------------------------------------------------------------------ */

static json_t *compare(const struct parity_jmespath_node *n, const json_t *left,
                       const json_t *right)
{
    double a, b;

    if (n->kind == PARITY_JP_EQ || n->kind == PARITY_JP_NE)
        return json_boolean(parity_json_equal(left, right) == (n->kind == PARITY_JP_EQ));
    if (!json_is_number(left) || !json_is_number(right))
        return json_null(); /* only numbers have an order */
    a = json_number_value(left);
    b = json_number_value(right);
    return json_boolean(n->kind == PARITY_JP_LT   ? a < b
                        : n->kind == PARITY_JP_LE ? a <= b
                        : n->kind == PARITY_JP_GT ? a > b
                                                  : a >= b);
}

/* --- lists, objects, functions ---------------------------------------------------------------- */

static json_t *make_list(const struct parity_jmespath_node *n, json_t *value,
                         struct parity_error *err)
{
    json_t *out;

    if (json_is_null(value))
        return json_null();
    out = checked(json_array(), err);
    for (size_t i = 0; out && i < n->count; i++)
        if (append(out, evaluate(n->children[i], value, err), true, err) < 0) {
            json_decref(out);
            return NULL;
        }
    return out;
}

static json_t *make_object(const struct parity_jmespath_node *n, json_t *value,
                           struct parity_error *err)
{
    json_t *out;

    if (json_is_null(value))
        return json_null();
    out = checked(json_object(), err);
    for (size_t i = 0; out && i < n->count; i++) {
        json_t *member = evaluate(n->children[i]->children[0], value, err);

        if (!member || json_object_set_new_nocheck(out, n->children[i]->text, member) < 0) {
            parity_fail_nomem(err); /* keeps an earlier reason */
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *call_function(const struct parity_jmespath_node *n, json_t *value,
                             struct parity_error *err)
{
    json_t *arguments[8] = {0}, *out = NULL;
    size_t count = 0;

    if (n->count > sizeof arguments / sizeof *arguments) {
        parity_fail(err, PARITY_E_INVALID, NULL, "JMESPath: too many arguments for %s()", n->text);
        return NULL;
    }
    while (count < n->count && (arguments[count] = evaluate(n->children[count], value, err)))
        count++;
    if (count == n->count)
        (void)parity_jmespath_call(n->text, arguments, count, &out, err);
    for (size_t i = 0; i < count; i++)
        json_decref(arguments[i]);
    return out;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* Nodes whose first child is evaluated first; takes `left`. */
static json_t *evaluate_further(const struct parity_jmespath_node *n, json_t *left, json_t *value,
                                struct parity_error *err)
{
    json_t *right, *out = NULL;
    bool truth;

    if (!left)
        return NULL;
    truth = parity_jmespath_is_true(left);
    switch (n->kind) {
    case PARITY_JP_CHAIN:
        out = evaluate(n->children[1], left, err);
        break;
    case PARITY_JP_FLATTEN:
        out = flatten(left, err);
        break;
    case PARITY_JP_NOT:
        out = json_boolean(!truth);
        break;
    case PARITY_JP_AND:
    case PARITY_JP_OR:
        out = truth == (n->kind == PARITY_JP_OR) ? json_incref(left)
                                                 : evaluate(n->children[1], value, err);
        break;
    case PARITY_JP_LIST_PROJECTION:
    case PARITY_JP_VALUE_PROJECTION:
    case PARITY_JP_FILTER_PROJECTION:
        out = project(n, left, err);
        break;
    default:
        right = evaluate(n->children[1], value, err);
        out = right ? compare(n, left, right) : NULL;
        json_decref(right);
        break;
    }
    json_decref(left);
    return out;
}

static json_t *evaluate(const struct parity_jmespath_node *n, json_t *value,
                        struct parity_error *err)
{
    json_t *member;

    switch (n->kind) {
    case PARITY_JP_CURRENT:
        return json_incref(value);
    case PARITY_JP_FIELD:
        member = json_object_get(value, n->text);
        return member ? json_incref(member) : json_null();
    case PARITY_JP_LITERAL:
        return json_incref(n->value);
    case PARITY_JP_INDEX:
        return index_of(n, value);
    case PARITY_JP_SLICE:
        return slice_of(n, value, err);
    case PARITY_JP_LIST:
        return make_list(n, value, err);
    case PARITY_JP_OBJECT:
        return make_object(n, value, err);
    case PARITY_JP_FUNCTION:
        return call_function(n, value, err);
    default:
        return evaluate_further(n, evaluate(n->children[0], value, err), value, err);
    }
}

int parity_jmespath_search(const char *expression, const json_t *document, json_t **out,
                           struct parity_error *err)
{
    struct parity_jmespath_node *root = parity_jmespath_parse(expression, err);

    /* The document is handed on as a reference only; nothing is changed in it. */
    *out = root ? evaluate(root, (json_t *)(uintptr_t)document, err) : NULL;
    parity_jmespath_node_free(root);
    return *out ? 0 : -1;
}
