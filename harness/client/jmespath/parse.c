/* SPDX-License-Identifier: Apache-2.0 */
#include "client/jmespath/function.h"

#include <string.h>

#include "base/memory.h"

/*
 * Top-down parsing by binding power: an expression goes on while the next word binds more strongly
 * than what the expression is an operand of. Nodes belong to the expression from the moment they
 * are made, so nothing has to be released on the way out of an error.
 */

struct parser {
    struct parity_jmespath *expression;
    struct parity_jp_tokens tokens;
    size_t at;
    int depth;
    struct parity_error *err;
};

enum { POWER_ANY = 0, POWER_STAR = 20, POWER_FILTER = 21, POWER_DOT = 40, POWER_NOT = 45 };

/* Words below this power end a projection. */
enum { POWER_END_OF_PROJECTION = 10 };

static const int powers[PARITY_JP_TOKEN_KINDS] = {
    [PARITY_JP_PIPE] = 1,
    [PARITY_JP_OR] = 2,
    [PARITY_JP_AND] = 3,
    [PARITY_JP_EQUAL] = 5,
    [PARITY_JP_UNEQUAL] = 5,
    [PARITY_JP_LESS] = 5,
    [PARITY_JP_LESS_EQUAL] = 5,
    [PARITY_JP_GREATER] = 5,
    [PARITY_JP_GREATER_EQUAL] = 5,
    [PARITY_JP_FLATTEN] = 9,
    [PARITY_JP_STAR] = POWER_STAR,
    [PARITY_JP_FILTER] = POWER_FILTER,
    [PARITY_JP_DOT] = POWER_DOT,
    [PARITY_JP_NOT] = POWER_NOT,
    [PARITY_JP_BRACE_OPEN] = 50,
    [PARITY_JP_BRACKET_OPEN] = 55,
    [PARITY_JP_PARENTHESIS_OPEN] = 60,
};

static struct parity_jp_node *parse(struct parser *p, int power);

/* --- words ------------------------------------------------------------------------------------ */

static const struct parity_jp_token *peek(const struct parser *p)
{
    return &p->tokens.items[p->at];
}

static bool next_is(const struct parser *p, enum parity_jp_token_kind kind)
{
    return peek(p)->kind == kind;
}

/* The word after the next one, which is never behind the end. */
static bool second_is(const struct parser *p, enum parity_jp_token_kind kind)
{
    return !next_is(p, PARITY_JP_END) && p->tokens.items[p->at + 1].kind == kind;
}

static bool take(struct parser *p, enum parity_jp_token_kind kind)
{
    if (!next_is(p, kind))
        return false;
    p->at++;
    return true;
}

static void *fail(struct parser *p, const char *expected)
{
    const struct parity_jp_token *token = peek(p);
    int shown = token->length > 40 ? 40 : (int)token->length;

    if (token->kind == PARITY_JP_END)
        parity_jp_fail(p->err, PARITY_E_PARSE, p->expression->text, token->offset,
                       "the expression ends where %s is expected", expected);
    else
        parity_jp_fail(p->err, PARITY_E_PARSE, p->expression->text, token->offset,
                       "'%.*s' stands where %s is expected", shown,
                       p->expression->text + token->offset, expected);
    return NULL;
}

/* --- nodes ------------------------------------------------------------------------------------ */

static struct parity_jp_node *make(struct parser *p, enum parity_jp_node_kind kind)
{
    struct parity_jp_node *node = parity_calloc(1, sizeof *node);

    if (!node) {
        parity_fail_nomem(p->err);
        return NULL;
    }
    node->kind = kind;
    node->depth = 1;
    node->offset = peek(p)->offset;
    node->made_before = p->expression->nodes;
    p->expression->nodes = node;
    return node;
}

/* Evaluation recurses as deeply as the tree goes, so its depth is limited, not only the parser's:
 * a.b.c… makes a deep tree without recursion here. */
