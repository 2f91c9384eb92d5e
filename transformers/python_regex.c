/* SPDX-License-Identifier: Apache-2.0 */
#include "python_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "python_syntax.h"

enum {
    MATCH_LIMIT = 20000000,      /* backtracking steps from one starting point */
    HEAP_LIMIT_KIB = 512 * 1024, /* for the steps that are kept */
    JIT_BYTES = 16 * 1024,       /* a text that pays for translating the pattern to machine code */
    SHORT_BYTES = 4 * 1024,      /* a text whose matching needs little memory */
    SHORT_GROUPS = 16,
    KEPT_PATTERNS = 64
};

struct parity_python_regex {
    unsigned holders;
    pcre2_code *code;
    pcre2_match_context *limits;
    char *pattern; /* as given, for messages; NUL-terminated */
    struct parity_python_syntax syntax;
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return parity_malloc(size);
}

static void release(void *memory, void *unused)
{
    (void)unused;
    parity_free(memory);
}

static void fail_compile(int code, const char *pattern, struct parity_error *err)
{
    PCRE2_UCHAR reason[160] = "";

    if (code == PCRE2_ERROR_NOMEMORY || code == PCRE2_ERROR_HEAP_FAILED) {
        parity_fail_nomem(err);
        return;
    }
    pcre2_get_error_message(code, reason, sizeof reason);
    parity_fail(err, PARITY_E_PARSE, NULL, "regular expression '%.200s': %s", pattern,
                (const char *)reason);
}

static int compile(struct parity_python_regex *regex, struct parity_error *err)
{
    const struct parity_python_syntax *syntax = &regex->syntax;
    uint32_t options =
        syntax->options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | (syntax->ascii ? 0 : PCRE2_UCP);
    pcre2_general_context *memory = pcre2_general_context_create(allocate, release, NULL);
    pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
    PCRE2_SIZE offset;
    int code = PCRE2_ERROR_NOMEMORY;

    regex->limits = memory ? pcre2_match_context_create(memory) : NULL;
    if (context && regex->limits) {
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
        pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
        regex->code = pcre2_compile((PCRE2_SPTR)(syntax->pcre.data ? syntax->pcre.data : ""),
                                    syntax->pcre.length, options, &code, &offset, context);
    }
    pcre2_compile_context_free(context);
    pcre2_general_context_free(memory);
    if (!regex->code) {
        fail_compile(code, regex->pattern, err);
        return -1;
    }
    return 0;
}

/* Translate the pattern to machine code, which takes longer than matching a short text. One that is
 * a mere text is searched for as text. Where there is no JIT compiler, matching interprets. */
static void speed_up(const struct parity_python_regex *regex)
{
    size_t size = 0;

    if (!regex->syntax.is_literal &&
        pcre2_pattern_info(regex->code, PCRE2_INFO_JITSIZE, &size) == 0 && size == 0)
        (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
}

static struct parity_python_regex *make(const char *pattern, size_t length,
                                        struct parity_error *err)
{
    struct parity_python_regex *regex = parity_calloc(1, sizeof *regex);

    if (!regex || !(regex->pattern = parity_strndup(pattern, length))) {
        parity_fail_nomem(err);
    } else if (parity_python_syntax_read(pattern, length, &regex->syntax, err) == 0 &&
               compile(regex, err) == 0) {
        regex->holders = 1;
        return regex;
    }
    parity_python_regex_free(regex);
    return NULL;
}

/*
 * The patterns that were compiled last, each at the place of its hash. Tests that name the same
 * transformers make them anew, unless they name a preset, and compiling their patterns would cost
 * more than all that is done with them.
 */
static _Thread_local struct parity_python_regex *kept[KEPT_PATTERNS];

static struct parity_python_regex **place_of(const char *pattern, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)pattern[i]) * 16777619u;
    return &kept[hash % KEPT_PATTERNS];
}

struct parity_python_regex *parity_python_regex_new(const char *pattern, size_t length,
                                                    struct parity_error *err)
{
    struct parity_python_regex **place = place_of(pattern, length), *regex = *place;

    if (regex && strlen(regex->pattern) == length && memcmp(regex->pattern, pattern, length) == 0) {
        speed_up(regex); /* it is one of those that come again */
        regex->holders++;
        return regex;
    }
    regex = make(pattern, length, err);
    if (regex) {
        parity_python_regex_free(*place);
        *place = regex;
        regex->holders++;
    }
    return regex;
}

