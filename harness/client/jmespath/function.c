/* SPDX-License-Identifier: Apache-2.0 */
#include "client/jmespath/function.h"

#include <string.h>

#include "base/json.h"
#include "base/suggest.h"

static json_t *argument(const struct parity_jp_call *call, size_t index)
{
    return json_array_get(call->arguments, index);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static json_t *absolute(struct parity_jp_call *call)
{
    return parity_jp_checked(call->run, parity_jp_absolute(argument(call, 0)));
}

static json_t *average(struct parity_jp_call *call)
{
    return parity_jp_checked(call->run, parity_jp_average(argument(call, 0)));
}

static json_t *sum(struct parity_jp_call *call)
{
    return parity_jp_checked(call->run, parity_jp_sum(argument(call, 0)));
}

static json_t *round_number(struct parity_jp_call *call, bool up)
{
    bool wrong;
    json_t *rounded = parity_jp_round(argument(call, 0), up, &wrong);

    if (!wrong)
        return parity_jp_checked(call->run, rounded);
    parity_jp_fail(call->run->err, PARITY_E_INVALID, call->run->expression->text,
                   call->node->offset, "%s() of a number without a finite value",
                   call->node->function->name);
    return NULL;
}

static json_t *ceiling(struct parity_jp_call *call)
{
    return round_number(call, true);
}

static json_t *floor_of(struct parity_jp_call *call)
{
    return round_number(call, false);
}

/* --- objects ---------------------------------------------------------------------------------- */

static json_t *members(struct parity_jp_call *call, bool keys)
{
    json_t *object = argument(call, 0);
    json_t *out = parity_jp_checked(call->run, json_array());

    for (void *at = json_object_iter(object); out && at; at = json_object_iter_next(object, at)) {
        json_t *item =
            keys ? json_stringn_nocheck(json_object_iter_key(at), json_object_iter_key_len(at))
                 : json_incref(json_object_iter_value(at));

        if (parity_jp_append(call->run, out, parity_jp_checked(call->run, item)) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *keys(struct parity_jp_call *call)
{
    return members(call, true);
}

static json_t *values(struct parity_jp_call *call)
{
    return members(call, false);
}

static json_t *merge(struct parity_jp_call *call)
{
    json_t *out = json_object();

    for (size_t i = 0; out && i < json_array_size(call->arguments); i++)
        if (json_object_update(out, argument(call, i)) < 0) {
            json_decref(out);
            out = NULL;
        }
    return parity_jp_checked(call->run, out);
}

/* --- values ----------------------------------------------------------------------------------- */

static json_t *map(struct parity_jp_call *call)
{
    json_t *list = argument(call, 1);
    json_t *out = parity_jp_checked(call->run, json_array());

    for (size_t i = 0; out && i < json_array_size(list); i++)
        if (parity_jp_append(
                call->run, out,
                parity_jp_evaluate(call->run, call->expression, json_array_get(list, i))) < 0) {
            json_decref(out);
            return NULL;
        }
    return out;
}

static json_t *not_null(struct parity_jp_call *call)
{
    for (size_t i = 0; i < json_array_size(call->arguments); i++)
        if (!json_is_null(argument(call, i)))
            return json_incref(argument(call, i));
    return json_null();
}

static json_t *to_array(struct parity_jp_call *call)
{
    /* The list of arguments is the list wanted. */
    return json_incref(json_is_array(argument(call, 0)) ? argument(call, 0) : call->arguments);
}

static json_t *type(struct parity_jp_call *call)
{
    unsigned found = parity_jp_type_of(argument(call, 0));

    if (found == PARITY_JP_OTHER_TYPE)
        return json_null();
    return parity_jp_checked(call->run, json_string(parity_jp_type_name(found)));
}

/* --- the table -------------------------------------------------------------------------------- */

#define ANY PARITY_JP_ANY_TYPE
#define EXPRESSION PARITY_JP_EXPRESSION_TYPE
#define LIST PARITY_JP_LIST_TYPE
#define NUMBER PARITY_JP_NUMBER_TYPE
#define NUMBERS PARITY_JP_NUMBERS_TYPE
#define OBJECT PARITY_JP_OBJECT_TYPE
#define STRING PARITY_JP_STRING_TYPE
#define STRINGS PARITY_JP_STRINGS_TYPE

static const struct parity_jp_function functions[] = {
    {"abs", 1, false, {NUMBER}, absolute},
    {"avg", 1, false, {NUMBERS}, average},
    {"ceil", 1, false, {NUMBER}, ceiling},
    {"contains", 2, false, {LIST | STRING, ANY}, parity_jp_contains},
    {"ends_with", 2, false, {STRING, STRING}, parity_jp_ends_with},
    {"floor", 1, false, {NUMBER}, floor_of},
    {"join", 2, false, {STRING, STRINGS}, parity_jp_join},
    {"keys", 1, false, {OBJECT}, keys},
    {"length", 1, false, {STRING | LIST | OBJECT}, parity_jp_length},
    {"map", 2, false, {EXPRESSION, LIST}, map},
    {"max", 1, false, {NUMBERS | STRINGS}, parity_jp_max},
    {"max_by", 2, false, {LIST, EXPRESSION}, parity_jp_max_by},
    {"merge", 1, true, {OBJECT}, merge},
    {"min", 1, false, {NUMBERS | STRINGS}, parity_jp_min},
    {"min_by", 2, false, {LIST, EXPRESSION}, parity_jp_min_by},
    {"not_null", 1, true, {ANY}, not_null},
    {"reverse", 1, false, {LIST | STRING}, parity_jp_reverse},
    {"sort", 1, false, {NUMBERS | STRINGS}, parity_jp_sort},
    {"sort_by", 2, false, {LIST, EXPRESSION}, parity_jp_sort_by},
    {"starts_with", 2, false, {STRING, STRING}, parity_jp_starts_with},
    {"sum", 1, false, {NUMBERS}, sum},
    {"to_array", 1, false, {ANY}, to_array},
    {"to_number", 1, false, {ANY}, parity_jp_to_number},
    {"to_string", 1, false, {ANY}, parity_jp_to_string},
    {"type", 1, false, {ANY}, type},
    {"values", 1, false, {OBJECT}, values},
};

const struct parity_jp_function *parity_jp_function_find(const char *name, const char **nearest)
{
    *nearest = NULL;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(name, functions[i].name) == 0)
            return &functions[i];
        *nearest = parity_suggest(name, *nearest, functions[i].name);
    }
    return NULL;
}

/* --- types ------------------------------------------------------------------------------------ */

unsigned parity_jp_type_of(const json_t *value)
{
    static const enum parity_jp_type types[] = {
        [PARITY_JSON_NULL] = PARITY_JP_NULL_TYPE,
        [PARITY_JSON_BOOLEAN] = PARITY_JP_BOOLEAN_TYPE,
        [PARITY_JSON_INTEGER] = PARITY_JP_NUMBER_TYPE,
        [PARITY_JSON_REAL] = PARITY_JP_NUMBER_TYPE,
        [PARITY_JSON_STRING] = PARITY_JP_STRING_TYPE,
        [PARITY_JSON_BYTES] = PARITY_JP_OTHER_TYPE,
        [PARITY_JSON_DATETIME] = PARITY_JP_OTHER_TYPE,
        [PARITY_JSON_ARRAY] = PARITY_JP_LIST_TYPE,
        [PARITY_JSON_OBJECT] = PARITY_JP_OBJECT_TYPE,
    };

    return types[parity_json_kind(value)];
}

static const struct {
    unsigned type;
    const char *name, *with_article;
} type_names[] = {
    {PARITY_JP_NULL_TYPE, "null", "null"},
    {PARITY_JP_BOOLEAN_TYPE, "boolean", "a boolean"},
    {PARITY_JP_NUMBER_TYPE, "number", "a number"},
    {PARITY_JP_STRING_TYPE, "string", "a string"},
    {PARITY_JP_LIST_TYPE, "array", "an array"},
    {PARITY_JP_OBJECT_TYPE, "object", "an object"},
    {PARITY_JP_OTHER_TYPE, "timestamp or byte string", "a timestamp or byte string"},
    {PARITY_JP_NUMBERS_TYPE, "array of numbers", "an array of numbers"},
    {PARITY_JP_STRINGS_TYPE, "array of strings", "an array of strings"},
};

const char *parity_jp_type_name(unsigned type)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (type_names[i].type == type)
            return type_names[i].name;
    return "value";
}

static bool all_are(const json_t *list, unsigned type)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (parity_jp_type_of(json_array_get(list, i)) != type)
            return false;
    return true;
}