static struct parity_jp_node *deepen(struct parser *p, struct parity_jp_node *node,
                                     const struct parity_jp_node *child)
{
    if (child->depth >= node->depth)
        node->depth = child->depth + 1;
    if (node->depth <= PARITY_JP_MAX_DEPTH)
        return node;
    parity_jp_fail(p->err, PARITY_E_LIMIT, p->expression->text, node->offset,
                   "the expression is nested more than %d levels deep", PARITY_JP_MAX_DEPTH);
    return NULL;
}

/* NULL when an operand is: it has been reported. */
static struct parity_jp_node *make_pair(struct parser *p, enum parity_jp_node_kind kind,
                                        const struct parity_jp_node *left,
                                        const struct parity_jp_node *right)
{
    struct parity_jp_node *node = left && right ? make(p, kind) : NULL;

    if (!node)
        return NULL;
    node->left = left;
    node->right = right;
    node = deepen(p, node, left);
    return node ? deepen(p, node, right) : NULL;
}

static struct parity_jp_node *make_single(struct parser *p, enum parity_jp_node_kind kind,
                                          const struct parity_jp_node *child)
{
    struct parity_jp_node *node = child ? make(p, kind) : NULL;

    if (!node)
        return NULL;
    node->left = child;
    return deepen(p, node, child);
}

/* A node with the value of the next word, which is taken. */
static struct parity_jp_node *make_value(struct parser *p, enum parity_jp_node_kind kind)
{
    struct parity_jp_node *node = make(p, kind);

    if (node)
        node->value = json_incref(p->tokens.items[p->at++].value);
    return node;
}

/* Append to the children of a list; `last` is the place for the next one. */
static struct parity_jp_node *add_item(struct parser *p, struct parity_jp_node *list,
                                       const struct parity_jp_node ***last,
                                       struct parity_jp_node *item)
{
    if (!item)
        return NULL;
    **last = item;
    *last = &item->next;
    list->item_count++;
    return deepen(p, list, item);
}

/* --- brackets --------------------------------------------------------------------------------- */

/* `a, b]`, behind the bracket. */
static struct parity_jp_node *multi_list(struct parser *p)
{
    struct parity_jp_node *list = make(p, PARITY_JP_MULTI_LIST);
    const struct parity_jp_node **last = list ? &list->items : NULL;

    do {
        list = list ? add_item(p, list, &last, parse(p, POWER_ANY)) : NULL;
    } while (list && take(p, PARITY_JP_COMMA));
    if (list && !take(p, PARITY_JP_BRACKET_CLOSE))
        return fail(p, "',' or ']'");
    return list;
}

/* `key: value` */
static struct parity_jp_node *member(struct parser *p)
{
    json_t *key = peek(p)->value;
    struct parity_jp_node *value;

    if (!take(p, PARITY_JP_NAME) && !take(p, PARITY_JP_QUOTED))
        return fail(p, "a name");
    if (!take(p, PARITY_JP_COLON))
        return fail(p, "':'");
    value = parse(p, POWER_ANY);
    if (value)
        value->key = json_incref(key);
    return value;
}

/* `a: b, c: d}`, behind the brace. */
static struct parity_jp_node *multi_object(struct parser *p)
{
    struct parity_jp_node *list = make(p, PARITY_JP_MULTI_OBJECT);
    const struct parity_jp_node **last = list ? &list->items : NULL;

    do {
        list = list ? add_item(p, list, &last, member(p)) : NULL;
    } while (list && take(p, PARITY_JP_COMMA));
    if (list && !take(p, PARITY_JP_BRACE_CLOSE))
        return fail(p, "',' or '}'");
    return list;
}

/* A number if there is one. */
static bool optional_number(struct parser *p, long long *out)
{
    if (!next_is(p, PARITY_JP_NUMBER))
        return false;
    *out = p->tokens.items[p->at++].number;
    return true;
}

static struct parity_jp_node *slice(struct parser *p)
{
    struct parity_jp_node *node = make(p, PARITY_JP_SLICE);

