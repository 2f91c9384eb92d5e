/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/regexp.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

/* Enough for every sane pattern on a recording's strings, and over within a second. */
enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 10000, HEAP_LIMIT_KIB = 65536, MOST_REPEATS = 65535 };

struct parity_regexp {
    pcre2_code *code;
    pcre2_general_context *memory;
};

/* Reads an I-Regexp and writes the same thing for PCRE2. */
struct translation {
    const char *at, *end;
    struct parity_buffer *out;
    size_t open; /* parentheses */
};

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool translate_category(struct translation *translation)
{
    static const char *const minor[][2] = {{"L", "lmotu"},   {"M", "cen"}, {"N", "dlo"},
                                           {"P", "cdefios"}, {"Z", "lps"}, {"S", "ckmo"},
                                           {"C", "cfno"}};
    const char *name = translation->at + 2;
    const char *close = memchr(name, '}', (size_t)(translation->end - name));
    size_t length = close ? (size_t)(close - name) : 0;

    for (size_t i = 0; i < sizeof minor / sizeof *minor; i++) {
        if (length < 1 || length > 2 || name[0] != minor[i][0][0] ||
            (length == 2 && !is_one_of(name[1], minor[i][1])))
            continue;
        parity_buffer_add(translation->out, "\\", 1);
        parity_buffer_add(translation->out, translation->at, length + 3);
        translation->at = close + 1;
        return true;
    }
    return false;
}

/* An escape, the reader standing behind the backslash. */
static bool translate_escape(struct translation *translation)
{
    size_t left = (size_t)(translation->end - translation->at);

    if (left >= 4 && is_one_of(*translation->at, "pP") && translation->at[1] == '{')
        return translate_category(translation);
    if (left == 0 || !is_one_of(*translation->at, "()*+-.?[\\]^nrt{|}"))
        return false;
    parity_buffer_add_char(translation->out, '\\');
    parity_buffer_add_char(translation->out, *translation->at++);
    return true;
}

/* One character that stands for itself, escaped whether PCRE2 needs it or not. */
static void copy_literal(struct translation *translation)
{
    unsigned code;
    size_t size =
        parity_utf8_decode(translation->at, (size_t)(translation->end - translation->at), &code);

    parity_buffer_printf(translation->out, "\\x{%x}", code);
    translation->at += size;
}

static bool translate_class_member(struct translation *translation)
{
    if (translation->at == translation->end || is_one_of(*translation->at, "-[]"))
        return false;
    if (*translation->at != '\\') {
        copy_literal(translation);
        return true;
    }
    translation->at++;
    return translate_escape(translation);
}

/* A class, the reader standing behind its bracket. */
static bool translate_class(struct translation *translation)
{
    bool empty = true;

    parity_buffer_add_char(translation->out, '[');
    if (translation->at < translation->end && *translation->at == '^')
        parity_buffer_add_char(translation->out, *translation->at++);
    for (; translation->at < translation->end && *translation->at != ']'; empty = false) {
        if (*translation->at == '-' &&
            (empty || (translation->end - translation->at > 1 && translation->at[1] == ']'))) {
            parity_buffer_add_text(translation->out, "\\-");
            translation->at++;
            continue;
        }
        if (!translate_class_member(translation))
            return false;
        if (translation->end - translation->at > 1 && *translation->at == '-' &&
            translation->at[1] != ']') {
            parity_buffer_add_char(translation->out, *translation->at++);
            if (!translate_class_member(translation))
                return false;
        }
    }
    if (empty || translation->at == translation->end)
        return false;
    parity_buffer_add_char(translation->out, *translation->at++);
    return true;
}

static bool copy_number(struct translation *translation)
{
    long value = 0;
    const char *start = translation->at;

    while (translation->at < translation->end && *translation->at >= '0' &&
           *translation->at <= '9' && value <= MOST_REPEATS)
        value = value * 10 + (*translation->at++ - '0');
    parity_buffer_add(translation->out, start, (size_t)(translation->at - start));
    return translation->at > start && value <= MOST_REPEATS;
}

/* `*`, `+`, `?` or `{2,3}`, if one stands there. */
static bool translate_quantifier(struct translation *translation)
{
    if (translation->at == translation->end || !is_one_of(*translation->at, "*+?{"))
        return true;
    parity_buffer_add_char(translation->out, *translation->at);
    if (*translation->at++ != '{')
        return true;
    if (!copy_number(translation))
        return false;
    if (translation->at < translation->end && *translation->at == ',') {
        parity_buffer_add_char(translation->out, *translation->at++);
        if (translation->at < translation->end && *translation->at != '}' &&
            !copy_number(translation))
            return false;
    }
    if (translation->at == translation->end || *translation->at != '}')
        return false;
    parity_buffer_add_char(translation->out, *translation->at++);
    return true;
}

/* An atom, a parenthesis or a bar with what follows it. */
static bool translate_piece(struct translation *translation)
{
    char c = *translation->at;

    if (c == '(' || c == '|') {
        translation->open += c == '(';
        parity_buffer_add_text(translation->out, c == '(' ? "(?:" : "|");
        translation->at++;
        return true;
    }
    if (c == ')') {
        if (translation->open-- == 0)
            return false;
        parity_buffer_add_char(translation->out, c);
        translation->at++;
    } else if (c == '.') {
        parity_buffer_add_text(translation->out, "[^\\n\\r]");
        translation->at++;
    } else if (c == '[' || c == '\\') {
        translation->at++;
        if (!(c == '[' ? translate_class(translation) : translate_escape(translation)))
            return false;
    } else if (is_one_of(c, "*+?{}]")) {
        return false;
    } else {
        copy_literal(translation);
    }
    return translate_quantifier(translation);
}

