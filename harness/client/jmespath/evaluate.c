/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/jmespath/function.h"

/* An expression can double its result with every few characters ("[@,@][]" and so on), so the work
 * is limited. */
enum { MAX_STEPS = 20 * 1000 * 1000 };

json_t *parity_jp_checked(struct parity_jp_run *run, json_t *made)
{
    if (!made)
        parity_fail_nomem(run->err);
    return made;
}

static int step(struct parity_jp_run *run)
{
    if (run->steps_left > 0) {
        run->steps_left--;
        return 0;
    }
    parity_fail(run->err, PARITY_E_LIMIT, run->expression->text,
                "evaluating the expression takes more than %d steps", MAX_STEPS);
    return -1;
}

int parity_jp_append(struct parity_jp_run *run, json_t *list, json_t *item)
{
    if (!item)
        return -1;
    if (step(run) < 0) {
        json_decref(item);
        return -1;
    }
    if (json_array_append_new(list, item) == 0)
        return 0;
    parity_fail_nomem(run->err);
    return -1;
}

static json_t *drop(json_t *value)
{
    json_decref(value);
    return NULL;
}

/* --- parts ------------------------------------------------------------------------------------ */

typedef json_t *evaluator(struct parity_jp_run *run, const struct parity_jp_node *node,
                          json_t *value);

static json_t *current(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    (void)run;
    (void)node;
    return json_incref(value);
}

static json_t *constant(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    (void)run;
    (void)value;
    return json_incref(node->value);
}

static json_t *field(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    json_t *found = NULL;

    (void)run;
    if (parity_json_kind(value) == PARITY_JSON_OBJECT)
        found = json_object_getn(value, json_string_value(node->value),
                                 json_string_length(node->value));
    return found ? json_incref(found) : json_null();
}

static json_t *element(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    long long size = (long long)json_array_size(value);
    long long at = node->start < 0 ? node->start + size : node->start;

    (void)run;
    return at >= 0 && at < size ? json_incref(json_array_get(value, (size_t)at)) : json_null();
}

/* A bound of a slice, counted from the end if negative, cut to what a walk can begin or end at. */
static long long bound(long long given, long long size, bool backwards)
{
    long long lowest = backwards ? -1 : 0, highest = backwards ? size - 1 : size;

    if (given < 0)
        given += size;
    return given < lowest ? lowest : given > highest ? highest : given;
}

static json_t *slice(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    long long size = (long long)json_array_size(value), stride = node->step;
    bool backwards = stride < 0;
    long long at = backwards ? size - 1 : 0, stop = backwards ? -1 : size;
    json_t *out;

    if (!json_is_array(value))
        return json_null();
    if (node->has_start)
        at = bound(node->start, size, backwards);
    if (node->has_stop)
        stop = bound(node->stop, size, backwards);
    /* A longer step reaches nothing more and could overflow. */
    if (stride > size + 1 || stride < -size - 1)
        stride = backwards ? -size - 1 : size + 1;
    out = parity_jp_checked(run, json_array());
    for (; out && (backwards ? at > stop : at < stop); at += stride)
        if (parity_jp_append(run, out, json_incref(json_array_get(value, (size_t)at))) < 0)
            return drop(out);
    return out;
}

/* --- projections ------------------------------------------------------------------------------ */

/* The elements of `list` behind those of `out`. */
static int append_all(struct parity_jp_run *run, json_t *out, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (parity_jp_append(run, out, json_incref(json_array_get(list, i))) < 0)
            return -1;
    return 0;
}

static json_t *flattened_list(struct parity_jp_run *run, const json_t *list)
{
    json_t *out = parity_jp_checked(run, json_array());

    for (size_t i = 0; out && i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);

        if ((json_is_array(item) ? append_all(run, out, item)
                                 : parity_jp_append(run, out, json_incref(item))) < 0)
            return drop(out);
    }
    return out;
}

static json_t *flattened(struct parity_jp_run *run, const struct parity_jp_node *node,
                         json_t *value)
{
    json_t *list = parity_jp_evaluate(run, node->left, value), *out;

    if (!list)
        return NULL;
    out = json_is_array(list) ? flattened_list(run, list) : json_null();
    json_decref(list);
    return out;
}