    if (!node)
        return NULL;
    node->step = 1;
    node->has_start = optional_number(p, &node->start);
    if (!take(p, PARITY_JP_COLON))
        return fail(p, "':'");
    node->has_stop = optional_number(p, &node->stop);
    if (take(p, PARITY_JP_COLON) && optional_number(p, &node->step) && node->step == 0) {
        p->at--;
        return fail(p, "a step other than 0");
    }
    return take(p, PARITY_JP_BRACKET_CLOSE) ? node : fail(p, "the ']' of a slice");
}

static struct parity_jp_node *index_of(struct parser *p)
{
    struct parity_jp_node *node = make(p, PARITY_JP_INDEX);

    if (!node)
        return NULL;
    if (!optional_number(p, &node->start))
        return fail(p, "an index, a slice or '*'");
    return take(p, PARITY_JP_BRACKET_CLOSE) ? node : fail(p, "']'");
}

/* --- projections ------------------------------------------------------------------------------ */

/* What may follow a dot. */
static struct parity_jp_node *behind_dot(struct parser *p, int power)
{
    if (next_is(p, PARITY_JP_NAME) || next_is(p, PARITY_JP_QUOTED) || next_is(p, PARITY_JP_STAR))
        return parse(p, power);
    if (take(p, PARITY_JP_BRACKET_OPEN))
        return multi_list(p);
    if (take(p, PARITY_JP_BRACE_OPEN))
        return multi_object(p);
    return fail(p, "a name, '*', '[' or '{'");
}

/* What is applied to each item of a projection. */
static struct parity_jp_node *projected(struct parser *p, int power)
{
    enum parity_jp_token_kind kind = peek(p)->kind;

    if (powers[kind] < POWER_END_OF_PROJECTION)
        return make(p, PARITY_JP_CURRENT);
    if (kind == PARITY_JP_BRACKET_OPEN || kind == PARITY_JP_FILTER)
        return parse(p, power);
    if (take(p, PARITY_JP_DOT))
        return behind_dot(p, power);
    return fail(p, "'.', '[' or an operator");
}

/* Take `left` for a projection, with what follows applied to each of its items. */
static struct parity_jp_node *project(struct parser *p, enum parity_jp_node_kind kind,
                                      const struct parity_jp_node *left, int power)
{
    return left ? make_pair(p, kind, left, projected(p, power)) : NULL;
}

/* `condition] …`, behind `[?`. */
static struct parity_jp_node *filter(struct parser *p, const struct parity_jp_node *left)
{
    const struct parity_jp_node *condition = left ? parse(p, POWER_ANY) : NULL;
    struct parity_jp_node *node;

    if (!condition)
        return NULL;
    if (!take(p, PARITY_JP_BRACKET_CLOSE))
        return fail(p, "the ']' of a filter");
    node = project(p, PARITY_JP_FILTER_PROJECTION, left, POWER_FILTER);
    if (!node)
        return NULL;
    node->condition = condition;
    return deepen(p, node, condition);
}

static struct parity_jp_node *flatten(struct parser *p, const struct parity_jp_node *left)
{
    return project(p, PARITY_JP_LIST_PROJECTION, make_single(p, PARITY_JP_FLATTENED, left),
                   powers[PARITY_JP_FLATTEN]);
}

/* `*] …`, `3]` or `1:2:3] …` behind the bracket. */
static struct parity_jp_node *bracket(struct parser *p, const struct parity_jp_node *left)
{
    if (!left)
        return NULL;
    if (take(p, PARITY_JP_STAR)) {
        if (!take(p, PARITY_JP_BRACKET_CLOSE))
            return fail(p, "']'");
        return project(p, PARITY_JP_LIST_PROJECTION, left, POWER_STAR);
    }
    if (next_is(p, PARITY_JP_COLON) || second_is(p, PARITY_JP_COLON))
        return project(p, PARITY_JP_LIST_PROJECTION, make_pair(p, PARITY_JP_CHAIN, left, slice(p)),
                       POWER_STAR);
    return make_pair(p, PARITY_JP_CHAIN, left, index_of(p));
}

