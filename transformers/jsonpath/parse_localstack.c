/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of the localstack dialect. `where` binds closest, then `|`, then `.`, then `..`, and
 * brackets take everything to their left: `$..a.b[0].c` are the c of the first items of what `$..`
 * finds for `a.b`.
 */
#include "transformers/jsonpath/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformers/jsonpath/lex_localstack.h"

struct grammar {
    struct parity_path_parser *parser;
    struct parity_path_token token; /* the one that comes next */
};

static int parse_path(struct grammar *grammar, struct parity_path_sequence *path, bool continued);
static int parse_conditions(struct grammar *grammar, struct parity_path_condition *all);

static int advance(struct grammar *grammar)
{
    return parity_path_lex(grammar->parser, &grammar->token);
}

static bool is_sign(const struct grammar *grammar, char sign)
{
    return grammar->token.kind == PARITY_TOKEN_SIGN && grammar->token.sign == sign;
}

static int fail_unexpected(struct grammar *grammar, const char *expected)
{
    const struct parity_path_token *token = &grammar->token;

    if (token->kind == PARITY_TOKEN_END)
        return parity_path_fail(grammar->parser, token->at, "the path ends where %s should be",
                                expected);
    if (token->kind == PARITY_TOKEN_BOOLEAN || token->kind == PARITY_TOKEN_WHERE)
        return parity_path_fail(grammar->parser, token->at,
                                "expected %s: a name that is or begins with '%.*s' needs quotes",
                                expected, (int)(token->end - token->at),
                                grammar->parser->text + token->at);
    if (is_sign(grammar, '+') || is_sign(grammar, '-') || is_sign(grammar, '/') ||
        is_sign(grammar, '*'))
        return parity_path_fail(grammar->parser, token->at,
                                "expected %s: parity's paths do not calculate, and a name with "
                                "'%c' needs quotes",
                                expected, token->sign);
    if (is_sign(grammar, '&') || is_sign(grammar, '|'))
        return parity_path_fail(grammar->parser, token->at,
                                "expected %s: conditions are joined by one '&'; for \"or\" write "
                                "two paths",
                                expected);
    return parity_path_fail(grammar->parser, token->at, "expected %s", expected);
}

static int expect(struct grammar *grammar, char sign, const char *expected)
{
    return is_sign(grammar, sign) ? advance(grammar) : fail_unexpected(grammar, expected);
}

/* Make what `path` has from `start` on the first part of a step of this kind. */
static struct parity_path_step *wrap(struct grammar *grammar, struct parity_path_sequence *path,
                                     size_t start, enum parity_path_step_kind kind)
{
    struct parity_path_sequence inner = {0};
    struct parity_path_sequence *part;
    struct parity_path_step *step;
    size_t count = path->count - start;

    if (parity_grow(&inner.items, &inner.capacity, count + 1, sizeof *inner.items) < 0) {
        parity_path_fail_nomem(grammar->parser);
        return NULL;
    }
    if (count)
        memcpy(inner.items, path->items + start, count * sizeof *inner.items);
    inner.count = count;
    path->count = start;
    step = parity_path_add(grammar->parser, path, kind);
    part = step ? parity_path_add_part(grammar->parser, step) : NULL;
    if (!part) {
        parity_path_sequence_clear(&inner);
        return NULL;
    }
    *part = inner;
    return step;
}

/* The text of a name: what the quotes hold, or the word, or the number without needless zeros. */
static int take_name(struct grammar *grammar, struct parity_path_step *step)
{
    struct parity_path_token *token = &grammar->token;
    const char *start = grammar->parser->text + token->at;
    const char *end = grammar->parser->text + token->end;
    bool negative = token->kind == PARITY_TOKEN_INTEGER && *start == '-';

    if (token->text) {
        step->name = token->text;
        step->name_length = token->length;
        token->text = NULL;
    } else {
        if (token->kind == PARITY_TOKEN_INTEGER)
            for (start += negative; start + 1 < end && *start == '0';)
                start++;
        negative = negative && *start != '0';
        step->name_length = (size_t)(end - start) + negative;
        step->name = parity_asprintf("%s%.*s", negative ? "-" : "", (int)(end - start), start);
    }
    if (!step->name)
        return parity_path_fail_nomem(grammar->parser);
    if (step->name_length == 1 && step->name[0] == '*')
        step->kind = PARITY_STEP_WILDCARD; /* quoted or not */
    return advance(grammar);
}