/* Append what `right` gives for an item, if the condition holds and it is not null. */
static int project_item(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *item,
                        json_t *out)
{
    json_t *result;

    if (node->condition) {
        json_t *met = parity_jp_evaluate(run, node->condition, item);
        bool is_met = met && parity_jmespath_is_true(met);

        if (!met)
            return -1;
        json_decref(met);
        if (!is_met)
            return 0;
    }
    result = parity_jp_evaluate(run, node->right, item);
    if (!json_is_null(result))
        return parity_jp_append(run, out, result);
    json_decref(result);
    return 0;
}

static json_t *project_list(struct parity_jp_run *run, const struct parity_jp_node *node,
                            json_t *list)
{
    json_t *out = parity_jp_checked(run, json_array());

    for (size_t i = 0; out && i < json_array_size(list); i++)
        if (project_item(run, node, json_array_get(list, i), out) < 0)
            return drop(out);
    return out;
}

static json_t *project_values(struct parity_jp_run *run, const struct parity_jp_node *node,
                              json_t *object)
{
    json_t *out = parity_jp_checked(run, json_array());

    for (void *at = json_object_iter(object); out && at; at = json_object_iter_next(object, at))
        if (project_item(run, node, json_object_iter_value(at), out) < 0)
            return drop(out);
    return out;
}

static json_t *projection(struct parity_jp_run *run, const struct parity_jp_node *node,
                          json_t *value)
{
    json_t *items = parity_jp_evaluate(run, node->left, value), *out;

    if (!items)
        return NULL;
    if (node->kind == PARITY_JP_VALUE_PROJECTION)
        out = parity_json_kind(items) == PARITY_JSON_OBJECT ? project_values(run, node, items)
                                                            : json_null();
    else
        out = json_is_array(items) ? project_list(run, node, items) : json_null();
    json_decref(items);
    return out;
}

/* --- operators -------------------------------------------------------------------------------- */

static json_t *chain(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    json_t *left = parity_jp_evaluate(run, node->left, value), *out;

    if (!left)
        return NULL;
    out = parity_jp_evaluate(run, node->right, left);
    json_decref(left);
    return out;
}

static json_t *negation(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    json_t *left = parity_jp_evaluate(run, node->left, value);
    bool truth = left && parity_jmespath_is_true(left);

    if (!left)
        return NULL;
    json_decref(left);
    return json_boolean(!truth);
}

/* Both give one of their operands, not a truth value. */
static json_t *junction(struct parity_jp_run *run, const struct parity_jp_node *node, json_t *value)
{
    json_t *left = parity_jp_evaluate(run, node->left, value);

    if (!left || parity_jmespath_is_true(left) == (node->kind == PARITY_JP_DISJUNCTION))
        return left;
    json_decref(left);
    return parity_jp_evaluate(run, node->right, value);
}

static json_t *ordered(enum parity_jp_token_kind operation, const json_t *left, const json_t *right)
{
    int order;

    if (parity_jp_is_number(left) && parity_jp_is_number(right))
        order = parity_jp_compare_numbers(left, right);
    else if (json_is_string(left) && json_is_string(right))
        order = parity_jp_compare_strings(left, right);
    else
        return json_null();
    switch (operation) {
    case PARITY_JP_LESS:
        return json_boolean(order == -1);
    case PARITY_JP_LESS_EQUAL:
        return json_boolean(order == -1 || order == 0);
    case PARITY_JP_GREATER:
        return json_boolean(order == 1);
    default:
        return json_boolean(order == 1 || order == 0);
    }
}

static json_t *comparison(struct parity_jp_run *run, const struct parity_jp_node *node,
                          json_t *value)
{
    json_t *left = parity_jp_evaluate(run, node->left, value), *out = NULL;
    json_t *right = left ? parity_jp_evaluate(run, node->right, value) : NULL;

    if (right && (node->operation == PARITY_JP_EQUAL || node->operation == PARITY_JP_UNEQUAL))
        out = json_boolean(parity_jmespath_equal(left, right) ==
                           (node->operation == PARITY_JP_EQUAL));
    else if (right)
        out = ordered(node->operation, left, right);
    json_decref(left);
    json_decref(right);
    return out;
}

/* --- new lists and objects -------------------------------------------------------------------- */