/* RFC 9485 to PCRE2; false if it is no I-Regexp. The compliance tests take ^ and $ as anchors. */
static bool translate(const char *pattern, size_t length, enum parity_regexp_kind kind,
                      struct parity_buffer *out)
{
    struct translation translation = {pattern, pattern + length, out, 0};

    parity_buffer_add_text(out, kind == PARITY_REGEXP_MATCH ? "\\A(?:" : "(?:");
    while (translation.at < translation.end) {
        if (is_one_of(*translation.at, "^$"))
            parity_buffer_add_text(out, *translation.at++ == '^' ? "\\A" : "\\z");
        else if (!translate_piece(&translation))
            return false;
    }
    parity_buffer_add_text(out, kind == PARITY_REGEXP_MATCH ? ")\\z" : ")");
    return translation.open == 0;
}

/* What PCRE2 can take: UTF-8 without surrogates. */
static void add_sanitized(struct parity_buffer *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned code;
        size_t size = parity_utf8_decode(text + at, length - at, &code);

        if (size == 0 || parity_utf8_is_surrogate(code))
            parity_buffer_add_text(out, "\xEF\xBF\xBD");
        else
            parity_buffer_add(out, text + at, size);
        at += size ? size : 1;
    }
    parity_buffer_add(out, "", 0);
}

static void *allocate(size_t size, void *data)
{
    (void)data;
    return parity_malloc(size);
}

static void release(void *memory, void *data)
{
    (void)data;
    parity_free(memory);
}

static int fail_compile(int code, size_t offset, struct parity_error *err)
{
    char reason[128];

    if (code == PCRE2_ERROR_HEAP_FAILED) {
        parity_fail_nomem(err);
        return -1;
    }
    pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
    parity_fail(err, PARITY_E_PARSE, NULL,
                "the pattern is no regular expression: %s (at offset %zu)", reason, offset);
    return -1;
}

static int compile(struct parity_regexp *regexp, const struct parity_buffer *pattern,
                   struct parity_error *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(regexp->memory);
    PCRE2_SIZE offset = 0;
    int code = PCRE2_ERROR_HEAP_FAILED;

    if (context)
        regexp->code = pcre2_compile((PCRE2_SPTR)pattern->data, pattern->length,
                                     PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &offset, context);
    pcre2_compile_context_free(context);
    return regexp->code ? 0 : fail_compile(code, offset, err);
}

int parity_regexp_compile(const char *pattern, size_t length, enum parity_regexp_kind kind,
                          struct parity_regexp **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_regexp *regexp = NULL;
    struct parity_error reason = {0};
    int rc = -1;

    *out = NULL;
    if (kind == PARITY_REGEXP_PYTHON) {
        add_sanitized(&text, pattern, length);
    } else if (!parity_utf8_is_valid(pattern, length) || !translate(pattern, length, kind, &text)) {
        rc = text.failed ? -1 : 0;
        goto out;
    }
    regexp = text.failed ? NULL : parity_calloc(1, sizeof *regexp);
    if (!regexp || !(regexp->memory = pcre2_general_context_create(allocate, release, NULL)))
        goto out;
    if (compile(regexp, &text, &reason) == 0) {
        *out = regexp;
        regexp = NULL;
        rc = 0;
    } else if (reason.code == PARITY_E_PARSE && kind != PARITY_REGEXP_PYTHON) {
        rc = 0; /* [b-a] and the like: no pattern, so it matches nothing */
    }
out:
    if (rc < 0 && reason.code == PARITY_E_PARSE)
        parity_fail(err, reason.code, NULL, "%s", reason.message);
    else if (rc < 0)
        parity_fail_nomem(err);
    parity_regexp_free(regexp);
    parity_buffer_clear(&text);
    return rc;
}

void parity_regexp_free(struct parity_regexp *regexp)
{
    if (!regexp)
        return;
    pcre2_code_free(regexp->code);
    pcre2_general_context_free(regexp->memory);
    parity_free(regexp);
}

static int judge(int code, struct parity_error *err)
{
    if (code >= 0)
        return 1;
    if (code == PCRE2_ERROR_NOMATCH)
        return 0;
    if (code == PCRE2_ERROR_NOMEMORY)
        parity_fail_nomem(err);
    else
        parity_fail(err, PARITY_E_LIMIT, NULL,
                    "a regular expression needs too many steps on a string: make it simpler");
    return -1;
}

int parity_regexp_test(const struct parity_regexp *regexp, const char *text, size_t length,
                       struct parity_error *err)
{
    struct parity_buffer clean = {0};
    pcre2_match_context *context = NULL;
    pcre2_match_data *match = NULL;
    int code = PCRE2_ERROR_NOMEMORY;

    if (!regexp)
        return 0;
    add_sanitized(&clean, text, length);
    context = pcre2_match_context_create(regexp->memory);
    match = pcre2_match_data_create_from_pattern(regexp->code, regexp->memory);
    if (!clean.failed && context && match) {
        pcre2_set_match_limit(context, MATCH_LIMIT);
        pcre2_set_depth_limit(context, DEPTH_LIMIT);
        pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
        code = pcre2_match(regexp->code, (PCRE2_SPTR)clean.data, clean.length, 0,
                           PCRE2_NO_UTF_CHECK, match, context);
    }
    pcre2_match_data_free(match);
    pcre2_match_context_free(context);
    parity_buffer_clear(&clean);
    return judge(code, err);
}