/* --- functions -------------------------------------------------------------------------------- */

static const struct parity_jp_function *find_function(struct parser *p,
                                                      const struct parity_jp_token *name)
{
    const char *nearest;
    const struct parity_jp_function *function =
        parity_jp_function_find(json_string_value(name->value), &nearest);

    if (!function)
        parity_jp_fail(p->err, PARITY_E_INVALID, p->expression->text, name->offset,
                       "there is no function '%.40s'%s%s%s", json_string_value(name->value),
                       nearest ? "; did you mean '" : "", nearest ? nearest : "",
                       nearest ? "'?" : "");
    return function;
}

/* One argument, which is `&expression` exactly where the function takes that. */
static struct parity_jp_node *argument(struct parser *p, const struct parity_jp_function *function,
                                       size_t index)
{
    size_t last = function->arguments - 1;
    unsigned type = function->types[index < last ? index : last];

    if (take(p, PARITY_JP_REFERENCE)) {
        if (type == PARITY_JP_EXPRESSION_TYPE)
            return make_single(p, PARITY_JP_EXPRESSION, parse(p, POWER_ANY));
        p->at--;
        return fail(p, "a value");
    }
    if (type == PARITY_JP_EXPRESSION_TYPE)
        return fail(p, "an expression with '&'");
    return parse(p, POWER_ANY);
}

static struct parity_jp_node *check_count(struct parser *p, struct parity_jp_node *call)
{
    const struct parity_jp_function *function = call->function;

    if (call->item_count == function->arguments ||
        (function->variadic && call->item_count > function->arguments))
        return call;
    parity_jp_fail(p->err, PARITY_E_INVALID, p->expression->text, call->offset,
                   "%s() takes %s%zu argument%s, not %zu", function->name,
                   function->variadic ? "at least " : "", function->arguments,
                   function->arguments == 1 ? "" : "s", call->item_count);
    return NULL;
}

/* `name(…)`; the name is the next word. */
static struct parity_jp_node *call(struct parser *p)
{
    struct parity_jp_node *node = make(p, PARITY_JP_CALL);
    const struct parity_jp_node **last = node ? &node->items : NULL;

    if (!node || !(node->function = find_function(p, peek(p))))
        return NULL;
    p->at += 2;
    if (take(p, PARITY_JP_PARENTHESIS_CLOSE))
        return check_count(p, node);
    do {
        if (node->item_count == node->function->arguments && !node->function->variadic) {
            node->item_count++;
            return check_count(p, node);
        }
        node = add_item(p, node, &last, argument(p, node->function, node->item_count));
    } while (node && take(p, PARITY_JP_COMMA));
    if (node && !take(p, PARITY_JP_PARENTHESIS_CLOSE))
        return fail(p, "',' or ')'");
    return node ? check_count(p, node) : NULL;
}

/* --- expressions ------------------------------------------------------------------------------ */

static struct parity_jp_node *parenthesis(struct parser *p)
{
    struct parity_jp_node *inner = parse(p, POWER_ANY);

    if (inner && !take(p, PARITY_JP_PARENTHESIS_CLOSE))
        return fail(p, "')'");
    return inner;
}

/* `[` at the beginning of an expression, taken already. */
static struct parity_jp_node *leading_bracket(struct parser *p)
{
    if (next_is(p, PARITY_JP_NUMBER) || next_is(p, PARITY_JP_COLON) ||
        (next_is(p, PARITY_JP_STAR) && second_is(p, PARITY_JP_BRACKET_CLOSE)))
        return bracket(p, make(p, PARITY_JP_CURRENT));
    return multi_list(p);
}

