/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/expression.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
    MOST_NESTING = 200,
    /* Values that wait for their operator: of each level one before `or` and one before `and`. */
    MOST_PENDING = 2 * (MOST_NESTING + 1) + 1
};

enum step_kind { STEP_NAME, STEP_NOT, STEP_AND, STEP_OR };

/* In postfix order: a name pushes whether it holds, the others combine what was pushed. */
struct step {
    enum step_kind kind;
    char *name; /* owned; of STEP_NAME */
};

struct parity_expression {
    struct step *steps;
    size_t count, capacity;
};

struct parser {
    struct parity_expression *out;
    const char *text, *at;
    const char *option;
    int depth;
    struct parity_error *err;
};

/* --- words -------------------------------------------------------------------------------------
 */

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_:+-.[]\\/", c)) || (unsigned char)c >= 0x80;
}

static void skip_space(struct parser *parser)
{
    parser->at += strspn(parser->at, " \t\n");
}

/* Length of the name that is next; 0: none is. */
static size_t word_length(const struct parser *parser)
{
    size_t length = 0;

    while (is_name_byte(parser->at[length]))
        length++;
    return length;
}

static bool next_is(struct parser *parser, const char *word)
{
    size_t length = strlen(word);

    skip_space(parser);
    return word_length(parser) == length && strncmp(parser->at, word, length) == 0;
}

static bool take_word(struct parser *parser, const char *word)
{
    if (!next_is(parser, word))
        return false;
    parser->at += strlen(word);
    return true;
}

static bool take(struct parser *parser, char c)
{
    skip_space(parser);
    if (*parser->at != c)
        return false;
    parser->at++;
    return true;
}

static int fail(struct parser *parser, const char *expected)
{
    size_t length;

    skip_space(parser);
    length = word_length(parser);
    parity_fail(parser->err, PARITY_E_USAGE, parser->option,
                "column %zu of '%s': expected %s, not %s%.*s%s",
                parity_utf8_count(parser->text, (size_t)(parser->at - parser->text)) + 1,
                parser->text, expected, *parser->at ? "'" : "the end",
                *parser->at ? (int)(length ? length : 1) : 0, parser->at, *parser->at ? "'" : "");
    return -1;
}

/* --- grammar -----------------------------------------------------------------------------------
 */

/* Steals `name`. */
static int add(struct parser *parser, enum step_kind kind, char *name)
{
    struct parity_expression *out = parser->out;

    if ((kind == STEP_NAME && !name) ||
        parity_grow(&out->steps, &out->capacity, out->count + 1, sizeof *out->steps) < 0) {
        parity_free(name);
        parity_fail_nomem(parser->err);
        return -1;
    }
    out->steps[out->count++] = (struct step){kind, name};
    return 0;
}

static int parse_or(struct parser *parser);

static int parse_not(struct parser *parser)
{
    size_t length;

    if (parser->depth >= MOST_NESTING)
        return fail(parser, "less nesting");
    if (take_word(parser, "not")) {
        int rc;

        parser->depth++;
        rc = parse_not(parser);
        parser->depth--;
        return rc < 0 ? -1 : add(parser, STEP_NOT, NULL);
    }
    if (take(parser, '(')) {
        parser->depth++;
        if (parse_or(parser) < 0)
            return -1;
        parser->depth--;
        return take(parser, ')') ? 0 : fail(parser, "')'");
    }
    length = word_length(parser);
    if (length == 0 || next_is(parser, "and") || next_is(parser, "or"))
        return fail(parser, "a name, 'not' or '('");
    parser->at += length;
    return add(parser, STEP_NAME, parity_strndup(parser->at - length, length));
}

static int parse_and(struct parser *parser)
{
    if (parse_not(parser) < 0)
        return -1;
    while (take_word(parser, "and"))
        if (parse_not(parser) < 0 || add(parser, STEP_AND, NULL) < 0)
            return -1;
    return 0;
}

static int parse_or(struct parser *parser)
{
    if (parse_and(parser) < 0)
        return -1;
    while (take_word(parser, "or"))
        if (parse_and(parser) < 0 || add(parser, STEP_OR, NULL) < 0)
            return -1;
    return 0;
}

struct parity_expression *parity_expression_parse(const char *text, const char *option,
                                                  struct parity_error *err)
{
    struct parity_expression *expression = parity_calloc(1, sizeof *expression);
    struct parser parser = {
        .out = expression, .text = text, .at = text, .option = option, .err = err};
    int rc;

    if (!expression) {
        parity_fail_nomem(err);
        return NULL;
    }
    rc = parse_or(&parser);
    skip_space(&parser);
    if (rc == 0 && *parser.at)
        rc = fail(&parser, "'and', 'or' or the end");
    if (rc == 0)
        return expression;
    parity_expression_free(expression);
    return NULL;
}

void parity_expression_free(struct parity_expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->count; i++)
        parity_free(expression->steps[i].name);
    parity_free(expression->steps);
    parity_free(expression);
}

/* --- asking ------------------------------------------------------------------------------------
 */

bool parity_expression_holds(const struct parity_expression *expression,
                             bool (*has)(const void *data, const char *name), const void *data)
{
    bool stack[MOST_PENDING];
    size_t top = 0;

    for (size_t i = 0; i < expression->count; i++) {
        const struct step *step = &expression->steps[i];

        if (step->kind == STEP_NAME) {
            stack[top++] = has(data, step->name);
        } else if (step->kind == STEP_NOT) {
            stack[top - 1] = !stack[top - 1];
        } else {
            top--;
            stack[top - 1] = step->kind == STEP_AND ? stack[top - 1] && stack[top]
                                                    : stack[top - 1] || stack[top];
        }
    }
    return stack[0];
}

const char *parity_expression_name(const struct parity_expression *expression, size_t n)
{
    for (size_t i = 0; i < expression->count; i++)
        if (expression->steps[i].kind == STEP_NAME && n-- == 0)
            return expression->steps[i].name;
    return NULL;
}