/* Where short texts are matched. PCRE2 keeps the memory for its steps with it, some 20 kB at least,
 * which takes longer to allocate for each match than a short text takes to look at. */
static _Thread_local pcre2_match_data *kept_match;

void parity_python_regex_forget(void)
{
    pcre2_match_data_free(kept_match);
    kept_match = NULL;
    for (size_t i = 0; i < KEPT_PATTERNS; i++) {
        parity_python_regex_free(kept[i]);
        kept[i] = NULL;
    }
}

void parity_python_regex_free(struct parity_python_regex *regex)
{
    if (!regex || (regex->holders > 0 && --regex->holders > 0))
        return;
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->limits);
    parity_free(regex->pattern);
    parity_python_syntax_clear(&regex->syntax);
    parity_free(regex);
}

const char *parity_python_regex_pattern(const struct parity_python_regex *regex)
{
    return regex->pattern;
}

const char *parity_python_regex_literal(const struct parity_python_regex *regex, size_t *length)
{
    if (!regex->syntax.is_literal)
        return NULL;
    *length = regex->syntax.literal.length;
    return regex->syntax.literal.data ? regex->syntax.literal.data : "";
}

unsigned parity_python_regex_groups(const struct parity_python_regex *regex)
{
    return regex->syntax.groups;
}

static int fail_match(const struct parity_python_regex *regex, int code, struct parity_error *err)
{
    PCRE2_UCHAR reason[160] = "";

    if (code == PCRE2_ERROR_NOMEMORY) {
        parity_fail_nomem(err);
        return -1;
    }
    pcre2_get_error_message(code, reason, sizeof reason);
    parity_fail(err, PARITY_E_LIMIT, NULL,
                "the regular expression '%.200s' takes too many steps on this text (%s); make it "
                "more definite, so that there are fewer ways to match",
                regex->pattern, (const char *)reason);
    return -1;
}

/* 1, 0 or -1. */
static int run(const struct parity_python_regex *regex, const char *subject, size_t length,
               size_t from, uint32_t options, pcre2_match_data *match, struct parity_error *err)
{
    int rc;

    if (length - from >= JIT_BYTES)
        speed_up(regex);
    rc = pcre2_match(regex->code, (PCRE2_SPTR)subject, length, from, options, match, regex->limits);

    /* The JIT's stack is small; the interpreter keeps its steps on the heap. */
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(regex->code, (PCRE2_SPTR)subject, length, from, options | PCRE2_NO_JIT,
                         match, regex->limits);
    if (rc == PCRE2_ERROR_NOMATCH)
        return 0;
    return rc < 0 ? fail_match(regex, rc, err) : 1;
}

static pcre2_match_data *match_data(const struct parity_python_regex *regex,
                                    struct parity_error *err)
{
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(regex->code, NULL);

    if (!match)
        parity_fail_nomem(err);
    return match;
}

/* For matching a text of this length, to be given back. NULL with `err`. */
static pcre2_match_data *take_match(const struct parity_python_regex *regex, size_t length,
                                    struct parity_error *err)
{
    pcre2_general_context *memory;

    if (length > SHORT_BYTES || regex->syntax.groups >= SHORT_GROUPS)
        return match_data(regex, err);
    if (!kept_match) {
        memory = pcre2_general_context_create(allocate, release, NULL);
        kept_match = memory ? pcre2_match_data_create(SHORT_GROUPS, memory) : NULL;
        pcre2_general_context_free(memory);
        if (!kept_match)
            parity_fail_nomem(err);
    }
    return kept_match;
}

static void give_back(pcre2_match_data *match)
{
    if (match != kept_match)
        pcre2_match_data_free(match);
}

static struct parity_regex_span span_of(const struct parity_python_regex *regex,
                                        pcre2_match_data *match, unsigned group)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(match);

    if (group > regex->syntax.groups || offsets[2 * group] == PCRE2_UNSET)
        return (struct parity_regex_span){PARITY_REGEX_UNSET, PARITY_REGEX_UNSET};
    return (struct parity_regex_span){offsets[2 * group], offsets[2 * group + 1]};
}

