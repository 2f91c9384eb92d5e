/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the steps of the localstack dialect mean. Where they do not fit a value, jsonpath-ng ends in
 * a Python exception, and so does the test; here it is PARITY_E_INVALID.
 */
#include "transformers/jsonpath/evaluate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

static const char *kind_name(const json_t *value)
{
    static const char *const names[] = {[PARITY_JSON_NULL] = "null",
                                        [PARITY_JSON_BOOLEAN] = "a boolean",
                                        [PARITY_JSON_INTEGER] = "a number",
                                        [PARITY_JSON_REAL] = "a number",
                                        [PARITY_JSON_STRING] = "a string",
                                        [PARITY_JSON_BYTES] = "a byte string",
                                        [PARITY_JSON_DATETIME] = "a timestamp",
                                        [PARITY_JSON_ARRAY] = "a list",
                                        [PARITY_JSON_OBJECT] = "an object"};

    return names[parity_json_kind(value)];
}

/* What Python takes for false: nothing is found in it, whatever the position. */
static bool is_empty(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_NULL:
        return true;
    case PARITY_JSON_BOOLEAN:
        return json_is_false(value);
    case PARITY_JSON_INTEGER:
    case PARITY_JSON_REAL:
        return json_is_number(value) && json_number_value(value) == 0.0;
    case PARITY_JSON_STRING:
        return json_string_length(value) == 0;
    case PARITY_JSON_ARRAY:
        return json_array_size(value) == 0;
    case PARITY_JSON_OBJECT:
        return json_object_size(value) == 0;
    default:
        return false;
    }
}

/* The character at a position of a string, which must be there. */
static json_t *character(const json_t *string, size_t position)
{
    const char *text = json_string_value(string);
    size_t length = json_string_length(string), at = 0, size = 1;
    unsigned code;

    for (size_t i = 0; i <= position; i++) {
        at += i ? size : 0;
        size = parity_utf8_decode(text + at, length - at, &code);
        size = size ? size : 1;
    }
    return json_stringn_nocheck(text + at, size);
}

static int push_character(struct parity_path_evaluation *evaluation,
                          const struct parity_path_found *from, size_t position,
                          struct parity_jsonpath_step step, struct parity_path_set *to)
{
    json_t *made = character(from->value, position);

    if (!evaluation->made)
        evaluation->made = json_array();
    if (!made || !evaluation->made || json_array_append(evaluation->made, made) < 0) {
        json_decref(made);
        parity_fail_nomem(evaluation->err);
        return -1;
    }
    json_decref(made); /* the list has it */
    return parity_path_push_step(evaluation, to, from, made, step);
}

static int select_index(struct parity_path_evaluation *evaluation, long long index,
                        const struct parity_path_found *from, struct parity_path_set *to)
{
    struct parity_jsonpath_step step = {.index = index};
    bool is_string = json_is_string(from->value);
    long long size;

    if (is_empty(from->value))
        return 0;
    if (is_string)
        size = (long long)parity_utf8_count(json_string_value(from->value),
                                            json_string_length(from->value));
    else if (json_is_array(from->value))
        size = (long long)json_array_size(from->value);
    else if (parity_path_is_object(from->value) &&
             index >= (long long)json_object_size(from->value))
        return 0;
    else
        return parity_path_misfit(evaluation, from->trail, "position [%lld] is looked up in %s",
                                  index, kind_name(from->value));
    if (index >= size)
        return 0;
    if (index < -size)
        return parity_path_misfit(evaluation, from->trail,
                                  "position [%lld] is before the first of %lld", index, size);
    if (index < 0)
        index += size;
    if (is_string)
        return push_character(evaluation, from, (size_t)index, step, to);
    return parity_path_push_step(evaluation, to, from, json_array_get(from->value, (size_t)index),
                                 step);
}

/* What is no list counts as a list of one. */
static int select_slice(struct parity_path_evaluation *evaluation,
                        const struct parity_path_slice *slice, const struct parity_path_found *from,
                        struct parity_path_set *to)
{
    enum parity_json_kind kind = parity_json_kind(from->value);
    bool is_list = kind == PARITY_JSON_ARRAY;
    long long at;
    size_t count;

    if (kind == PARITY_JSON_NULL)
        return 0;
    if (kind == PARITY_JSON_BYTES || kind == PARITY_JSON_DATETIME)
        return parity_path_misfit(evaluation, from->trail, "a slice is looked up in %s",
                                  kind_name(from->value));
    if (slice->step == 0)
        return parity_path_misfit(evaluation, from->trail, "the step of a slice is 0");
    parity_path_slice_bounds(slice, is_list ? json_array_size(from->value) : 1, &at, &count);
    for (; count > 0; count--, at += slice->step) {
        json_t *item = is_list ? json_array_get(from->value, (size_t)at) : from->value;
        struct parity_jsonpath_step step = {.index = at};

        if (parity_path_push_step(evaluation, to, from, item, step) < 0)
            return -1;
    }
    return 0;
}