/* A name that may stand beside others. */
static int take_listed_name(struct grammar *grammar, struct parity_path_step *step)
{
    if (grammar->token.kind != PARITY_TOKEN_NAME)
        return fail_unexpected(grammar, "a name");
    return take_name(grammar, step);
}

static int take_integer(struct grammar *grammar, long long *out)
{
    errno = 0;
    *out = strtoll(grammar->parser->text + grammar->token.at, NULL, 10);
    if (errno)
        return parity_path_fail(grammar->parser, grammar->token.at, "no list has that position");
    return advance(grammar);
}

static int take_position(struct grammar *grammar, struct parity_path_step *step)
{
    if (grammar->token.kind != PARITY_TOKEN_INTEGER)
        return fail_unexpected(grammar, "a position");
    return take_integer(grammar, &step->index);
}

/* Names or positions with commas between them, of which `take` takes one. */
static int parse_list(struct grammar *grammar, struct parity_path_sequence *to,
                      enum parity_path_step_kind kind,
                      int (*take)(struct grammar *, struct parity_path_step *))
{
    struct parity_path_step *step = parity_path_add(grammar->parser, to, kind);

    if (!step || take(grammar, step) < 0)
        return -1;
    if (!is_sign(grammar, ','))
        return 0;
    step = wrap(grammar, to, to->count - 1, PARITY_STEP_GROUP);
    if (!step)
        return -1;
    while (is_sign(grammar, ',')) {
        struct parity_path_sequence *part = parity_path_add_part(grammar->parser, step);
        struct parity_path_step *item = part ? parity_path_add(grammar->parser, part, kind) : NULL;

        if (!item || advance(grammar) < 0 || take(grammar, item) < 0)
            return -1;
    }
    return 0;
}

/* What follows `[1` or `[` up to the bracket that closes a slice. */
static int parse_slice(struct grammar *grammar, struct parity_path_slice *slice)
{
    slice->step = 1;
    if (advance(grammar) < 0)
        return -1;
    if (grammar->token.kind == PARITY_TOKEN_INTEGER) {
        slice->has_end = true;
        if (take_integer(grammar, &slice->end) < 0)
            return -1;
    }
    if (!is_sign(grammar, ':'))
        return 0;
    if (advance(grammar) < 0)
        return -1;
    return grammar->token.kind == PARITY_TOKEN_INTEGER ? take_integer(grammar, &slice->step) : 0;
}

static int parse_filter(struct grammar *grammar, struct parity_path_sequence *path)
{
    struct parity_path_step *step = parity_path_add(grammar->parser, path, PARITY_STEP_FILTER);

    if (!step || advance(grammar) < 0)
        return -1;
    step->condition = parity_calloc(1, sizeof *step->condition);
    if (!step->condition)
        return parity_path_fail_nomem(grammar->parser);
    step->condition->kind = PARITY_CONDITION_AND;
    return parse_conditions(grammar, step->condition);
}

static int parse_positions(struct grammar *grammar, struct parity_path_sequence *path)
{
    struct parity_path_step *step;

    if (parse_list(grammar, path, PARITY_STEP_INDEX, take_position) < 0)
        return -1;
    step = &path->items[path->count - 1];
    if (!is_sign(grammar, ':') || step->kind != PARITY_STEP_INDEX)
        return 0;
    step->kind = PARITY_STEP_SLICE;
    step->slice.has_start = true;
    step->slice.start = step->index;
    return parse_slice(grammar, &step->slice);
}

/* What stands in brackets, the opening one being read. */
static int parse_in_brackets(struct grammar *grammar, struct parity_path_sequence *path, bool first)
{
    struct parity_path_step *step;

    if (is_sign(grammar, '?') && first)
        return parity_path_fail(
            grammar->parser, grammar->token.at,
            "a filter needs something to filter: write it behind a name or [*]");
    if (is_sign(grammar, '?'))
        return parse_filter(grammar, path);
    if (is_sign(grammar, '/') || is_sign(grammar, '\\'))
        return parity_path_fail(grammar->parser, grammar->token.at,
                                "parity's paths do not sort: use a sorting transformer");
    if (grammar->token.kind == PARITY_TOKEN_NAME)
        return parse_list(grammar, path, PARITY_STEP_NAME, take_listed_name);
    if (grammar->token.kind == PARITY_TOKEN_INTEGER)
        return parse_positions(grammar, path);
    if (!is_sign(grammar, '*') && !is_sign(grammar, ':'))
        return fail_unexpected(grammar, "a name, a position, '*', a slice or '?'");
    step = parity_path_add(grammar->parser, path, PARITY_STEP_SLICE);
    if (!step)
        return -1;
    if (is_sign(grammar, ':'))
        return parse_slice(grammar, &step->slice);
    step->slice.step = 1;
    return advance(grammar);
}

