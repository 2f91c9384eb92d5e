/* SPDX-License-Identifier: Apache-2.0 */
#include "client/jmespath/token.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

void parity_jp_fail(struct parity_error *err, enum parity_errc code, const char *text,
                    size_t offset, const char *format, ...)
{
    char message[512];
    int line = 1, column = 1;
    va_list arguments;

    for (size_t i = 0; i < offset && text[i]; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail_at(err, code, text, line, column, "%s", message);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct lexer {
    const char *text; /* the whole expression */
    size_t at;
    struct parity_error *err;
};

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * The inside of a quotation that begins at `lexer->at`, which moves behind it. A backslash in front
 * of the quote is left out, unless `keep_escapes`; in front of anything else it always stays.
 */
static int read_quotation(struct lexer *lexer, bool keep_escapes, struct parity_buffer *out)
{
    size_t start = lexer->at;
    char quote = lexer->text[start];
    const char *at = lexer->text + start + 1;

    for (; *at && *at != quote; at++) {
        if (*at == '\\' && at[1]) {
            if (at[1] != quote || keep_escapes)
                parity_buffer_add_char(out, *at);
            at++;
        }
        parity_buffer_add_char(out, *at);
    }
    if (!*at) {
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, start,
                       "what begins with %c here has no closing %c", quote, quote);
        return -1;
    }
    lexer->at = (size_t)(at + 1 - lexer->text);
    if (!out->failed)
        return 0;
    parity_fail_nomem(lexer->err);
    return -1;
}

/* 0, or -1: no JSON (then `reason` says why) or no memory. */
static int parse(const struct parity_buffer *text, json_t **out, struct parity_error *reason)
{
    return parity_json_parse(text->data ? text->data : "", text->length, NULL, out, reason);
}

/* The older form of a literal: `text` without quotes. */
static int parse_unquoted(const struct parity_buffer *text, json_t **out,
                          struct parity_error *reason)
{
    struct parity_buffer quoted = {0};
    const char *from = text->data ? text->data : "";
    size_t blanks = strspn(from, " \t\r\n\v\f");
    int rc = -1;

    parity_buffer_add_char(&quoted, '"');
    parity_buffer_add(&quoted, from + blanks, text->length - blanks);
    parity_buffer_add_char(&quoted, '"');
    if (quoted.failed)
        parity_fail_nomem(reason);
    else
        rc = parse(&quoted, out, reason);
    parity_buffer_clear(&quoted);
    return rc;
}

/* Turn the reason why a quotation is no JSON into one with the position in the expression. */
static int fail_quotation(const struct lexer *lexer, size_t start,
                          const struct parity_error *reason)
{
    if (reason->code == PARITY_E_NOMEM)
        parity_fail_nomem(lexer->err);
    else
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, start, "not JSON: %.200s",
                       reason->message);
    return -1;
}

/* `JSON` */
static int read_literal(struct lexer *lexer, struct parity_jp_token *token)
{
    struct parity_buffer text = {0};
    struct parity_error reason = {0}, ignored = {0};
    int rc = read_quotation(lexer, false, &text);

    token->kind = PARITY_JP_LITERAL;
    if (rc == 0 && parse(&text, &token->value, &reason) < 0 &&
        (reason.code == PARITY_E_NOMEM || parse_unquoted(&text, &token->value, &ignored) < 0))
        rc = fail_quotation(lexer, token->offset,
                            ignored.code == PARITY_E_NOMEM ? &ignored : &reason);
    parity_buffer_clear(&text);
    return rc;
}

/* 'text' */
static int read_text(struct lexer *lexer, struct parity_jp_token *token)
{
    struct parity_buffer text = {0};
    int rc = read_quotation(lexer, false, &text);

    token->kind = PARITY_JP_LITERAL;
    if (rc == 0 &&
        !(token->value = json_stringn_nocheck(text.data ? text.data : "", text.length))) {
        parity_fail_nomem(lexer->err);
        rc = -1;
    }
    parity_buffer_clear(&text);
    return rc;
}

/* "name": what stands between the quotes, and the quotes, are a JSON string. */
static int read_quoted_name(struct lexer *lexer, struct parity_jp_token *token)
{
    struct parity_buffer text = {0};
    struct parity_error reason = {0};
    int rc = read_quotation(lexer, true, &text);

    token->kind = PARITY_JP_QUOTED;
    if (rc == 0 && parity_json_parse(lexer->text + token->offset, lexer->at - token->offset, NULL,
                                     &token->value, &reason) < 0)
        rc = fail_quotation(lexer, token->offset, &reason);
    parity_buffer_clear(&text);
    return rc;
}

