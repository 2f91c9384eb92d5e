/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/lex_localstack.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* How many bytes at `at` are one of the characters beyond ASCII that words may have. */
static size_t wide_letter(const struct parity_path_parser *parser, size_t at)
{
    unsigned code;
    size_t size = parity_utf8_decode(parser->text + at, parser->length - at, &code);
    bool fits = (code >= 0x4E00 && code <= 0x9FA5) || (code >= 0x1F600 && code <= 0x1F64F);

    return size > 1 && fits ? size : 0;
}

static size_t scan_word(const struct parity_path_parser *parser, size_t at)
{
    size_t start = at, wide = 0;

    if (at < parser->length && parser->text[at] == '@')
        at++;
    if (at == parser->length || (!is_letter(parser->text[at]) && !wide_letter(parser, at)))
        return start;
    while (at < parser->length &&
           (is_letter(parser->text[at]) || is_digit(parser->text[at]) || parser->text[at] == '@' ||
            parser->text[at] == '-' || (wide = wide_letter(parser, at))))
        at += wide ? wide : 1, wide = 0;
    return at;
}

static bool is_text(const struct parity_path_parser *parser, size_t at, size_t end,
                    const char *text)
{
    return end - at == strlen(text) && memcmp(parser->text + at, text, end - at) == 0;
}

static bool begins_with(const struct parity_path_parser *parser, const char *text)
{
    return strncmp(parser->text + parser->at, text, strlen(text)) == 0;
}

/* A text in quotes or backticks; a backslash takes the next character as it is. */
static int lex_quoted(struct parity_path_parser *parser, struct parity_path_token *out)
{
    struct parity_buffer text = {0};
    char quote = parser->text[parser->at];
    size_t at = parser->at + 1;

    while (at < parser->length && parser->text[at] != quote) {
        if (parser->text[at] == '\\')
            at++;
        if (at < parser->length)
            parity_buffer_add_char(&text, parser->text[at++]);
    }
    if (at >= parser->length) {
        parity_buffer_clear(&text);
        return parity_path_fail(parser, parser->at, "the %c that opens here is not closed", quote);
    }
    out->kind = quote == '`' ? PARITY_TOKEN_OPERATOR : PARITY_TOKEN_NAME;
    out->length = text.length;
    out->text = parity_buffer_take(&text);
    out->end = at + 1;
    return out->text ? 0 : parity_path_fail_nomem(parser);
}

static bool lex_number(struct parity_path_parser *parser, struct parity_path_token *out)
{
    const char *text = parser->text;
    size_t at = parser->at + (text[parser->at] == '-');

    if (!is_digit(text[at]))
        return false;
    while (is_digit(text[at]))
        at++;
    out->kind = PARITY_TOKEN_INTEGER;
    if (text[at] == '.' && is_digit(text[at + 1])) {
        out->kind = PARITY_TOKEN_REAL;
        at++;
        while (is_digit(text[at]))
            at++;
    }
    out->end = at;
    return true;
}

static bool lex_word(struct parity_path_parser *parser, struct parity_path_token *out)
{
    size_t end = scan_word(parser, parser->at);

    if (begins_with(parser, "true") || begins_with(parser, "false")) {
        out->kind = PARITY_TOKEN_BOOLEAN;
        out->end = parser->at + (parser->text[parser->at] == 't' ? 4 : 5);
        return true;
    }
    if (end == parser->at)
        return false;
    out->kind =
        is_text(parser, parser->at, end, "where") || is_text(parser, parser->at, end, "wherenot")
            ? PARITY_TOKEN_WHERE
            : PARITY_TOKEN_NAME;
    out->end = end;
    return true;
}

static bool lex_comparison(struct parity_path_parser *parser, struct parity_path_token *out)
{
    static const struct {
        const char *text;
        enum parity_path_comparison meaning;
    } signs[] = {{"=~", PARITY_COMPARE_MATCHES}, {"==", PARITY_COMPARE_EQ},
                 {"=", PARITY_COMPARE_EQ},       {"!=", PARITY_COMPARE_NE},
                 {"<=", PARITY_COMPARE_LE},      {">=", PARITY_COMPARE_GE},
                 {"<", PARITY_COMPARE_LT},       {">", PARITY_COMPARE_GT}};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!begins_with(parser, signs[i].text))
            continue;
        out->kind = PARITY_TOKEN_COMPARISON;
        out->comparison = signs[i].meaning;
        out->end = parser->at + strlen(signs[i].text);
        return true;
    }
    return false;
}

static int lex_sign(struct parity_path_parser *parser, struct parity_path_token *out)
{
    char c = parser->text[parser->at];

    out->kind = PARITY_TOKEN_SIGN;
    out->sign = c;
    out->end = parser->at + 1;
    if (begins_with(parser, "..")) {
        out->sign = 'D';
        out->end++;
        return 0;
    }
    if (strchr("*.[]()$,:|&~?@+-/\\", c))
        return 0;
    if ((unsigned char)c >= 0x20 && (unsigned char)c < 0x7F)
        return parity_path_fail(parser, parser->at,
                                "unexpected character '%c': a name with it needs quotes", c);
    return parity_path_fail(parser, parser->at,
                            "unexpected character: a name with it needs quotes");
}

int parity_path_lex(struct parity_path_parser *parser, struct parity_path_token *out)
{
    int rc = 0;

    parity_free(out->text);
    while (parser->at < parser->length && strchr(" \t\n", parser->text[parser->at]))
        parser->at++;
    *out = (struct parity_path_token){.at = parser->at, .end = parser->at};
    if (parser->at == parser->length)
        return 0;
    if (strchr("'\"`", parser->text[parser->at]))
        rc = lex_quoted(parser, out);
    else if (!lex_number(parser, out) && !lex_word(parser, out) && !lex_comparison(parser, out))
        rc = lex_sign(parser, out);
    parser->at = out->end;
    return rc;
}