static int parse_brackets(struct grammar *grammar, struct parity_path_sequence *path, bool first)
{
    if (parity_path_enter(grammar->parser) < 0 || advance(grammar) < 0 ||
        parse_in_brackets(grammar, path, first) < 0 || expect(grammar, ']', "']'") < 0)
        return -1;
    grammar->parser->nesting--;
    return 0;
}

static int parse_operator(struct grammar *grammar, struct parity_path_sequence *path)
{
    const char *name = grammar->token.text;
    enum parity_path_step_kind kind = PARITY_STEP_THIS;

    if (strcmp(name, "parent") == 0)
        kind = PARITY_STEP_PARENT;
    else if (strcmp(name, "this") != 0)
        return parity_path_fail(grammar->parser, grammar->token.at,
                                "`%.60s` is not supported: of the named operators parity knows "
                                "`this` and `parent`",
                                name);
    if (!parity_path_add(grammar->parser, path, kind))
        return -1;
    return advance(grammar);
}

/* Append the steps of `from`, which is empty afterwards. */
static int move_steps(struct grammar *grammar, struct parity_path_sequence *to,
                      struct parity_path_sequence *from)
{
    if (parity_grow(&to->items, &to->capacity, to->count + from->count, sizeof *to->items) < 0)
        return parity_path_fail_nomem(grammar->parser);
    memcpy(to->items + to->count, from->items, from->count * sizeof *from->items);
    to->count += from->count;
    from->count = 0;
    return 0;
}

static int parse_parenthesis(struct grammar *grammar, struct parity_path_sequence *path)
{
    struct parity_path_sequence inner = {0};
    int rc = -1;

    if (parity_path_enter(grammar->parser) == 0 && advance(grammar) == 0 &&
        parse_path(grammar, &inner, false) == 0 && expect(grammar, ')', "')'") == 0)
        rc = move_steps(grammar, path, &inner);
    grammar->parser->nesting--;
    parity_path_sequence_clear(&inner);
    return rc;
}

static int parse_number_name(struct grammar *grammar, struct parity_path_sequence *path)
{
    struct parity_path_step *step = parity_path_add(grammar->parser, path, PARITY_STEP_NAME);

    return step ? take_name(grammar, step) : -1;
}

/* The smallest thing that is a path of its own. */
static int parse_primary(struct grammar *grammar, struct parity_path_sequence *path)
{
    enum parity_path_step_kind kind = PARITY_STEP_WILDCARD;

    if (grammar->token.kind == PARITY_TOKEN_NAME)
        return parse_list(grammar, path, PARITY_STEP_NAME, take_listed_name);
    if (grammar->token.kind == PARITY_TOKEN_INTEGER)
        return parse_number_name(grammar, path);
    if (grammar->token.kind == PARITY_TOKEN_OPERATOR)
        return parse_operator(grammar, path);
    if (is_sign(grammar, '['))
        return parse_brackets(grammar, path, true);
    if (is_sign(grammar, '('))
        return parse_parenthesis(grammar, path);
    if (is_sign(grammar, '$'))
        kind = PARITY_STEP_ROOT;
    else if (is_sign(grammar, '@'))
        kind = PARITY_STEP_THIS;
    else if (!is_sign(grammar, '*'))
        return fail_unexpected(grammar, "a name, '*', '[' or '$'");
    if (!parity_path_add(grammar->parser, path, kind))
        return -1;
    return advance(grammar);
}

/*
 * One operand of `|` with the `where`s behind it. It stands in `path` from `start` on; when
 * `given`, its first primary is there already.
 */