static int push_if_holds(struct parity_path_evaluation *evaluation,
                         const struct parity_path_step *step, const struct parity_path_found *from,
                         json_t *item, long long position, struct parity_path_set *to)
{
    struct parity_jsonpath_step taken = {.index = position};
    int holds = parity_path_holds(evaluation, step->condition, item);

    return holds > 0 ? parity_path_push_step(evaluation, to, from, item, taken) : holds;
}

/* The members of an object are taken for a list of them. */
static int select_filter(struct parity_path_evaluation *evaluation,
                         const struct parity_path_step *step, const struct parity_path_found *from,
                         struct parity_path_set *to)
{
    long long position = 0;

    if (json_is_array(from->value)) {
        size_t count = json_array_size(from->value);

        for (; position < (long long)count; position++)
            if (push_if_holds(evaluation, step, from, json_array_get(from->value, (size_t)position),
                              position, to) < 0)
                return -1;
        return 0;
    }
    if (!parity_path_is_object(from->value))
        return 0;
    for (void *at = json_object_iter(from->value); at; at = json_object_iter_next(from->value, at))
        if (push_if_holds(evaluation, step, from, json_object_iter_value(at), position++, to) < 0)
            return -1;
    return 0;
}

static int select_name(struct parity_path_evaluation *evaluation,
                       const struct parity_path_step *step, const struct parity_path_found *from,
                       struct parity_path_set *to)
{
    json_t *value = NULL;

    if (parity_path_is_object(from->value))
        value = json_object_getn(from->value, step->name, step->name_length);
    if (!value)
        return 0;
    return parity_path_push_step(
        evaluation, to, from, value,
        (struct parity_jsonpath_step){.key = step->name, .key_length = step->name_length});
}

int parity_path_select_localstack(struct parity_path_evaluation *evaluation,
                                  const struct parity_path_step *step,
                                  const struct parity_path_found *from, struct parity_path_set *to)
{
    switch (step->kind) {
    case PARITY_STEP_NAME:
        return select_name(evaluation, step, from, to);
    case PARITY_STEP_WILDCARD:
        return parity_path_is_object(from->value) ? parity_path_push_children(evaluation, to, from)
                                                  : 0;
    case PARITY_STEP_INDEX:
        return select_index(evaluation, step->index, from, to);
    case PARITY_STEP_SLICE:
        return select_slice(evaluation, &step->slice, from, to);
    default:
        return select_filter(evaluation, step, from, to);
    }
}

static int fits(enum parity_path_comparison comparison, int order)
{
    bool comparable = order != 2; /* NaN is unequal to everything */

    switch (comparison) {
    case PARITY_COMPARE_EQ:
        return order == 0;
    case PARITY_COMPARE_NE:
        return order != 0;
    case PARITY_COMPARE_LT:
        return order < 0;
    case PARITY_COMPARE_LE:
        return order <= 0;
    case PARITY_COMPARE_GT:
        return comparable && order > 0;
    case PARITY_COMPARE_GE:
        return comparable && order >= 0;
    default:
        return 0;
    }
}