static int read_name(struct lexer *lexer, struct parity_jp_token *token)
{
    const char *start = lexer->text + lexer->at;
    size_t length = 1;

    while (is_name_start(start[length]) || is_digit(start[length]))
        length++;
    token->kind = PARITY_JP_NAME;
    lexer->at += length;
    token->value = json_stringn_nocheck(start, length);
    if (token->value)
        return 0;
    parity_fail_nomem(lexer->err);
    return -1;
}

static int read_number(struct lexer *lexer, struct parity_jp_token *token)
{
    bool negative = lexer->text[lexer->at] == '-';
    long long value = 0;

    lexer->at += negative;
    if (!is_digit(lexer->text[lexer->at])) {
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, token->offset,
                       "'-' without a number");
        return -1;
    }
    for (; is_digit(lexer->text[lexer->at]); lexer->at++) {
        int digit = lexer->text[lexer->at] - '0';

        value = value > (LLONG_MAX - digit) / 10 ? LLONG_MAX : value * 10 + digit;
    }
    token->kind = PARITY_JP_NUMBER;
    token->number = negative ? -value : value;
    return 0;
}

static const struct symbol {
    char text[3];
    enum parity_jp_token_kind kind;
} symbols[] = {
    /* the longer ones first */
    {"[]", PARITY_JP_FLATTEN},
    {"[?", PARITY_JP_FILTER},
    {"||", PARITY_JP_OR},
    {"&&", PARITY_JP_AND},
    {"==", PARITY_JP_EQUAL},
    {"!=", PARITY_JP_UNEQUAL},
    {"<=", PARITY_JP_LESS_EQUAL},
    {">=", PARITY_JP_GREATER_EQUAL},
    {"[", PARITY_JP_BRACKET_OPEN},
    {"]", PARITY_JP_BRACKET_CLOSE},
    {"(", PARITY_JP_PARENTHESIS_OPEN},
    {")", PARITY_JP_PARENTHESIS_CLOSE},
    {"{", PARITY_JP_BRACE_OPEN},
    {"}", PARITY_JP_BRACE_CLOSE},
    {"|", PARITY_JP_PIPE},
    {"&", PARITY_JP_REFERENCE},
    {"!", PARITY_JP_NOT},
    {"<", PARITY_JP_LESS},
    {">", PARITY_JP_GREATER},
    {"*", PARITY_JP_STAR},
    {".", PARITY_JP_DOT},
    {",", PARITY_JP_COMMA},
    {":", PARITY_JP_COLON},
    {"@", PARITY_JP_AT},
};

static int read_symbol(struct lexer *lexer, struct parity_jp_token *token)
{
    const char *start = lexer->text + lexer->at;

    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i].text);

        if (strncmp(start, symbols[i].text, length) == 0) {
            token->kind = symbols[i].kind;
            lexer->at += length;
            return 0;
        }
    }
    if (*start == '=')
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, lexer->at,
                       "'=' is no operator; equality is '=='");
    else if ((unsigned char)*start > ' ' && (unsigned char)*start < 0x7f)
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, lexer->at,
                       "'%c' has no meaning here", *start);
    else
        parity_jp_fail(lexer->err, PARITY_E_PARSE, lexer->text, lexer->at,
                       "the byte 0x%02x has no meaning outside quotes", (unsigned char)*start);
    return -1;
}

static int read_token(struct lexer *lexer, struct parity_jp_token *token)
{
    char c = lexer->text[lexer->at];

    if (c == '\0')
        return 0;
    if (c == '`')
        return read_literal(lexer, token);
    if (c == '\'')
        return read_text(lexer, token);
    if (c == '"')
        return read_quoted_name(lexer, token);
    if (is_name_start(c))
        return read_name(lexer, token);
    if (is_digit(c) || c == '-')
        return read_number(lexer, token);
    return read_symbol(lexer, token);
}

int parity_jp_tokenize(const char *text, struct parity_jp_tokens *out, struct parity_error *err)
{
    struct lexer lexer = {.text = text, .err = err};
    struct parity_jp_token *token;

    *out = (struct parity_jp_tokens){0};
    do {
        if (parity_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
        lexer.at += strspn(text + lexer.at, " \t\r\n");
        token = &out->items[out->count++];
        *token = (struct parity_jp_token){.kind = PARITY_JP_END, .offset = lexer.at};
        if (read_token(&lexer, token) < 0)
            return -1;
        token->length = lexer.at - token->offset;
    } while (token->kind != PARITY_JP_END);
    return 0;
}

void parity_jp_tokens_clear(struct parity_jp_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        json_decref(tokens->items[i].value);
    parity_free(tokens->items);
    *tokens = (struct parity_jp_tokens){0};
}