static int match_once(const struct parity_python_regex *regex, const char *subject, size_t length,
                      uint32_t options, unsigned group, struct parity_regex_span *span,
                      struct parity_error *err)
{
    pcre2_match_data *match = take_match(regex, length, err);
    int rc = match ? run(regex, subject, length, 0, options, match, err) : -1;

    if (rc == 1 && span)
        *span = span_of(regex, match, group);
    give_back(match);
    return rc;
}

int parity_python_regex_match(const struct parity_python_regex *regex, const char *subject,
                              size_t length, unsigned group, struct parity_regex_span *span,
                              struct parity_error *err)
{
    return match_once(regex, subject, length, PCRE2_ANCHORED, group, span, err);
}

int parity_python_regex_search(const struct parity_python_regex *regex, const char *subject,
                               size_t length, unsigned group, struct parity_regex_span *span,
                               struct parity_error *err)
{
    return match_once(regex, subject, length, 0, group, span, err);
}

/* ---- replacement text ---- */

struct piece {
    size_t start, end; /* literal text in `text`; or, with group >= 0, none */
    long group;
};

struct parity_python_template {
    struct parity_buffer text; /* all literal text, escapes resolved */
    struct piece *pieces;
    size_t count, capacity;
};

void parity_python_template_free(struct parity_python_template *replacement)
{
    if (!replacement)
        return;
    parity_buffer_clear(&replacement->text);
    parity_free(replacement->pieces);
    parity_free(replacement);
}

const char *parity_python_template_literal(const struct parity_python_template *replacement,
                                           size_t *length)
{
    if (replacement->count > 1 || (replacement->count == 1 && replacement->pieces[0].group >= 0))
        return NULL;
    *length = replacement->text.length;
    return replacement->text.data ? replacement->text.data : "";
}

static int add_piece(struct parity_python_template *t, struct piece piece)
{
    if (parity_grow(&t->pieces, &t->capacity, t->count + 1, sizeof *t->pieces) < 0)
        return -1;
    t->pieces[t->count++] = piece;
    return 0;
}

/* Close the literal piece that began at `start`, if it holds anything. */
static int end_literal(struct parity_python_template *t, size_t start)
{
    if (t->text.length == start)
        return 0;
    return add_piece(t, (struct piece){start, t->text.length, -1});
}

static int add_group(struct parity_python_template *t, const struct parity_python_regex *regex,
                     struct parity_python_source *s, long group, size_t at,
                     struct parity_error *err)
{
    size_t start = t->count ? t->pieces[t->count - 1].end : 0;