static int parse_filtered(struct grammar *grammar, struct parity_path_sequence *path, size_t start,
                          bool given)
{
    if (!given && parse_primary(grammar, path) < 0)
        return -1;
    while (grammar->token.kind == PARITY_TOKEN_WHERE) {
        bool negated = grammar->token.end - grammar->token.at > strlen("where");
        struct parity_path_step *step = NULL;
        struct parity_path_sequence *part;

        if (parity_path_enter(grammar->parser) == 0) /* each one nests what is before it */
            step = wrap(grammar, path, start, PARITY_STEP_WHERE);
        if (!step || !(part = parity_path_add_part(grammar->parser, step)))
            return -1;
        step->negated = negated;
        if (advance(grammar) < 0 || parse_primary(grammar, part) < 0)
            return -1;
    }
    return 0;
}

/* One operand of `.`: alternatives with bars between them. */
static int parse_alternatives(struct grammar *grammar, struct parity_path_sequence *path,
                              size_t start, bool given)
{
    if (parse_filtered(grammar, path, start, given) < 0)
        return -1;
    if (!is_sign(grammar, '|'))
        return 0;
    if (parity_path_enter(grammar->parser) < 0 || !wrap(grammar, path, start, PARITY_STEP_UNION))
        return -1;
    while (is_sign(grammar, '|')) {
        struct parity_path_sequence *part =
            parity_path_add_part(grammar->parser, &path->items[start]);

        if (!part || advance(grammar) < 0 || parse_filtered(grammar, part, 0, false) < 0)
            return -1;
    }
    return 0;
}

/*
 * Operands with dots between them, appended to `path`; brackets end it.
 *
 * @param start  where the operand begins that a `|` or `where` takes as its left side
 */
static int parse_dotted(struct grammar *grammar, struct parity_path_sequence *path, size_t start,
                        bool given)
{
    if (parse_alternatives(grammar, path, start, given) < 0)
        return -1;
    while (is_sign(grammar, '.')) {
        if (advance(grammar) < 0 || parse_alternatives(grammar, path, path->count, false) < 0)
            return -1;
    }
    return 0;
}

static int parse_descent(struct grammar *grammar, struct parity_path_sequence *path)
{
    struct parity_path_step *step = parity_path_add(grammar->parser, path, PARITY_STEP_DESCEND);
    struct parity_path_sequence *part;

    if (!step || !(part = parity_path_add_part(grammar->parser, step)) || advance(grammar) < 0)
        return -1;
    return parse_dotted(grammar, part, 0, false);
}

static bool path_goes_on(const struct grammar *grammar)
{
    return is_sign(grammar, '.') || is_sign(grammar, 'D') || is_sign(grammar, '[') ||
           is_sign(grammar, '|') || grammar->token.kind == PARITY_TOKEN_WHERE;
}

/*
 * A whole path.
 *
 * @param continued  `path` has a path in parentheses already, and goes on
 */
static int parse_path(struct grammar *grammar, struct parity_path_sequence *path, bool continued)
{
    if (parse_dotted(grammar, path, 0, continued) < 0)
        return -1;
    while (path_goes_on(grammar)) {
        int rc;

        if (is_sign(grammar, 'D'))
            rc = parse_descent(grammar, path);
        else if (is_sign(grammar, '['))
            rc = parse_brackets(grammar, path, false);
        else /* behind brackets, where everything so far is the left side */
            rc = parse_dotted(grammar, path, 0, true);
        if (rc < 0)
            return -1;
    }
    if (is_sign(grammar, '&'))
        return parity_path_fail(grammar->parser, grammar->token.at,
                                "'&' only joins comparisons in a filter, as in [?a==1 & b==2]");
    return 0;
}

/* A number; unlike JSON, Python takes zeros in front of it. */
static json_t *number_of(const char *text, size_t length)
{
    bool negative = *text == '-';
    char *plain;
    json_t *number;

    for (text += negative, length -= negative; length > 1 && text[0] == '0' && text[1] != '.';)
        text++, length--;
    plain = parity_asprintf("%s%.*s", negative ? "-" : "", (int)length, text);
    number = plain ? parity_json_number(plain, strlen(plain)) : NULL;
    parity_free(plain);
    return number;
}

