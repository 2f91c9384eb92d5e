/* SPDX-License-Identifier: Apache-2.0 */
/* The filters of RFC 9535, with the types of 2.4.3: a path that is not well-typed does not compile.
 */
#include "transformers/jsonpath/parse_rfc9535.h"

#include <string.h>

#include "base/json.h"
#include "base/json_number.h"
#include "base/memory.h"

static const struct function {
    const char *name;
    enum parity_path_operand_kind kind;
    size_t arguments;
    bool takes_nodes; /* a query of any kind, and not values */
} functions[] = {{"length", PARITY_OPERAND_LENGTH, 1, false},
                 {"count", PARITY_OPERAND_COUNT, 1, true},
                 {"match", PARITY_OPERAND_MATCH, 2, false},
                 {"search", PARITY_OPERAND_SEARCH, 2, false},
                 {"value", PARITY_OPERAND_VALUE, 1, true}};

static int parse_operand(struct parity_path_parser *parser, struct parity_path_operand *out);
static int parse_or(struct parity_path_parser *parser, struct parity_path_condition *out);

static bool is_singular(const struct parity_path_sequence *query)
{
    for (size_t i = 1; i < query->count; i++) {
        const struct parity_path_step *step = &query->items[i];

        if (step->kind == PARITY_STEP_GROUP && step->part_count == 1)
            step = &step->parts[0].items[0];
        if (step->kind != PARITY_STEP_NAME && step->kind != PARITY_STEP_INDEX)
            return false;
    }
    return true;
}

static bool is_logical(const struct parity_path_operand *operand)
{
    return operand->kind == PARITY_OPERAND_MATCH || operand->kind == PARITY_OPERAND_SEARCH;
}

/* Whether an operand is a single value, as comparisons and most arguments must be. */
static int check_value(struct parity_path_parser *parser, size_t at,
                       const struct parity_path_operand *operand)
{
    if (operand->kind == PARITY_OPERAND_QUERY && !is_singular(&operand->query))
        return parity_path_fail(parser, at,
                                "a value is needed here, and this path may select several");
    if (is_logical(operand))
        return parity_path_fail(parser, at, "match() and search() are true or false, not values");
    return 0;
}

static int parse_number(struct parity_path_parser *parser, struct parity_path_operand *out)
{
    bool is_real;
    const char *text = parser->text + parser->at;
    size_t length = parity_number_scan(text, parser->length - parser->at, &is_real);

    if (length == 0)
        return parity_path_fail_expected(parser, "a number");
    out->literal = parity_json_number(text, length);
    if (!out->literal)
        return parity_path_fail_nomem(parser);
    parser->at += length;
    return 0;
}

static int parse_text(struct parity_path_parser *parser, struct parity_path_operand *out)
{
    struct parity_buffer text = {0};
    int rc = parity_path_parse_string(parser, &text);

    if (rc == 0) {
        out->literal = json_stringn_nocheck(text.data, text.length);
        rc = out->literal ? 0 : parity_path_fail_nomem(parser);
    }
    parity_buffer_clear(&text);
    return rc;
}

static int parse_query(struct parity_path_parser *parser, struct parity_path_operand *out)
{
    bool is_root = parser->text[parser->at++] == '$';

    out->kind = PARITY_OPERAND_QUERY;
    if (!parity_path_add(parser, &out->query, is_root ? PARITY_STEP_ROOT : PARITY_STEP_THIS))
        return -1;
    return parity_path_parse_segments(parser, &out->query);
}

static int parse_argument(struct parity_path_parser *parser, const struct function *function,
                          struct parity_path_operand *out)
{
    size_t at;

    parity_path_skip_blanks(parser);
    at = parser->at;
    if (parse_operand(parser, out) < 0)
        return -1;
    parity_path_skip_blanks(parser);
    if (!function->takes_nodes)
        return check_value(parser, at, out);
    return out->kind == PARITY_OPERAND_QUERY
               ? 0
               : parity_path_fail(parser, at, "%s() takes a path", function->name);
}

/* Patterns that are written in the path are compiled with it. */
static int compile_pattern(struct parity_path_parser *parser, struct parity_path_operand *call)
{
    const json_t *pattern = is_logical(call) ? call->arguments[1].literal : NULL;

    if (!json_is_string(pattern))
        return 0;
    return parity_regexp_compile(json_string_value(pattern), json_string_length(pattern),
                                 call->kind == PARITY_OPERAND_MATCH ? PARITY_REGEXP_MATCH
                                                                    : PARITY_REGEXP_SEARCH,
                                 &call->regexp, parser->err);
}

/* A call behind its opening parenthesis. */
static int parse_call(struct parity_path_parser *parser, const struct function *function,
                      struct parity_path_operand *out)
{
    if (parity_path_enter(parser) < 0)
        return -1;
    out->kind = function->kind;
    out->arguments = parity_calloc(function->arguments, sizeof *out->arguments);
    if (!out->arguments)
        return parity_path_fail_nomem(parser);
    while (out->argument_count < function->arguments) {
        if (out->argument_count > 0 && !parity_path_accept(parser, ","))
            return parity_path_fail_expected(parser, "',' and another argument");
        if (parse_argument(parser, function, &out->arguments[out->argument_count++]) < 0)
            return -1;
    }
    if (!parity_path_accept(parser, ")"))
        return parity_path_fail_expected(parser, "')'");
    parser->nesting--;
    return compile_pattern(parser, out);
}