static bool is_digit_at(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* Append digits that may have single underscores between them; false if it is something else. */
static bool add_digits(struct parity_buffer *out, const char *text, const char *end)
{
    size_t before = out->length;

    if (!is_digit_at(text, end))
        return false;
    for (; text < end; text++) {
        if (*text == '_' && is_digit_at(text + 1, end) && text[-1] != '_')
            continue;
        if (!is_digit_at(text, end))
            return false;
        if (out->length == before + 1 && out->data[before] == '0')
            out->length = before; /* no zeros in front */
        parity_buffer_add_char(out, *text);
    }
    return true;
}

/* What Python's int() makes of a string; new, NULL: nothing. */
static json_t *integer_of_string(const json_t *string)
{
    static const char blanks[] = " \t\n\v\f\r";
    const char *text = json_string_value(string), *end = text + json_string_length(string);
    struct parity_buffer digits = {0};
    json_t *number = NULL;

    while (text < end && *text && strchr(blanks, *text))
        text++;
    while (end > text && end[-1] && strchr(blanks, end[-1]))
        end--;
    if (text < end && *text == '-')
        parity_buffer_add_char(&digits, '-');
    if (text < end && (*text == '-' || *text == '+'))
        text++;
    if (add_digits(&digits, text, end) && !digits.failed)
        number = parity_json_number(digits.data, digits.length);
    parity_buffer_clear(&digits);
    return number;
}

static json_t *integer_of_real(double value)
{
    struct parity_buffer text = {0};
    json_t *number;

    parity_buffer_printf(&text, "%.0f", trunc(value));
    number = text.failed ? NULL : parity_json_number(text.data, text.length);
    parity_buffer_clear(&text);
    return number;
}

/*
 * A value as an integer, which is how it is compared with one.
 *
 * @return 1, 0 when it is none and left out, or -1
 */
static int to_integer(struct parity_path_evaluation *evaluation, json_t *value, json_t **out)
{
    struct parity_buffer text = {0};
    int rc = 1;

    *out = NULL;
    switch (parity_json_kind(value)) {
    case PARITY_JSON_BOOLEAN:
        *out = json_integer(json_is_true(value));
        break;
    case PARITY_JSON_INTEGER:
        *out = json_incref(value);
        break;
    case PARITY_JSON_REAL:
        parity_json_number_text(&text, value);
        if (json_is_real(value))
            *out = integer_of_real(json_real_value(value));
        else if (!text.failed && strcmp(text.data, "NaN") == 0)
            rc = 0;
        else
            rc = parity_path_misfit(evaluation, NULL, "infinity is compared with an integer");
        parity_buffer_clear(&text);
        return rc;
    case PARITY_JSON_STRING:
        *out = integer_of_string(value);
        return *out != NULL;
    default:
        return parity_path_misfit(evaluation, NULL, "%s is compared with an integer",
                                  kind_name(value));
    }
    return rc;
}

static bool is_number(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL;
}

/* Python's comparison of what a filter found with a text, a float or a boolean. */
static int compare_plainly(struct parity_path_evaluation *evaluation,
                           enum parity_path_comparison comparison, const json_t *value,
                           const json_t *literal)
{
    json_t *left = json_is_boolean(value) ? json_integer(json_is_true(value)) : NULL;
    json_t *right = json_is_boolean(literal) ? json_integer(json_is_true(literal)) : NULL;
    const json_t *a = left ? left : value, *b = right ? right : literal;
    int rc;

    if (is_number(a) && is_number(b))
        rc = fits(comparison, parity_path_compare_numbers(a, b));
    else if (json_is_string(a) && json_is_string(b))
        rc = fits(comparison, parity_path_compare_strings(a, b));
    else if (comparison == PARITY_COMPARE_EQ || comparison == PARITY_COMPARE_NE)
        rc = comparison == PARITY_COMPARE_NE;
    else
        rc = parity_path_misfit(evaluation, NULL, "%s and %s have no order", kind_name(value),
                                kind_name(literal));
    json_decref(left);
    json_decref(right);
    return rc;
}

static int compare(struct parity_path_evaluation *evaluation,
                   const struct parity_path_condition *condition, json_t *value)
{
    const json_t *literal = condition->right.literal;
    json_t *integer;
    int rc;

    if (condition->comparison == PARITY_COMPARE_MATCHES)
        return json_is_string(value)
                   ? parity_regexp_test(condition->right.regexp, json_string_value(value),
                                        json_string_length(value), evaluation->err)
                   : 0;
    if (parity_json_kind(literal) != PARITY_JSON_INTEGER)
        return compare_plainly(evaluation, condition->comparison, value, literal);
    rc = to_integer(evaluation, value, &integer);
    if (rc > 0)
        rc = fits(condition->comparison, parity_path_compare_numbers(integer, literal));
    json_decref(integer);
    return rc;
}

static int any_fits(struct parity_path_evaluation *evaluation,
                    const struct parity_path_condition *condition, json_t *item)
{
    struct parity_path_found from = {item, NULL};
    const struct parity_path_sequence *query = &condition->left.query;
    struct parity_path_set found = {0};
    int rc = parity_path_run(evaluation, query, query->count, &from, &found);

    if (rc == 0 && condition->kind == PARITY_CONDITION_TEST)
        rc = found.count > 0;
    else
        for (size_t i = 0; rc >= 0 && i < found.count; i++) {
            int fitting = compare(evaluation, condition, found.items[i].value);

            rc = fitting < 0 ? -1 : rc | fitting; /* the reference compares all, errors included */
        }
    parity_path_set_clear(&found);
    return rc;
}

int parity_path_holds_localstack(struct parity_path_evaluation *evaluation,
                                 const struct parity_path_condition *condition, json_t *item)
{
    json_t *root = evaluation->root;
    int rc = 1;

    if (condition->kind == PARITY_CONDITION_AND) {
        for (size_t i = 0; rc >= 0 && i < condition->count; i++) {
            int holds = parity_path_holds_localstack(evaluation, &condition->items[i], item);

            rc = holds < 0 ? -1 : rc & holds;
        }
        return rc;
    }
    evaluation->root = item; /* the reference looks an item up as a document of its own */
    rc = any_fits(evaluation, condition, item);
    evaluation->root = root;
    return rc;
}
