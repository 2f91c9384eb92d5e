/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of RFC 9535 without its filters (parse_rfc9535_filter.c). */
#include "transformers/jsonpath/parse_rfc9535.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#define LARGEST 9007199254740991LL /* 2^53 - 1, the range of I-JSON */

void parity_path_skip_blanks(struct parity_path_parser *parser)
{
    while (parity_path_peek(parser) && strchr(" \t\n\r", parity_path_peek(parser)))
        parser->at++;
}

bool parity_path_accept(struct parity_path_parser *parser, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(parser->text + parser->at, text, length) != 0)
        return false;
    parser->at += length;
    return true;
}

int parity_path_fail_expected(struct parity_path_parser *parser, const char *expected)
{
    if (parity_path_peek(parser) == '\0')
        return parity_path_fail(parser, parser->at, "the path ends where %s should be", expected);
    return parity_path_fail(parser, parser->at, "expected %s", expected);
}

static int read_hex(struct parity_path_parser *parser, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = parity_path_peek(parser);
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;

        if (digit == 16)
            return parity_path_fail_expected(parser, "four hexadecimal digits behind \\u");
        *out = *out * 16 + digit;
        parser->at++;
    }
    return 0;
}

static int read_unicode_escape(struct parity_path_parser *parser, struct parity_buffer *out)
{
    size_t start = parser->at;
    unsigned code, low;
    char utf8[4];

    if (read_hex(parser, &code) < 0)
        return -1;
    if (code >= 0xD800 && code <= 0xDBFF && parity_path_accept(parser, "\\u")) {
        if (read_hex(parser, &low) < 0)
            return -1;
        if (low >= 0xDC00 && low <= 0xDFFF)
            code = 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF);
    }
    if (parity_utf8_is_surrogate(code))
        return parity_path_fail(parser, start, "half of a surrogate pair");
    parity_buffer_add(out, utf8, parity_utf8_encode(code, utf8));
    return 0;
}

/* An escape, the reader standing behind its backslash. */
static int read_escape(struct parity_path_parser *parser, char quote, struct parity_buffer *out)
{
    static const char letters[] = "\\/bfnrt", meanings[] = "\\/\b\f\n\r\t";
    char c = parity_path_peek(parser);
    const char *found = c ? strchr(letters, c) : NULL;

    if (c == 'u') {
        parser->at++;
        return read_unicode_escape(parser, out);
    }
    if (!found && c != quote)
        return parity_path_fail_expected(
            parser, "an escape: \\b \\f \\n \\r \\t \\u \\/ \\\\ or the quote");
    parity_buffer_add_char(out, found ? meanings[found - letters] : quote);
    parser->at++;
    return 0;
}

int parity_path_parse_string(struct parity_path_parser *parser, struct parity_buffer *out)
{
    size_t start = parser->at;
    char quote = parser->text[parser->at++];

    parity_buffer_add(out, "", 0);
    for (char c; (c = parity_path_peek(parser)) != quote;) {
        if (c == '\0')
            return parity_path_fail(parser, start, "the %c that opens here is not closed", quote);
        if ((unsigned char)c < 0x20)
            return parity_path_fail(parser, parser->at, "a control character must be escaped");
        parser->at++;
        if (c != '\\')
            parity_buffer_add_char(out, c);
        else if (read_escape(parser, quote, out) < 0)
            return -1;
    }
    parser->at++;
    return out->failed ? parity_path_fail_nomem(parser) : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int parse_integer(struct parity_path_parser *parser, long long *out)
{
    size_t start = parser->at, digits = start + (parser->text[start] == '-');
    const char *text = parser->text;

    if (!is_digit(text[digits]))
        return parity_path_fail_expected(parser, "a number");
    if (text[digits] == '0' && (digits > start || is_digit(text[digits + 1])))
        return parity_path_fail(parser, start, "a number has no leading zero and no -0");
    for (parser->at = digits; is_digit(parity_path_peek(parser));)
        parser->at++;
    *out = parser->at - digits > 16 ? LARGEST + 1 : strtoll(text + start, NULL, 10);
    if (*out > LARGEST || *out < -LARGEST)
        return parity_path_fail(parser, start, "a number beyond 2^53 - 1");
    return 0;
}

static bool integer_comes(const struct parity_path_parser *parser)
{
    return is_digit(parity_path_peek(parser)) || parity_path_peek(parser) == '-';
}

/* What follows the first colon of a slice. */
static int parse_slice(struct parity_path_parser *parser, struct parity_path_slice *slice)
{
    slice->step = 1;
    parity_path_skip_blanks(parser);
    if (integer_comes(parser)) {
        slice->has_end = true;
        if (parse_integer(parser, &slice->end) < 0)
            return -1;
        parity_path_skip_blanks(parser);
    }
    if (!parity_path_accept(parser, ":"))
        return 0;
    parity_path_skip_blanks(parser);
    return integer_comes(parser) ? parse_integer(parser, &slice->step) : 0;
}

static int parse_position(struct parity_path_parser *parser, struct parity_path_step *step)
{
    size_t after;

    step->kind = PARITY_STEP_INDEX;
    step->slice.has_start = integer_comes(parser);
    if (step->slice.has_start && parse_integer(parser, &step->index) < 0)
        return -1;
    after = parser->at;
    parity_path_skip_blanks(parser);
    if (!parity_path_accept(parser, ":")) {
        parser->at = after;
        return 0;
    }
    step->kind = PARITY_STEP_SLICE;
    step->slice.start = step->index;
    return parse_slice(parser, &step->slice);
}

static int parse_filter(struct parity_path_parser *parser, struct parity_path_step *step)
{
    step->kind = PARITY_STEP_FILTER;
    step->condition = parity_calloc(1, sizeof *step->condition);
    if (!step->condition)
        return parity_path_fail_nomem(parser);
    parity_path_skip_blanks(parser);
    return parity_path_parse_filter(parser, step->condition);
}

static int parse_quoted_name(struct parity_path_parser *parser, struct parity_path_step *step)
{
    struct parity_buffer name = {0};

    if (parity_path_parse_string(parser, &name) < 0) {
        parity_buffer_clear(&name);
        return -1;
    }
    step->kind = PARITY_STEP_NAME;
    step->name_length = name.length;
    step->name = parity_buffer_take(&name);
    return step->name ? 0 : parity_path_fail_nomem(parser);
}

static int parse_selector(struct parity_path_parser *parser, struct parity_path_sequence *to)
{
    struct parity_path_step *step = parity_path_add(parser, to, PARITY_STEP_WILDCARD);
    char c = parity_path_peek(parser);

    if (!step)
        return -1;
    if (parity_path_accept(parser, "*"))
        return 0;
    if (parity_path_accept(parser, "?"))
        return parse_filter(parser, step);
    if (c == '"' || c == '\'')
        return parse_quoted_name(parser, step);
    if (c == ':' || integer_comes(parser))
        return parse_position(parser, step);
    return parity_path_fail_expected(parser, "a quoted name, a position, a slice, '*' or '?'");
}

/* What stands in brackets, the opening one being read. */
static int parse_selectors(struct parity_path_parser *parser, struct parity_path_step *group)
{
    if (parity_path_enter(parser) < 0)
        return -1;
    do {
        struct parity_path_sequence *part = parity_path_add_part(parser, group);

        parity_path_skip_blanks(parser);
        if (!part || parse_selector(parser, part) < 0)
            return -1;
        parity_path_skip_blanks(parser);
    } while (parity_path_accept(parser, ","));
    parser->nesting--;
    return parity_path_accept(parser, "]") ? 0 : parity_path_fail_expected(parser, "',' or ']'");
}

/* How many bytes at the reader's place may be in a name without quotes. */
static size_t name_character(const struct parity_path_parser *parser, bool first)
{
    char c = parity_path_peek(parser);
    unsigned code;

    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (is_digit(c) && !first))
        return 1;
    if ((unsigned char)c < 0x80)
        return 0;
    return parity_utf8_decode(parser->text + parser->at, parser->length - parser->at, &code);
}

