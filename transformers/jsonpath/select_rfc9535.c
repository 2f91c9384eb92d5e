/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps and filters of RFC 9535 mean. */
#include "transformers/jsonpath/evaluate.h"

#include <stdint.h>

#include "base/json.h"
#include "base/utf8.h"

/* A value in a filter: NULL is the RFC's "Nothing". */
struct operand_value {
    json_t *value;
    json_t *made; /* owned: what `value` is if it is none of the document or path */
};

static int push_position(struct parity_path_evaluation *evaluation,
                         const struct parity_path_found *from, long long index,
                         struct parity_path_set *to)
{
    struct parity_jsonpath_step step = {.index = index};

    return parity_path_push_step(evaluation, to, from, json_array_get(from->value, (size_t)index),
                                 step);
}

static int select_slice(struct parity_path_evaluation *evaluation,
                        const struct parity_path_slice *slice, const struct parity_path_found *from,
                        struct parity_path_set *to)
{
    long long at;
    size_t count;

    if (slice->step == 0)
        return 0;
    parity_path_slice_bounds(slice, json_array_size(from->value), &at, &count);
    for (; count > 0; count--, at += slice->step)
        if (push_position(evaluation, from, at, to) < 0)
            return -1;
    return 0;
}

static int select_filter(struct parity_path_evaluation *evaluation,
                         const struct parity_path_step *step, const struct parity_path_found *from,
                         struct parity_path_set *to)
{
    struct parity_path_set children = {0};
    int rc = parity_path_push_children(evaluation, &children, from);

    for (size_t i = 0; rc == 0 && i < children.count; i++) {
        rc = parity_path_holds(evaluation, step->condition, children.items[i].value);
        if (rc > 0)
            rc = parity_path_push(evaluation, to, children.items[i]);
    }
    parity_path_set_clear(&children);
    return rc;
}

static int select_name(struct parity_path_evaluation *evaluation,
                       const struct parity_path_step *step, const struct parity_path_found *from,
                       struct parity_path_set *to)
{
    struct parity_jsonpath_step taken = {.key = step->name, .key_length = step->name_length};
    json_t *value = NULL;

    if (parity_path_is_object(from->value))
        value = json_object_getn(from->value, step->name, step->name_length);
    return value ? parity_path_push_step(evaluation, to, from, value, taken) : 0;
}

static int select_index(struct parity_path_evaluation *evaluation, long long index,
                        const struct parity_path_found *from, struct parity_path_set *to)
{
    long long size = (long long)json_array_size(from->value);

    if (index < 0)
        index += size;
    return index >= 0 && index < size ? push_position(evaluation, from, index, to) : 0;
}

int parity_path_select_rfc9535(struct parity_path_evaluation *evaluation,
                               const struct parity_path_step *step,
                               const struct parity_path_found *from, struct parity_path_set *to)
{
    switch (step->kind) {
    case PARITY_STEP_NAME:
        return select_name(evaluation, step, from, to);
    case PARITY_STEP_WILDCARD:
        return parity_path_push_children(evaluation, to, from);
    case PARITY_STEP_INDEX:
        return select_index(evaluation, step->index, from, to);
    case PARITY_STEP_SLICE:
        return select_slice(evaluation, &step->slice, from, to);
    default:
        return select_filter(evaluation, step, from, to);
    }
}

static bool is_number(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL;
}

static bool equal(const json_t *a, const json_t *b);