static json_t *multi_list(struct parity_jp_run *run, const struct parity_jp_node *node,
                          json_t *value)
{
    const struct parity_jp_node *item = node->items;
    json_t *out;

    if (json_is_null(value))
        return json_null();
    out = parity_jp_checked(run, json_array());
    for (; out && item; item = item->next)
        if (parity_jp_append(run, out, parity_jp_evaluate(run, item, value)) < 0)
            return drop(out);
    return out;
}

static json_t *multi_object(struct parity_jp_run *run, const struct parity_jp_node *node,
                            json_t *value)
{
    const struct parity_jp_node *item = node->items;
    json_t *out;

    if (json_is_null(value))
        return json_null();
    out = parity_jp_checked(run, json_object());
    for (; out && item; item = item->next) {
        json_t *member = parity_jp_evaluate(run, item, value);

        if (!member)
            return drop(out);
        if (json_object_setn_new_nocheck(out, json_string_value(item->key),
                                         json_string_length(item->key), member) < 0) {
            parity_fail_nomem(run->err);
            return drop(out);
        }
    }
    return out;
}

/* --- nodes ------------------------------------------------------------------------------------ */

json_t *parity_jp_evaluate(struct parity_jp_run *run, const struct parity_jp_node *node,
                           json_t *value)
{
    static evaluator *const evaluators[PARITY_JP_NODE_KINDS] = {
        [PARITY_JP_CURRENT] = current,
        [PARITY_JP_FIELD] = field,
        [PARITY_JP_CONSTANT] = constant,
        [PARITY_JP_INDEX] = element,
        [PARITY_JP_SLICE] = slice,
        [PARITY_JP_CHAIN] = chain,
        [PARITY_JP_FLATTENED] = flattened,
        [PARITY_JP_LIST_PROJECTION] = projection,
        [PARITY_JP_VALUE_PROJECTION] = projection,
        [PARITY_JP_FILTER_PROJECTION] = projection,
        [PARITY_JP_NEGATION] = negation,
        [PARITY_JP_CONJUNCTION] = junction,
        [PARITY_JP_DISJUNCTION] = junction,
        [PARITY_JP_COMPARISON] = comparison,
        [PARITY_JP_MULTI_LIST] = multi_list,
        [PARITY_JP_MULTI_OBJECT] = multi_object,
        [PARITY_JP_CALL] = parity_jp_call_function,
        [PARITY_JP_EXPRESSION] = current, /* the call takes it from its node */
    };

    return step(run) < 0 ? NULL : evaluators[node->kind](run, node, value);
}

/* --- expressions ------------------------------------------------------------------------------ */

struct parity_jmespath *parity_jmespath_compile(const char *expression, struct parity_error *err)
{
    struct parity_jmespath *compiled = parity_calloc(1, sizeof *compiled);

    if (compiled)
        compiled->text = parity_strdup(expression);
    if (!compiled || !compiled->text)
        parity_fail_nomem(err);
    else if (parity_jp_parse(compiled, err) == 0)
        return compiled;
    parity_jmespath_free(compiled);
    return NULL;
}

void parity_jmespath_free(struct parity_jmespath *expression)
{
    struct parity_jp_node *node = expression ? expression->nodes : NULL;

    while (node) {
        struct parity_jp_node *made_before = node->made_before;

        json_decref(node->value);
        json_decref(node->key);
        parity_free(node);
        node = made_before;
    }
    if (expression)
        parity_free(expression->text);
    parity_free(expression);
}

const char *parity_jmespath_text(const struct parity_jmespath *expression)
{
    return expression->text;
}

int parity_jmespath_evaluate(const struct parity_jmespath *expression, const json_t *document,
                             json_t **out, struct parity_error *err)
{
    struct parity_jp_run run = {.expression = expression, .steps_left = MAX_STEPS, .err = err};

    /* Only its count of references changes; a result may be a part of it. */
    *out = parity_jp_evaluate(&run, expression->root, (json_t *)(uintptr_t)document);
    return *out ? 0 : -1;
}

int parity_jmespath_search(const char *expression, const json_t *document, json_t **out,
                           struct parity_error *err)
{
    struct parity_jmespath *compiled = parity_jmespath_compile(expression, err);
    int rc = -1;

    *out = NULL;
    if (compiled)
        rc = parity_jmespath_evaluate(compiled, document, out, err);
    parity_jmespath_free(compiled);
    return rc;
}
