/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/jmespath_node.h"

enum { MAX_DEPTH = 200, MAX_TOKEN = 3 };

/* How strongly an operator binds what stands to its left. */
enum power {
    POWER_NONE = 0,
    POWER_PIPE = 1,
    POWER_OR = 2,
    POWER_AND = 3,
    POWER_COMPARE = 5,
    POWER_FLATTEN = 9,
    POWER_STAR = 20,
    POWER_FILTER = 21,
    POWER_DOT = 40,
    POWER_NOT = 45,
    POWER_BRACKET = 55
};

struct parser {
    const char *text, *at;
    int depth;
    struct parity_error *err;
};

static struct parity_jmespath_node *parse(struct parser *p, int power);
static struct parity_jmespath_node *extend(struct parser *p, struct parity_jmespath_node *left,
                                           int power);

/* --- helpers ---------------------------------------------------------------------------------- */

void parity_jmespath_node_free(struct parity_jmespath_node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        parity_jmespath_node_free(n->children[i]);
    parity_free(n->children);
    parity_free(n->text);
    json_decref(n->value);
    parity_free(n);
}

static struct parity_jmespath_node *fail(struct parser *p, const char *what)
{
    parity_fail_at(p->err, PARITY_E_PARSE, p->text, 1, (int)(p->at - p->text) + 1, "%s", what);
    return NULL;
}

static struct parity_jmespath_node *make(struct parser *p, enum parity_jmespath_kind kind)
{
    struct parity_jmespath_node *n = parity_calloc(1, sizeof *n);

    if (!n)
        parity_fail_nomem(p->err);
    else
        n->kind = kind;
    return n;
}

/* Takes both, also on failure; a child that is NULL has failed already. */
static struct parity_jmespath_node *adopt(struct parser *p, struct parity_jmespath_node *parent,
                                          struct parity_jmespath_node *child)
{
    if (parent && child &&
        parity_grow(&parent->children, &parent->capacity, parent->count + 1, sizeof child) == 0) {
        parent->children[parent->count++] = child;
        return parent;
    }
    if (parent && child)
        parity_fail_nomem(p->err);
    parity_jmespath_node_free(parent);
    parity_jmespath_node_free(child);
    return NULL;
}

static struct parity_jmespath_node *pair(struct parser *p, enum parity_jmespath_kind kind,
                                         struct parity_jmespath_node *left,
                                         struct parity_jmespath_node *right)
{
    if (!left || !right) {
        parity_jmespath_node_free(left);
        parity_jmespath_node_free(right);
        return NULL;
    }
    left = adopt(p, make(p, kind), left);
    if (!left)
        parity_jmespath_node_free(right);
    return left ? adopt(p, left, right) : NULL;
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t\r\n");
}

/* Take `token` if it comes next. */
static bool take(struct parser *p, const char *token)
{
    size_t length = strlen(token);

    skip_blanks(p);
    if (strncmp(p->at, token, length) != 0)
        return false;
    p->at += length;
    return true;
}

static bool expect(struct parser *p, const char *token)
{
    char message[32] = "expected ' '";

    if (take(p, token))
        return true;
    message[10] = token[0];
    fail(p, message);
    return false;
}

/* --- names, literals -------------------------------------------------------------------------- */