/* The beginning of an expression. */
static struct parity_jp_node *first(struct parser *p)
{
    switch (peek(p)->kind) {
    case PARITY_JP_NAME:
        return second_is(p, PARITY_JP_PARENTHESIS_OPEN) ? call(p) : make_value(p, PARITY_JP_FIELD);
    case PARITY_JP_QUOTED:
        return make_value(p, PARITY_JP_FIELD);
    case PARITY_JP_LITERAL:
        return make_value(p, PARITY_JP_CONSTANT);
    default:
        break;
    }
    if (take(p, PARITY_JP_AT))
        return make(p, PARITY_JP_CURRENT);
    if (take(p, PARITY_JP_STAR))
        return project(p, PARITY_JP_VALUE_PROJECTION, make(p, PARITY_JP_CURRENT), POWER_STAR);
    if (take(p, PARITY_JP_FLATTEN))
        return flatten(p, make(p, PARITY_JP_CURRENT));
    if (take(p, PARITY_JP_FILTER))
        return filter(p, make(p, PARITY_JP_CURRENT));
    if (take(p, PARITY_JP_NOT))
        return make_single(p, PARITY_JP_NEGATION, parse(p, POWER_NOT));
    if (take(p, PARITY_JP_PARENTHESIS_OPEN))
        return parenthesis(p);
    if (take(p, PARITY_JP_BRACKET_OPEN))
        return leading_bracket(p);
    if (take(p, PARITY_JP_BRACE_OPEN))
        return multi_object(p);
    return fail(p, "an expression");
}

static struct parity_jp_node *binary(struct parser *p, enum parity_jp_node_kind kind,
                                     const struct parity_jp_node *left,
                                     enum parity_jp_token_kind operation)
{
    struct parity_jp_node *node = make_pair(p, kind, left, parse(p, powers[operation]));

    if (node)
        node->operation = operation;
    return node;
}

/* `left` extended by the next word. */
static struct parity_jp_node *extended(struct parser *p, const struct parity_jp_node *left)
{
    enum parity_jp_token_kind kind = peek(p)->kind;

    p->at++;
    switch (kind) {
    case PARITY_JP_DOT:
        if (take(p, PARITY_JP_STAR))
            return project(p, PARITY_JP_VALUE_PROJECTION, left, POWER_DOT);
        return make_pair(p, PARITY_JP_CHAIN, left, behind_dot(p, POWER_DOT));
    case PARITY_JP_PIPE:
        return binary(p, PARITY_JP_CHAIN, left, kind);
    case PARITY_JP_OR:
        return binary(p, PARITY_JP_DISJUNCTION, left, kind);
    case PARITY_JP_AND:
        return binary(p, PARITY_JP_CONJUNCTION, left, kind);
    case PARITY_JP_FLATTEN:
        return flatten(p, left);
    case PARITY_JP_FILTER:
        return filter(p, left);
    case PARITY_JP_BRACKET_OPEN:
        return bracket(p, left);
    case PARITY_JP_STAR:
    case PARITY_JP_NOT:
    case PARITY_JP_BRACE_OPEN:
    case PARITY_JP_PARENTHESIS_OPEN:
        p->at--;
        return fail(p, "an operator");
    default:
        return binary(p, PARITY_JP_COMPARISON, left, kind);
    }
}

static struct parity_jp_node *parse(struct parser *p, int power)
{
    struct parity_jp_node *left;

    if (p->depth >= PARITY_JP_MAX_DEPTH) {
        parity_jp_fail(p->err, PARITY_E_LIMIT, p->expression->text, peek(p)->offset,
                       "the expression is nested more than %d levels deep", PARITY_JP_MAX_DEPTH);
        return NULL;
    }
    p->depth++;
    left = first(p);
    while (left && power < powers[peek(p)->kind])
        left = extended(p, left);
    p->depth--;
    return left;
}

int parity_jp_parse(struct parity_jmespath *expression, struct parity_error *err)
{
    struct parser p = {.expression = expression, .err = err};
    int rc = parity_jp_tokenize(expression->text, &p.tokens, err);

    if (rc == 0) {
        expression->root = parse(&p, POWER_ANY);
        if (expression->root && !next_is(&p, PARITY_JP_END))
            expression->root = fail(&p, "an operator or the end");
        rc = expression->root ? 0 : -1;
    }
    parity_jp_tokens_clear(&p.tokens);
    return rc;
}