static int parse_bare_name(struct parity_path_parser *parser, struct parity_path_sequence *to)
{
    size_t start = parser->at, size;
    struct parity_path_step *step;

    for (bool first = true; (size = name_character(parser, first)); first = false)
        parser->at += size;
    if (parser->at == start)
        return parity_path_fail_expected(parser, "a name or '*' (other names: ['…'])");
    step = parity_path_add(parser, to, PARITY_STEP_NAME);
    if (!step)
        return -1;
    step->name_length = parser->at - start;
    step->name = parity_strndup(parser->text + start, step->name_length);
    return step->name ? 0 : parity_path_fail_nomem(parser);
}

/* A segment behind its dots. */
static int parse_segment(struct parity_path_parser *parser, struct parity_path_sequence *to)
{
    struct parity_path_step *step;

    if (parity_path_accept(parser, "*"))
        return parity_path_add(parser, to, PARITY_STEP_WILDCARD) ? 0 : -1;
    if (!parity_path_accept(parser, "["))
        return parse_bare_name(parser, to);
    step = parity_path_add(parser, to, PARITY_STEP_GROUP);
    return step ? parse_selectors(parser, step) : -1;
}

static int parse_descent(struct parity_path_parser *parser, struct parity_path_sequence *path)
{
    struct parity_path_step *step = parity_path_add(parser, path, PARITY_STEP_DESCEND);
    struct parity_path_sequence *part = step ? parity_path_add_part(parser, step) : NULL;

    return part ? parse_segment(parser, part) : -1;
}

int parity_path_parse_segments(struct parity_path_parser *parser, struct parity_path_sequence *path)
{
    for (;;) {
        size_t before = parser->at;
        int rc;

        parity_path_skip_blanks(parser);
        if (parity_path_accept(parser, "..")) {
            rc = parse_descent(parser, path);
        } else if (parity_path_peek(parser) == '[') {
            rc = parse_segment(parser, path);
        } else if (parity_path_accept(parser, ".")) {
            rc = parity_path_peek(parser) == '['
                     ? parity_path_fail_expected(parser, "a name or '*', or no dot before '['")
                     : parse_segment(parser, path);
        } else {
            parser->at = before; /* blanks may not end a path */
            return 0;
        }
        if (rc < 0)
            return -1;
    }
}

int parity_path_parse_rfc9535(struct parity_path_parser *parser, struct parity_path_sequence *out)
{
    if (!parity_path_accept(parser, "$"))
        return parity_path_fail_expected(parser, "'$'");
    if (!parity_path_add(parser, out, PARITY_STEP_ROOT) ||
        parity_path_parse_segments(parser, out) < 0)
        return -1;
    return parser->at == parser->length
               ? 0
               : parity_path_fail_expected(parser, "'.', '..', '[' or the end");
}