static size_t name_length(const char *text)
{
    size_t length = 0;

    if (!isalpha((unsigned char)*text) && *text != '_')
        return 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

/* Text up to an unescaped `end`, which is skipped. NULL: unclosed or no memory. */
static char *delimited(struct parser *p, char end)
{
    struct parity_buffer text = {0};
    char *taken;

    for (p->at++; *p->at && *p->at != end; p->at++) {
        if (p->at[0] == '\\' && p->at[1] == end)
            p->at++;
        parity_buffer_add_char(&text, *p->at);
    }
    if (*p->at != end) {
        parity_buffer_clear(&text);
        fail(p, "unclosed quotation");
        return NULL;
    }
    p->at++;
    taken = parity_buffer_take(&text);
    if (!taken)
        parity_fail_nomem(p->err);
    return taken;
}

/* 'raw text' */
static struct parity_jmespath_node *raw_text(struct parser *p)
{
    char *text = delimited(p, '\'');
    struct parity_jmespath_node *n = text ? make(p, PARITY_JP_LITERAL) : NULL;

    if (n && !(n->value = json_string_nocheck(text))) {
        parity_fail_nomem(p->err);
        parity_jmespath_node_free(n);
        n = NULL;
    }
    parity_free(text);
    return n;
}

/* `JSON` */
static struct parity_jmespath_node *literal(struct parser *p)
{
    char *text = delimited(p, '`');
    struct parity_jmespath_node *n = text ? make(p, PARITY_JP_LITERAL) : NULL;

    if (n && parity_json_parse(text, strlen(text), "JMESPath literal", &n->value, p->err) < 0) {
        parity_jmespath_node_free(n);
        n = NULL;
    }
    parity_free(text);
    return n;
}

/* A name in double quotes is a JSON string. New, or NULL. */
static char *quoted_name(struct parser *p)
{
    const char *end = p->at + 1;
    json_t *value = NULL;
    char *name = NULL;

    while (*end && *end != '"')
        end += *end == '\\' && end[1] ? 2 : 1;
    if (!*end) {
        fail(p, "unclosed quotation");
        return NULL;
    }
    if (parity_json_parse(p->at, (size_t)(end + 1 - p->at), "JMESPath name", &value, p->err) == 0 &&
        !(name = parity_strdup(json_string_value(value))))
        parity_fail_nomem(p->err);
    json_decref(value);
    p->at = end + 1;
    return name;
}

/* A name, bare or quoted. New, or NULL. */
static char *name(struct parser *p)
{
    size_t length;
    char *text;

    skip_blanks(p);
    if (*p->at == '"')
        return quoted_name(p);
    length = name_length(p->at);
    if (length == 0) {
        fail(p, "expected a name");
        return NULL;
    }
    text = parity_strndup(p->at, length);
    if (!text)
        parity_fail_nomem(p->err);
    p->at += length;
    return text;
}

static struct parity_jmespath_node *with_text(struct parser *p, enum parity_jmespath_kind kind,
                                              char *text)
{
    struct parity_jmespath_node *n = text ? make(p, kind) : NULL;

    if (n)
        n->text = text;
    else
        parity_free(text);
    return n;
}

/* --- brackets and braces ---------------------------------------------------------------------- */

/* What follows a projection is applied to each of its items, up to an operator that binds no more
 * strongly than the projection itself. */
static struct parity_jmespath_node *projected(struct parser *p, int power)
{
    struct parity_jmespath_node *n;

    if (++p->depth > MAX_DEPTH) {
        p->depth--;
        return fail(p, "nested too deeply");
    }
    n = extend(p, make(p, PARITY_JP_CURRENT), power);
    p->depth--;
    return n;
}

/* Items up to `end`, separated by commas, into `list`. */
static struct parity_jmespath_node *items(struct parser *p, struct parity_jmespath_node *list,
                                          const char *end)
{
    if (take(p, end))
        return list;
    do {
        list = adopt(p, list, list ? parse(p, POWER_NONE) : NULL);
    } while (list && take(p, ","));
    if (list && !expect(p, end)) {
        parity_jmespath_node_free(list);
        return NULL;
    }
    return list;
}

static struct parity_jmespath_node *object(struct parser *p)
{
    struct parity_jmespath_node *n = make(p, PARITY_JP_OBJECT);

    do {
        struct parity_jmespath_node *field = with_text(p, PARITY_JP_FIELD, n ? name(p) : NULL);

        if (field && !expect(p, ":")) {
            parity_jmespath_node_free(field);
            field = NULL;
        }
        if (field)
            field = adopt(p, field, parse(p, POWER_NONE));
        n = adopt(p, n, field);
    } while (n && take(p, ","));
    if (n && !expect(p, "}")) {
        parity_jmespath_node_free(n);
        return NULL;
    }
    return n;
}

static bool number(struct parser *p, long *out)
{
    char *end;

    skip_blanks(p);
    if (*p->at != '-' && !isdigit((unsigned char)*p->at))
        return false;
    *out = strtol(p->at, &end, 10);
    if (end == p->at)
        return false;
    p->at = end;
    return true;
}

/* [3] or [1:2:3], behind the bracket. */
static struct parity_jmespath_node *index_or_slice(struct parser *p)
{
    struct parity_jmespath_node *n = make(p, PARITY_JP_INDEX);
    int part = 0;

    if (!n)
        return NULL;
    n->slice[2] = 1;
    for (;;) {
        n->given[part] = number(p, &n->slice[part]);
        if (!take(p, ":"))
            break;
        n->kind = PARITY_JP_SLICE;
        if (++part > 2)
            break;
    }
    if (part > 2 || (n->kind == PARITY_JP_INDEX && !n->given[0]) ||
        (n->given[2] && n->slice[2] == 0)) {
        fail(p, "expected a position or a slice");
        parity_jmespath_node_free(n);
        return NULL;
    }
    if (!expect(p, "]")) {
        parity_jmespath_node_free(n);
        return NULL;
    }
    return n;
}

/* What stands in brackets behind `left`. */
static struct parity_jmespath_node *bracket(struct parser *p, struct parity_jmespath_node *left)
{
    struct parity_jmespath_node *n;

    if (!left)
        return NULL;
    if (take(p, "]"))
        return pair(p, PARITY_JP_LIST_PROJECTION,
                    left ? adopt(p, make(p, PARITY_JP_FLATTEN), left) : NULL,
                    projected(p, POWER_FLATTEN));
    if (take(p, "?")) {
        struct parity_jmespath_node *condition = parse(p, POWER_NONE);

        if (!condition || !expect(p, "]")) {
            parity_jmespath_node_free(condition);
            parity_jmespath_node_free(left);
            return NULL;
        }
        n = pair(p, PARITY_JP_FILTER_PROJECTION, left, projected(p, POWER_FILTER));
        if (n)
            return adopt(p, n, condition);
        parity_jmespath_node_free(condition);
        return NULL;
    }
    skip_blanks(p);
    if (*p->at == '*') {
        p->at++;
        if (!expect(p, "]")) {
            parity_jmespath_node_free(left);
            return NULL;
        }
        return pair(p, PARITY_JP_LIST_PROJECTION, left, projected(p, POWER_STAR));
    }
    n = index_or_slice(p);
    if (n && n->kind == PARITY_JP_SLICE)
        return pair(p, PARITY_JP_LIST_PROJECTION, pair(p, PARITY_JP_CHAIN, left, n),
                    projected(p, POWER_STAR));
    return pair(p, PARITY_JP_CHAIN, left, n);
}

/* Whether the bracket that was just opened is a list of expressions, as in "[a, b]". */
static bool is_list(struct parser *p)
{
    const char *at = p->at + strspn(p->at, " \t\r\n");

    return !(strchr("]?:-", *at) || isdigit((unsigned char)*at) ||
             (*at == '*' && at[1 + strspn(at + 1, " \t\r\n")] == ']'));
}

/* --- expressions ------------------------------------------------------------------------------ */

static struct parity_jmespath_node *name_or_function(struct parser *p)
{
    bool quoted = *p->at == '"';
    char *text = name(p);

    if (text && !quoted && take(p, "("))
        return items(p, with_text(p, PARITY_JP_FUNCTION, text), ")");
    return with_text(p, PARITY_JP_FIELD, text);
}

/* The beginning of an expression. */
static struct parity_jmespath_node *first(struct parser *p)
{
    struct parity_jmespath_node *n;

    skip_blanks(p);
    switch (*p->at) {
    case '\0':
        return fail(p, "the expression ends too early");
    case '`':
        return literal(p);
    case '\'':
        return raw_text(p);
    case '@':
        p->at++;
        return make(p, PARITY_JP_CURRENT);
    case '!':
        p->at++;
        n = parse(p, POWER_NOT);
        return n ? adopt(p, make(p, PARITY_JP_NOT), n) : NULL;
    case '(':
        p->at++;
        n = parse(p, POWER_NONE);
        if (n && !expect(p, ")")) {
            parity_jmespath_node_free(n);
            return NULL;
        }
        return n;
    case '*':
        p->at++;
        return pair(p, PARITY_JP_VALUE_PROJECTION, make(p, PARITY_JP_CURRENT),
                    projected(p, POWER_STAR));
    case '{':
        p->at++;
        return object(p);
    case '[':
        p->at++;
        if (is_list(p))
            return items(p, make(p, PARITY_JP_LIST), "]");
        return bracket(p, make(p, PARITY_JP_CURRENT));
    default:
        return name_or_function(p);
    }
}

/* What may follow a dot. */
static struct parity_jmespath_node *behind_dot(struct parser *p, struct parity_jmespath_node *left)
{
    struct parity_jmespath_node *n;

    skip_blanks(p);
    if (*p->at == '*') {
        p->at++;
        return pair(p, PARITY_JP_VALUE_PROJECTION, left, projected(p, POWER_STAR));
    }
    if (*p->at == '{' || *p->at == '[') {
        bool is_object = *p->at++ == '{';

        n = is_object ? object(p) : items(p, make(p, PARITY_JP_LIST), "]");
    } else {
        n = name_or_function(p);
    }
    return pair(p, PARITY_JP_CHAIN, left, n);
}

static const struct operator
{
    char token[MAX_TOKEN];
    int power;
    enum parity_jmespath_kind kind;
}
operators[] = {
    /* Longer ones first. */
    {"||", POWER_OR, PARITY_JP_OR},      {"&&", POWER_AND, PARITY_JP_AND},
    {"==", POWER_COMPARE, PARITY_JP_EQ}, {"!=", POWER_COMPARE, PARITY_JP_NE},
    {"<=", POWER_COMPARE, PARITY_JP_LE}, {">=", POWER_COMPARE, PARITY_JP_GE},
    {"<", POWER_COMPARE, PARITY_JP_LT},  {">", POWER_COMPARE, PARITY_JP_GT},
    {"|", POWER_PIPE, PARITY_JP_CHAIN},
};

static const struct operator* next_operator(struct parser *p)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strncmp(p->at, operators[i].token, strlen(operators[i].token)) == 0)
            return &operators[i];
    return NULL;
}