static bool equal_lists(const json_t *a, const json_t *b)
{
    size_t count = json_array_size(a);

    if (count != json_array_size(b))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

static bool equal_objects(json_t *a, const json_t *b)
{
    if (json_object_size(a) != json_object_size(b))
        return false;
    for (void *at = json_object_iter(a); at; at = json_object_iter_next(a, at)) {
        const json_t *other =
            json_object_getn(b, json_object_iter_key(at), json_object_iter_key_len(at));

        if (!other || !equal(json_object_iter_value(at), other))
            return false;
    }
    return true;
}

/* Equality that takes 1 and 1.0 for the same; as deep as documents are (parity_json_parse()). */
static bool equal(const json_t *a, const json_t *b)
{
    if (is_number(a) && is_number(b))
        return parity_path_compare_numbers(a, b) == 0;
    if (parity_json_kind(a) != parity_json_kind(b))
        return false;
    if (json_is_array(a))
        return equal_lists(a, b);
    if (parity_path_is_object(a))
        return equal_objects((json_t *)(uintptr_t)a, b); /* iterating changes nothing */
    return parity_json_equal(a, b);
}

/* -1, 0, 1; 2: unequal and without order. */
static int order(const json_t *a, const json_t *b)
{
    if (!a || !b)
        return a == b ? 0 : 2;
    if (is_number(a) && is_number(b))
        return parity_path_compare_numbers(a, b);
    if (json_is_string(a) && json_is_string(b))
        return parity_path_compare_strings(a, b);
    return equal(a, b) ? 0 : 2;
}

static bool fits(enum parity_path_comparison comparison, int order)
{
    switch (comparison) {
    case PARITY_COMPARE_EQ:
        return order == 0;
    case PARITY_COMPARE_NE:
        return order != 0;
    case PARITY_COMPARE_LT:
        return order == -1;
    case PARITY_COMPARE_LE:
        return order == -1 || order == 0;
    case PARITY_COMPARE_GT:
        return order == 1;
    default:
        return order == 0 || order == 1;
    }
}

static int run_query(struct parity_path_evaluation *evaluation,
                     const struct parity_path_operand *operand, json_t *item,
                     struct parity_path_set *found)
{
    struct parity_path_found from = {item, NULL};

    return parity_path_run(evaluation, &operand->query, operand->query.count, &from, found);
}

static int evaluate(struct parity_path_evaluation *evaluation,
                    const struct parity_path_operand *operand, json_t *item,
                    struct operand_value *out);

/* The only node that a query selects, or how many it does. */
static int evaluate_query(struct parity_path_evaluation *evaluation,
                          const struct parity_path_operand *operand, json_t *item, size_t *count,
                          json_t **only)
{
    struct parity_path_set found = {0};
    int rc = run_query(evaluation, operand, item, &found);

    *count = found.count;
    *only = found.count == 1 ? found.items[0].value : NULL;
    parity_path_set_clear(&found);
    return rc;
}

static json_t *length_of(const json_t *value)
{
    if (json_is_string(value))
        return json_integer(
            (json_int_t)parity_utf8_count(json_string_value(value), json_string_length(value)));
    if (json_is_array(value))
        return json_integer((json_int_t)json_array_size(value));
    if (parity_path_is_object(value))
        return json_integer((json_int_t)json_object_size(value));
    return json_null();
}

static int evaluate_length(struct parity_path_evaluation *evaluation,
                           const struct parity_path_operand *call, json_t *item, json_t **out)
{
    struct operand_value argument;
    int rc = evaluate(evaluation, &call->arguments[0], item, &argument);

    *out = NULL;
    if (rc == 0 && argument.value) {
        *out = length_of(argument.value);
        if (!*out) {
            parity_fail_nomem(evaluation->err);
            rc = -1;
        } else if (json_is_null(*out)) {
            *out = NULL; /* no length: Nothing */
        }
    }
    json_decref(argument.made);
    return rc;
}

/* The value of an operand. `out->made` is the caller's, also on failure. */
static int evaluate(struct parity_path_evaluation *evaluation,
                    const struct parity_path_operand *operand, json_t *item,
                    struct operand_value *out)
{
    size_t count;
    int rc = 0;

    *out = (struct operand_value){0};
    switch (operand->kind) {
    case PARITY_OPERAND_LITERAL:
        out->value = operand->literal;
        return 0;
    case PARITY_OPERAND_QUERY:
        return evaluate_query(evaluation, operand, item, &count, &out->value);
    case PARITY_OPERAND_VALUE:
        return evaluate_query(evaluation, &operand->arguments[0], item, &count, &out->value);
    case PARITY_OPERAND_COUNT:
        rc = evaluate_query(evaluation, &operand->arguments[0], item, &count, &out->value);
        out->made = json_integer((json_int_t)count);
        if (!out->made && rc == 0) {
            parity_fail_nomem(evaluation->err);
            rc = -1;
        }
        break;
    default:
        rc = evaluate_length(evaluation, operand, item, &out->made);
        break;
    }
    out->value = out->made;
    return rc;
}

static int test_pattern(struct parity_path_evaluation *evaluation,
                        const struct parity_path_operand *call, const json_t *text,
                        const json_t *pattern)
{
    enum parity_regexp_kind kind =
        call->kind == PARITY_OPERAND_MATCH ? PARITY_REGEXP_MATCH : PARITY_REGEXP_SEARCH;
    struct parity_regexp *regexp;
    int rc;

    if (!json_is_string(text) || !json_is_string(pattern))
        return 0;
    if (call->arguments[1].kind == PARITY_OPERAND_LITERAL)
        return parity_regexp_test(call->regexp, json_string_value(text), json_string_length(text),
                                  evaluation->err);
    if (parity_regexp_compile(json_string_value(pattern), json_string_length(pattern), kind,
                              &regexp, evaluation->err) < 0)
        return -1;
    rc = parity_regexp_test(regexp, json_string_value(text), json_string_length(text),
                            evaluation->err);
    parity_regexp_free(regexp);
    return rc;
}

static int test_call(struct parity_path_evaluation *evaluation,
                     const struct parity_path_operand *call, json_t *item)
{
    struct operand_value text, pattern = {0};
    int rc = evaluate(evaluation, &call->arguments[0], item, &text);

    if (rc == 0)
        rc = evaluate(evaluation, &call->arguments[1], item, &pattern);
    if (rc == 0)
        rc = test_pattern(evaluation, call, text.value, pattern.value);
    json_decref(text.made);
    json_decref(pattern.made);
    return rc;
}

static int test(struct parity_path_evaluation *evaluation,
                const struct parity_path_operand *operand, json_t *item)
{
    size_t count;
    json_t *only;

    if (operand->kind != PARITY_OPERAND_QUERY)
        return test_call(evaluation, operand, item);
    return evaluate_query(evaluation, operand, item, &count, &only) < 0 ? -1 : count > 0;
}

static int compare(struct parity_path_evaluation *evaluation,
                   const struct parity_path_condition *condition, json_t *item)
{
    struct operand_value left, right = {0};
    int rc = evaluate(evaluation, &condition->left, item, &left);

    if (rc == 0)
        rc = evaluate(evaluation, &condition->right, item, &right);
    if (rc == 0)
        rc = fits(condition->comparison, order(left.value, right.value));
    json_decref(left.made);
    json_decref(right.made);
    return rc;
}

int parity_path_holds_rfc9535(struct parity_path_evaluation *evaluation,
                              const struct parity_path_condition *condition, json_t *item)
{
    bool is_and = condition->kind == PARITY_CONDITION_AND;
    int rc = is_and;

    switch (condition->kind) {
    case PARITY_CONDITION_AND:
    case PARITY_CONDITION_OR:
        for (size_t i = 0; rc == is_and && i < condition->count; i++)
            rc = parity_path_holds_rfc9535(evaluation, &condition->items[i], item);
        return rc;
    case PARITY_CONDITION_NOT:
        rc = parity_path_holds_rfc9535(evaluation, &condition->items[0], item);
        return rc < 0 ? rc : !rc;
    case PARITY_CONDITION_TEST:
        return test(evaluation, &condition->left, item);
    default:
        return compare(evaluation, condition, item);
    }
}