static bool fits(const json_t *value, unsigned types)
{
    if (parity_jp_type_of(value) & types)
        return true;
    if (!json_is_array(value))
        return false;
    return ((types & PARITY_JP_NUMBERS_TYPE) && all_are(value, PARITY_JP_NUMBER_TYPE)) ||
           ((types & PARITY_JP_STRINGS_TYPE) && all_are(value, PARITY_JP_STRING_TYPE));
}

static void fail_type(const struct parity_jp_call *call, size_t index, unsigned types)
{
    struct parity_buffer wanted = {0};
    const json_t *value = argument(call, index);
    bool has_wrong_items =
        json_is_array(value) && (types & (PARITY_JP_NUMBERS_TYPE | PARITY_JP_STRINGS_TYPE));

    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (types & type_names[i].type) {
            parity_buffer_add_text(&wanted, wanted.length ? " or " : "");
            parity_buffer_add_text(&wanted, type_names[i].with_article);
        }
    if (wanted.failed)
        parity_fail_nomem(call->run->err);
    else
        parity_jp_fail(call->run->err, PARITY_E_INVALID, call->run->expression->text,
                       call->node->offset, "argument %zu of %s() must be %s, not %s", index + 1,
                       call->node->function->name, wanted.data,
                       has_wrong_items ? "one of other values"
                                       : parity_jp_type_name(parity_jp_type_of(value)));
    parity_buffer_clear(&wanted);
}