/* Power of a '[' by what is in it. */
static int bracket_power(struct parser *p)
{
    const char *inner = p->at + 1 + strspn(p->at + 1, " \t\r\n");

    return *inner == ']' ? POWER_FLATTEN : *inner == '?' ? POWER_FILTER : POWER_BRACKET;
}

/* Extend `left` as far as operators bind more strongly than `power`; NULL on failure. */
static struct parity_jmespath_node *extend(struct parser *p, struct parity_jmespath_node *left,
                                           int power)
{
    while (left) {
        const struct operator* op;

        skip_blanks(p);
        if (*p->at == '.' && power < POWER_DOT) {
            p->at++;
            left = behind_dot(p, left);
        } else if (*p->at == '[' && power < bracket_power(p)) {
            p->at++;
            left = bracket(p, left);
        } else if ((op = next_operator(p)) && power < op->power) {
            p->at += strlen(op->token);
            left = pair(p, op->kind, left, parse(p, op->power));
        } else {
            return left;
        }
    }
    return NULL;
}

static struct parity_jmespath_node *parse(struct parser *p, int power)
{
    struct parity_jmespath_node *n;

    if (++p->depth > MAX_DEPTH) {
        p->depth--;
        return fail(p, "nested too deeply");
    }
    n = extend(p, first(p), power);
    p->depth--;
    return n;
}

struct parity_jmespath_node *parity_jmespath_parse(const char *expression, struct parity_error *err)
{
    struct parser p = {.text = expression, .at = expression, .err = err};
    struct parity_jmespath_node *n = parse(&p, POWER_NONE);

    skip_blanks(&p);
    if (n && *p.at) {
        fail(&p, "unexpected character");
        parity_jmespath_node_free(n);
        return NULL;
    }
    return n;
}