static int parse_word(struct parity_path_parser *parser, struct parity_path_operand *out)
{
    const char *word = parser->text + parser->at;
    size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_");

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strlen(functions[i].name) != length || memcmp(functions[i].name, word, length) != 0)
            continue;
        parser->at += length;
        if (!parity_path_accept(parser, "("))
            return parity_path_fail_expected(parser, "'('");
        return parse_call(parser, &functions[i], out);
    }
    if (length == 4 && memcmp(word, "true", 4) == 0)
        out->literal = json_true();
    else if (length == 5 && memcmp(word, "false", 5) == 0)
        out->literal = json_false();
    else if (length == 4 && memcmp(word, "null", 4) == 0)
        out->literal = json_null();
    else
        return parity_path_fail_expected(
            parser, "a path, a literal, or a call of length, count, match, search or value");
    parser->at += length;
    return 0;
}

static int parse_operand(struct parity_path_parser *parser, struct parity_path_operand *out)
{
    char c = parity_path_peek(parser);

    if (c == '$' || c == '@')
        return parse_query(parser, out);
    if (c == '"' || c == '\'')
        return parse_text(parser, out);
    if (c == '-' || (c >= '0' && c <= '9'))
        return parse_number(parser, out);
    return parse_word(parser, out);
}

static bool accept_comparison(struct parity_path_parser *parser, enum parity_path_comparison *out)
{
    static const struct {
        const char *text;
        enum parity_path_comparison meaning;
    } signs[] = {{"==", PARITY_COMPARE_EQ}, {"!=", PARITY_COMPARE_NE}, {"<=", PARITY_COMPARE_LE},
                 {">=", PARITY_COMPARE_GE}, {"<", PARITY_COMPARE_LT},  {">", PARITY_COMPARE_GT}};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (parity_path_accept(parser, signs[i].text)) {
            *out = signs[i].meaning;
            return true;
        }
    return false;
}

static int check_test(struct parity_path_parser *parser, size_t at,
                      const struct parity_path_operand *operand)
{
    if (operand->kind == PARITY_OPERAND_QUERY || is_logical(operand))
        return 0;
    return parity_path_fail(parser, at, "a value alone is no condition: compare it");
}

/* A comparison, or a path or call alone. */
static int parse_simple(struct parity_path_parser *parser, struct parity_path_condition *out,
                        bool may_compare)
{
    size_t at = parser->at, end;

    out->kind = PARITY_CONDITION_TEST;
    if (parse_operand(parser, &out->left) < 0)
        return -1;
    end = parser->at;
    parity_path_skip_blanks(parser);
    if (!may_compare || !accept_comparison(parser, &out->comparison)) {
        parser->at = end;
        return check_test(parser, at, &out->left);
    }
    out->kind = PARITY_CONDITION_COMPARE;
    if (check_value(parser, at, &out->left) < 0)
        return -1;
    parity_path_skip_blanks(parser);
    at = parser->at;
    if (parse_operand(parser, &out->right) < 0)
        return -1;
    return check_value(parser, at, &out->right);
}

static int parse_parenthesis(struct parity_path_parser *parser, struct parity_path_condition *out)
{
    if (parity_path_enter(parser) < 0)
        return -1;
    parity_path_skip_blanks(parser);
    if (parse_or(parser, out) < 0)
        return -1;
    parity_path_skip_blanks(parser);
    parser->nesting--;
    return parity_path_accept(parser, ")") ? 0 : parity_path_fail_expected(parser, "')'");
}

static int parse_basic(struct parity_path_parser *parser, struct parity_path_condition *out)
{
    struct parity_path_condition *inner;

    if (parity_path_accept(parser, "(")) {
        return parse_parenthesis(parser, out);
    }
    if (!parity_path_accept(parser, "!"))
        return parse_simple(parser, out, true);
    parity_path_skip_blanks(parser);
    out->kind = PARITY_CONDITION_NOT;
    inner = parity_path_add_condition(parser, out, PARITY_CONDITION_TEST);
    if (!inner)
        return -1;
    return parity_path_accept(parser, "(") ? parse_parenthesis(parser, inner)
                                           : parse_simple(parser, inner, false);
}

/* Conditions of one level with `sign` between them. */
static int parse_joined(struct parity_path_parser *parser, struct parity_path_condition *out,
                        enum parity_path_condition_kind kind, const char *sign,
                        int (*parse)(struct parity_path_parser *, struct parity_path_condition *))
{
    size_t end;

    out->kind = kind;
    do {
        struct parity_path_condition *item =
            parity_path_add_condition(parser, out, PARITY_CONDITION_TEST);

        parity_path_skip_blanks(parser);
        if (!item || parse(parser, item) < 0)
            return -1;
        end = parser->at;
        parity_path_skip_blanks(parser);
    } while (parity_path_accept(parser, sign));
    parser->at = end;
    return 0;
}

static int parse_and(struct parity_path_parser *parser, struct parity_path_condition *out)
{
    return parse_joined(parser, out, PARITY_CONDITION_AND, "&&", parse_basic);
}

static int parse_or(struct parity_path_parser *parser, struct parity_path_condition *out)
{
    return parse_joined(parser, out, PARITY_CONDITION_OR, "||", parse_and);
}

int parity_path_parse_filter(struct parity_path_parser *parser,
                             struct parity_path_condition *condition)
{
    return parse_or(parser, condition);
}