/* --- calling ---------------------------------------------------------------------------------- */

static unsigned types_of_argument(const struct parity_jp_function *function, size_t index)
{
    return function->types[index < function->arguments ? index : function->arguments - 1];
}

static int evaluate_arguments(struct parity_jp_call *call, json_t *value)
{
    const struct parity_jp_node *item = call->node->items;

    for (; item; item = item->next) {
        if (item->kind == PARITY_JP_EXPRESSION)
            call->expression = item->left;
        if (parity_jp_append(call->run, call->arguments,
                             item->kind == PARITY_JP_EXPRESSION
                                 ? json_null()
                                 : parity_jp_evaluate(call->run, item, value)) < 0)
            return -1;
    }
    return 0;
}

static int check_types(const struct parity_jp_call *call)
{
    for (size_t i = 0; i < json_array_size(call->arguments); i++) {
        unsigned types = types_of_argument(call->node->function, i);

        if (types != PARITY_JP_EXPRESSION_TYPE && !fits(argument(call, i), types)) {
            fail_type(call, i, types);
            return -1;
        }
    }
    return 0;
}

json_t *parity_jp_call_function(struct parity_jp_run *run, const struct parity_jp_node *node,
                                json_t *value)
{
    struct parity_jp_call call = {.run = run, .node = node};
    json_t *out = NULL;

    call.arguments = parity_jp_checked(run, json_array());
    if (call.arguments && evaluate_arguments(&call, value) == 0 && check_types(&call) == 0)
        out = node->function->evaluate(&call);
    json_decref(call.arguments);
    return out;
}