    if (group < 0 || group > (long)regex->syntax.groups)
        return parity_python_fail(s, at, err, "the pattern '%.100s' has no such group",
                                  regex->pattern);
    if (end_literal(t, start) < 0 ||
        add_piece(t, (struct piece){t->text.length, t->text.length, group}) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

/* `\g<name>` or `\g<number>`, `\g` being consumed. */
static int read_group(struct parity_python_template *t, const struct parity_python_regex *regex,
                      struct parity_python_source *s, size_t at, struct parity_error *err)
{
    const char *name = s->text + s->at + 1;
    const char *end;
    size_t length;
    long group;

    if (!parity_python_accept(s, '<'))
        return parity_python_fail(s, at, err, "missing '<' after '\\g'");
    end = memchr(name, '>', s->length - s->at);
    if (!end || end == name)
        return parity_python_fail(s, at, err, "missing group name or '>' after '\\g<'");
    length = (size_t)(end - name);
    s->at += length + 1;
    if (parity_python_is_identifier(name, length)) {
        const json_t *number = json_object_getn(regex->syntax.names, name, length);

        group = number ? (long)json_integer_value(number) : -1;
    } else {
        group = parity_python_number(name, length);
    }
    return add_group(t, regex, s, group, at, err);
}

/* `\1` to `\99`, or three octal digits; the first digit is consumed. */
static int read_digits(struct parity_python_template *t, const struct parity_python_regex *regex,
                       struct parity_python_source *s, long digit, size_t at,
                       struct parity_error *err)
{
    int next = parity_python_peek(s);
    long value = digit - '0';

    if (digit == '0') {
        parity_python_utf8(&t->text, parity_python_octal(s, 0, 2));
        return 0;
    }
    if (next < '0' || next > '9')
        return add_group(t, regex, s, value, at, err);
    s->at++;
    if (digit <= '7' && next <= '7' && parity_python_peek(s) >= '0' &&
        parity_python_peek(s) <= '7') {
        value = parity_python_octal(s, value * 8 + (next - '0'), 1);
        if (value > 0377)
            return parity_python_fail(s, at, err, "octal escape above \\377");
        parity_python_utf8(&t->text, value);
        return 0;
    }
    return add_group(t, regex, s, value * 10 + (next - '0'), at, err);
}

static int read_escape(struct parity_python_template *t, const struct parity_python_regex *regex,
                       struct parity_python_source *s, size_t at, struct parity_error *err)
{
    static const char letters[] = "abfnrtv\\";
    static const char values[] = "\a\b\f\n\r\t\v\\";
    long c = parity_python_take(s);
    const char *known = c > 0 && c < 0x80 ? strchr(letters, (int)c) : NULL;

    if (c == PARITY_PYTHON_END)
        return parity_python_fail(s, at, err, "a backslash with nothing after it");
    if (c == 'g')
        return read_group(t, regex, s, at, err);
    if (c >= '0' && c <= '9')
        return read_digits(t, regex, s, c, at, err);
    if (known) {
        parity_buffer_add_char(&t->text, values[known - letters]);
        return 0;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return parity_python_fail(s, at, err, "unknown escape '\\%c'", (int)c);
    parity_buffer_add_char(&t->text, '\\');
    parity_python_utf8(&t->text, c);
    return 0;
}

static int read_template(struct parity_python_template *t, const struct parity_python_regex *regex,
                         struct parity_python_source *s, struct parity_error *err)
{
    size_t start;

    while (s->at < s->length) {
        size_t at = s->at;
        long c = (unsigned char)s->text[s->at++];

        if (c != '\\')
            parity_buffer_add_char(&t->text, (char)c);
        else if (read_escape(t, regex, s, at, err) < 0)
            return -1;
    }
    start = t->count ? t->pieces[t->count - 1].end : 0;
    if (t->text.failed || end_literal(t, start) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

struct parity_python_template *parity_python_template_new(const struct parity_python_regex *regex,
                                                          const char *text, size_t length,
                                                          struct parity_error *err)
{
    struct parity_python_template *t = parity_calloc(1, sizeof *t);
    struct parity_python_source source = {text, length, 0, "replacement"};

    if (!t) {
        parity_fail_nomem(err);
    } else if (read_template(t, regex, &source, err) < 0) {
        parity_python_template_free(t);
        t = NULL;
    }
    return t;
}

/* ---- substitution ---- */

static void expand(const struct parity_python_template *t, const struct parity_python_regex *regex,
                   const char *subject, pcre2_match_data *match, struct parity_buffer *out)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct piece *piece = &t->pieces[i];
        struct parity_regex_span span;

        if (piece->group < 0) {
            parity_buffer_add(out, t->text.data + piece->start, piece->end - piece->start);
            continue;
        }
        span = span_of(regex, match, (unsigned)piece->group);
        if (span.start != PARITY_REGEX_UNSET)
            parity_buffer_add(out, subject + span.start, span.end - span.start);
    }
}

int parity_python_regex_substitute(const struct parity_python_regex *regex,
                                   const struct parity_python_template *replacement,
                                   const char *subject, size_t length, struct parity_buffer *out,
                                   size_t *matches, struct parity_error *err)
{
    pcre2_match_data *match = take_match(regex, length, err);
    uint32_t options = 0;
    size_t at = 0; /* everything before is in `out` */
    int rc;

    *matches = 0;
    if (!match)
        return -1;
    /* Python's rule: an empty match may follow another match at once, but not an empty one. */
    while ((rc = run(regex, subject, length, at, options, match, err)) == 1) {
        struct parity_regex_span span = span_of(regex, match, 0);

        parity_buffer_add(out, subject + at, span.start - at);
        expand(replacement, regex, subject, match, out);
        at = span.end;
        options = PCRE2_NO_UTF_CHECK | (span.end == span.start ? PCRE2_NOTEMPTY_ATSTART : 0);
        ++*matches;
    }
    if (rc == 0 && *matches > 0)
        parity_buffer_add(out, subject + at, length - at);
    if (rc == 0 && out->failed) {
        parity_fail_nomem(err);
        rc = -1;
    }
    give_back(match);
    return rc;
}