static int take_literal(struct grammar *grammar, json_t **out)
{
    const struct parity_path_token *token = &grammar->token;
    const char *text = grammar->parser->text + token->at;
    size_t length = token->end - token->at;

    if (token->kind == PARITY_TOKEN_NAME)
        *out = token->text ? json_stringn_nocheck(token->text, token->length)
                           : json_stringn_nocheck(text, length);
    else if (token->kind == PARITY_TOKEN_BOOLEAN)
        *out = json_boolean(*text == 't');
    else if (token->kind == PARITY_TOKEN_INTEGER || token->kind == PARITY_TOKEN_REAL)
        *out = number_of(text, length);
    else
        return fail_unexpected(grammar, "a number, a text, true or false");
    return *out ? advance(grammar) : parity_path_fail_nomem(grammar->parser);
}

static int compile_pattern(struct grammar *grammar, struct parity_path_operand *operand, size_t at)
{
    struct parity_error reason = {0};

    if (!json_is_string(operand->literal))
        return parity_path_fail(grammar->parser, at, "what follows =~ must be a pattern in quotes");
    if (parity_regexp_compile(json_string_value(operand->literal),
                              json_string_length(operand->literal), PARITY_REGEXP_PYTHON,
                              &operand->regexp, &reason) == 0)
        return 0;
    return reason.code == PARITY_E_NOMEM
               ? parity_path_fail_nomem(grammar->parser)
               : parity_path_fail(grammar->parser, at, "%s", reason.message);
}

/* What follows the path of a condition: nothing, or a comparison. */
static int parse_comparison(struct grammar *grammar, struct parity_path_condition *condition)
{
    size_t at;

    if (grammar->token.kind != PARITY_TOKEN_COMPARISON)
        return 0;
    condition->kind = PARITY_CONDITION_ANY;
    condition->comparison = grammar->token.comparison;
    if (advance(grammar) < 0)
        return -1;
    at = grammar->token.at;
    if (take_literal(grammar, &condition->right.literal) < 0)
        return -1;
    return condition->comparison == PARITY_COMPARE_MATCHES
               ? compile_pattern(grammar, &condition->right, at)
               : 0;
}

/* The only condition of `all`, if that is a path and nothing else. */
static struct parity_path_condition *lone_path(struct parity_path_condition *all)
{
    while (all->kind == PARITY_CONDITION_AND && all->count == 1)
        all = &all->items[0];
    return all->kind == PARITY_CONDITION_TEST ? all : NULL;
}

/* A condition in parentheses, which turn out to be a path's if that goes on behind them. */
static int parse_condition_parenthesis(struct grammar *grammar, struct parity_path_condition *all)
{
    struct parity_path_condition *inner =
        parity_path_add_condition(grammar->parser, all, PARITY_CONDITION_AND);

    if (!inner || parity_path_enter(grammar->parser) < 0 || advance(grammar) < 0 ||
        parse_conditions(grammar, inner) < 0 || expect(grammar, ')', "')'") < 0)
        return -1;
    grammar->parser->nesting--;
    inner = lone_path(inner);
    if (!inner)
        return 0;
    if ((path_goes_on(grammar) || is_sign(grammar, '&')) &&
        parse_path(grammar, &inner->left.query, true) < 0)
        return -1;
    return parse_comparison(grammar, inner);
}

static int parse_condition(struct grammar *grammar, struct parity_path_condition *all)
{
    struct parity_path_condition *condition;

    if (is_sign(grammar, '('))
        return parse_condition_parenthesis(grammar, all);
    condition = parity_path_add_condition(grammar->parser, all, PARITY_CONDITION_TEST);
    if (!condition)
        return -1;
    condition->left.kind = PARITY_OPERAND_QUERY;
    if (parse_path(grammar, &condition->left.query, false) < 0)
        return -1;
    return parse_comparison(grammar, condition);
}

/* Conditions that must all hold. */
static int parse_conditions(struct grammar *grammar, struct parity_path_condition *all)
{
    if (parse_condition(grammar, all) < 0)
        return -1;
    while (is_sign(grammar, '&'))
        if (advance(grammar) < 0 || parse_condition(grammar, all) < 0)
            return -1;
    return 0;
}

int parity_path_parse_localstack(struct parity_path_parser *parser,
                                 struct parity_path_sequence *out)
{
    struct grammar grammar = {.parser = parser};
    int rc = advance(&grammar);

    if (rc == 0)
        rc = parse_path(&grammar, out, false);
    if (rc == 0 && grammar.token.kind != PARITY_TOKEN_END)
        rc = fail_unexpected(&grammar, "'.', '..', '[' or the end");
    parity_free(grammar.token.text);
    return rc;
}
