/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "python_syntax.h"

enum {
    MAX_DEPTH = 200,    /* groups in groups; PCRE2's own limit is 250 */
    MAX_REPEAT = 65535, /* PCRE2's */
    UNBOUNDED = -1
};

/* What a quantifier would apply to. */
enum item { ITEM_NONE, ITEM_ANCHOR, ITEM_PLAIN, ITEM_REPEATED };

struct reader {
    struct parity_python_source source;
    struct parity_python_syntax *out;
    bool verbose;
    unsigned *open; /* numbers of the groups that are not closed yet */
    size_t open_count, open_capacity;
    struct parity_error *err;
};

static int read_alternatives(struct reader *r, int depth);

static void add(struct reader *r, const char *text)
{
    parity_buffer_add_text(&r->out->pcre, text);
}

static void literal(struct reader *r, long c)
{
    if (c >= 0xd800 && c < 0xe000)
        add(r, "(?!)"); /* an unpaired surrogate never occurs in the text */
    else
        parity_python_emit(&r->out->pcre, c);
    parity_python_utf8(&r->out->literal, c);
}

/* Anything but a plain character: the pattern is more than one text. */
static void special(struct reader *r, const char *text)
{
    r->out->is_literal = false;
    add(r, text);
}

#define fail(r, at, ...) parity_python_fail(&(r)->source, at, (r)->err, __VA_ARGS__)

static int backreference(struct reader *r, long group, size_t at)
{
    if (group <= 0 || group > (long)r->out->groups)
        return fail(r, at, "reference to group %ld, which does not exist here", group);
    for (size_t i = 0; i < r->open_count; i++)
        if (r->open[i] == (unsigned)group)
            return fail(r, at, "reference to group %ld from inside it", group);
    special(r, "\\g{");
    parity_buffer_printf(&r->out->pcre, "%ld}", group);
    return 0;
}

static int read_number_escape(struct reader *r, long digit, size_t at)
{
    struct parity_python_source *s = &r->source;
    long value;
    int next;

    if (digit == '0') {
        literal(r, parity_python_octal(s, 0, 2));
        return 0;
    }
    next = parity_python_peek(s);
    if (next == PARITY_PYTHON_END || !isdigit(next))
        return backreference(r, digit - '0', at);
    s->at++;
    value = (digit - '0') * 10 + (next - '0');
    if (digit <= '7' && next <= '7' && parity_python_peek(s) >= '0' &&
        parity_python_peek(s) <= '7') {
        value = parity_python_octal(s, (digit - '0') * 8 + (next - '0'), 1);
        if (value > 0377)
            return fail(r, at, "octal escape above \\377");
        literal(r, value);
        return 0;
    }
    return backreference(r, value, at);
}

static int read_escape(struct reader *r, size_t at, enum item *item)
{
    long letter = parity_python_take(&r->source);
    char text[3] = {'\\', (char)letter, '\0'};
    long c;
    int rc;

    *item = ITEM_PLAIN;
    if (letter == PARITY_PYTHON_END)
        return fail(r, at, "a backslash with nothing after it");
    if (letter > 0 && letter < 0x80 && strchr("AbBZ", (int)letter)) {
        *item = ITEM_ANCHOR;
        special(r, letter == 'Z' ? "\\z" : text); /* PCRE2's \Z also matches before a newline */
        return 0;
    }
    if (letter > 0 && letter < 0x80 && strchr("dDsSwW", (int)letter)) {
        special(r, text);
        return 0;
    }
    if (letter >= '0' && letter <= '9')
        return read_number_escape(r, letter, at);
    rc = parity_python_escape(&r->source, letter, &c, r->err);
    if (rc == 0)
        return fail(r, at, "unknown escape '\\%c'", (int)letter);
    if (rc > 0)
        literal(r, c);
    return rc < 0 ? -1 : 0;
}

/* `{m}`, `{m,}`, `{,n}` or `{m,n}`; 0 when what follows the brace is none of these. */
static int read_counts(struct parity_python_source *s, long *low, long *high)
{
    size_t start = s->at, from = s->at;

    while (parity_python_peek(s) >= '0' && parity_python_peek(s) <= '9')
        s->at++;
    *low = s->at > from ? parity_python_number(s->text + from, s->at - from) : 0;
    if (s->at > from && *low < 0)
        *low = MAX_REPEAT + 1;
    *high = *low;
    if (parity_python_accept(s, ',')) {
        from = s->at;
        while (parity_python_peek(s) >= '0' && parity_python_peek(s) <= '9')
            s->at++;
        *high = s->at > from ? parity_python_number(s->text + from, s->at - from) : UNBOUNDED;
        if (s->at > from && *high < 0)
            *high = MAX_REPEAT + 1;
    } else if (s->at == from) {
        s->at = start;
        return 0;
    }
    if (parity_python_accept(s, '}'))
        return 1;
    s->at = start;
    return 0;
}

static int write_counts(struct reader *r, size_t at, long low, long high)
{
    if (low > MAX_REPEAT || high > MAX_REPEAT)
        return fail(r, at, "more than %d repetitions", MAX_REPEAT);
    if (high != UNBOUNDED && low > high)
        return fail(r, at, "a repetition whose least count is above its greatest");
    parity_buffer_printf(&r->out->pcre, "{%ld,", low);
    if (high != UNBOUNDED)
        parity_buffer_printf(&r->out->pcre, "%ld", high);
    add(r, "}");
    return 0;
}

/* The quantifier `c`, already consumed; applies to what was written last. */
static int read_quantifier(struct reader *r, long c, size_t at, enum item *item)
{
    struct parity_python_source *s = &r->source;
    long low = 0, high = 0;

    if (c == '{' && (parity_python_peek(s) == '}' || !read_counts(s, &low, &high))) {
        literal(r, '{');
        *item = ITEM_PLAIN;
        return 0;
    }
    if (*item == ITEM_NONE || *item == ITEM_ANCHOR)
        return fail(r, at, "nothing to repeat");
    if (*item == ITEM_REPEATED)
        return fail(r, at, "a quantifier after a quantifier");
    r->out->is_literal = false;
    if (c != '{')
        parity_buffer_add_char(&r->out->pcre, (char)c);
    else if (write_counts(r, at, low, high) < 0)
        return -1;
    if (parity_python_accept(s, '?'))
        add(r, "?");
    else if (parity_python_accept(s, '+'))
        add(r, "+");
    *item = ITEM_REPEATED;
    return 0;
}

/* The text up to `end`, which is consumed. */
static int read_name(struct reader *r, char end, const char **name, size_t *length)
{
    size_t start = r->source.at;

    *name = r->source.text + start;
    while (parity_python_peek(&r->source) != PARITY_PYTHON_END) {
        *length = r->source.at - start;
        if (parity_python_accept(&r->source, end))
            return *length ? 0 : fail(r, start, "missing group name");
        r->source.at++;
    }
    return fail(r, start, "missing '%c' after a group name", end);
}

static long named_group(const struct reader *r, const char *name, size_t length)
{
    return (long)json_integer_value(json_object_getn(r->out->names, name, length));
}

static int close_group(struct reader *r, size_t at)
{
    if (!parity_python_accept(&r->source, ')'))
        return fail(r, at, "missing ')' for the group that begins");
    add(r, ")");
    return 0;
}

static int read_capture(struct reader *r, size_t at, int depth)
{
    unsigned number = ++r->out->groups;

    if (parity_grow(&r->open, &r->open_capacity, r->open_count + 1, sizeof *r->open) < 0) {
        parity_fail_nomem(r->err);
        return -1;
    }
    r->open[r->open_count++] = number;
    special(r, "(");
    if (read_alternatives(r, depth + 1) < 0)
        return -1;
    r->open_count--;
    return close_group(r, at);
}

static int read_plain_group(struct reader *r, const char *opening, size_t at, int depth)
{
    special(r, opening);
    return read_alternatives(r, depth + 1) < 0 ? -1 : close_group(r, at);
}

static int read_named(struct reader *r, size_t at, int depth)
{
    const char *name = NULL;
    size_t length = 0;

    if (parity_python_accept(&r->source, '=')) {
        if (read_name(r, ')', &name, &length) < 0)
            return -1;
        if (named_group(r, name, length) == 0)
            return fail(r, at, "unknown group name '%.*s'", (int)length, name);
        return backreference(r, named_group(r, name, length), at);
    }
    if (!parity_python_accept(&r->source, '<'))
        return fail(r, at, "unknown kind of group");
    if (read_name(r, '>', &name, &length) < 0)
        return -1;
    if (!parity_python_is_identifier(name, length))
        return fail(r, at, "bad group name '%.*s'", (int)length, name);
    if (named_group(r, name, length) != 0)
        return fail(r, at, "a second group named '%.*s'", (int)length, name);
    if (json_object_setn_new_nocheck(r->out->names, name, length,
                                     json_integer(r->out->groups + 1)) < 0) {
        parity_fail_nomem(r->err);
        return -1;
    }
    return read_capture(r, at, depth);
}

/* `(?(group)yes|no)` */
static int read_conditional(struct reader *r, size_t at, int depth)
{
    const char *name = NULL;
    size_t length = 0;
    long group;

    if (read_name(r, ')', &name, &length) < 0)
        return -1;
    group = parity_python_is_identifier(name, length) ? named_group(r, name, length)
                                                      : parity_python_number(name, length);
    if (group <= 0)
        return fail(r, at, "condition on a group that does not exist: '%.*s'", (int)length, name);
    special(r, "(?(");
    parity_buffer_printf(&r->out->pcre, "%ld)", group);
    return read_alternatives(r, depth + 1) < 0 ? -1 : close_group(r, at);
}

static int skip_comment(struct reader *r, size_t at)
{
    while (!parity_python_accept(&r->source, ')'))
        if (parity_python_take(&r->source) == PARITY_PYTHON_END)
            return fail(r, at, "missing ')' for the comment that begins");
    return 0;
}

struct flags {
    char on[8], off[8]; /* of "imsx" */
    bool ascii;
};

static int add_flag(struct reader *r, struct flags *flags, bool negative, long c, size_t at)
{
    char *list = negative ? flags->off : flags->on;
    size_t used = strlen(list);

    if (c == 'L')
        return fail(r, at, "flag 'L' is for byte patterns");
    if (c <= 0 || c >= 0x80 || !strchr(negative ? "imsx" : "aimsux", (int)c))
        return fail(r, at, "unknown kind of group or flag");
    if (c == 'a')
        flags->ascii = true;
    else if (c != 'u' && !strchr(list, (int)c) && used + 1 < sizeof flags->on)
        list[used] = (char)c;
    return 0;
}

/* Flags up to the `)` or `:` that ends them; returns that sign, or -1. */
static int read_flags(struct reader *r, struct flags *flags, size_t at)
{
    bool negative = false;

    for (;;) {
        long c = parity_python_take(&r->source);

        if (c == ')' && !negative)
            return ')';
        if (c == ':')
            return ':';
        if (c == '-' && !negative)
            negative = true;
        else if (add_flag(r, flags, negative, c, at) < 0)
            return -1;
    }
}

static int read_scoped_flags(struct reader *r, const struct flags *flags, size_t at, int depth)
{
    bool verbose = r->verbose;
    int rc;

    special(r, "(?");
    for (const char *c = "ims"; *c; c++)
        if (strchr(flags->on, *c))
            parity_buffer_add_char(&r->out->pcre, *c);
    if (strpbrk(flags->off, "ims"))
        add(r, "-");
    for (const char *c = "ims"; *c; c++)
        if (strchr(flags->off, *c))
            parity_buffer_add_char(&r->out->pcre, *c);
    if (strchr(flags->on, 'x'))
        r->verbose = true;
    else if (strchr(flags->off, 'x'))
        r->verbose = false;
    rc = read_plain_group(r, ":", at, depth);
    r->verbose = verbose;
    return rc;
}

static int read_flag_group(struct reader *r, size_t at, int depth)
{
    struct flags flags = {0};
    int end = read_flags(r, &flags, at);

    if (end < 0)
        return -1;
    if (end == ')')
        return fail(r, at, "flags for the whole pattern must stand at its beginning");
    return read_scoped_flags(r, &flags, at, depth);
}

/* `(`, already consumed, at `at`. */
static int read_group(struct reader *r, size_t at, int depth, enum item *item)
{
    struct parity_python_source *s = &r->source;

    if (depth >= MAX_DEPTH)
        return fail(r, at, "more than %d groups inside each other", MAX_DEPTH);
    *item = ITEM_PLAIN;
    if (!parity_python_accept(s, '?'))
        return read_capture(r, at, depth);
    if (parity_python_accept(s, ':'))
        return read_plain_group(r, "(?:", at, depth);
    if (parity_python_accept(s, '>'))
        return read_plain_group(r, "(?>", at, depth);
    if (parity_python_accept(s, '='))
        return read_plain_group(r, "(?=", at, depth);
    if (parity_python_accept(s, '!'))
        return read_plain_group(r, "(?!", at, depth);
    if (parity_python_accept(s, 'P'))
        return read_named(r, at, depth);
    if (parity_python_accept(s, '('))
        return read_conditional(r, at, depth);
    if (!parity_python_accept(s, '<'))
        return read_flag_group(r, at, depth);
    if (parity_python_accept(s, '='))
        return read_plain_group(r, "(?<=", at, depth);
    if (parity_python_accept(s, '!'))
        return read_plain_group(r, "(?<!", at, depth);
    return fail(r, at, "unknown kind of group");
}

static bool skip_verbose(struct reader *r, long c)
{
    if (!r->verbose)
        return false;
    if (c == '#') {
        while (parity_python_peek(&r->source) != PARITY_PYTHON_END &&
               parity_python_take(&r->source) != '\n')
            continue;
        return true;
    }
    return c > 0 && c < 0x80 && strchr(" \t\n\r\v\f", (int)c);
}

static int read_item(struct reader *r, long c, size_t at, int depth, enum item *item)
{
    switch (c) {
    case '\\':
        return read_escape(r, at, item);
    case '[':
        r->out->is_literal = false;
        *item = ITEM_PLAIN;
        return parity_python_class(&r->source, &r->out->pcre, r->err);
    case '(':
        return read_group(r, at, depth, item);
    case '*':
    case '+':
    case '?':
    case '{':
        return read_quantifier(r, c, at, item);
    case '^':
    case '$':
        special(r, c == '^' ? "^" : "$");
        *item = ITEM_ANCHOR;
        return 0;
    case '.':
        special(r, ".");
        *item = ITEM_PLAIN;
        return 0;
    default:
        literal(r, c);
        *item = ITEM_PLAIN;
        return 0;
    }
}

static int read_alternatives(struct reader *r, int depth)
{
    struct parity_python_source *s = &r->source;
    enum item item = ITEM_NONE;

    for (;;) {
        size_t at = s->at;
        int next = parity_python_peek(s);
        long c;

        if (next == PARITY_PYTHON_END || next == ')')
            return 0;
        c = parity_python_take(s);
        if (skip_verbose(r, c))
            continue;
        if (c == '(' && s->at + 1 < s->length && memcmp(s->text + s->at, "?#", 2) == 0) {
            if (skip_comment(r, at) < 0)
                return -1;
        } else if (c == '|') {
            special(r, "|");
            item = ITEM_NONE;
        } else if (read_item(r, c, at, depth, &item) < 0) {
            return -1;
        }
    }
}

/* `(?i)` and its like, which may only stand at the very beginning. */
static int read_global_flags(struct reader *r)
{
    struct parity_python_source *s = &r->source;

    while (s->length - s->at > 2 && memcmp(s->text + s->at, "(?", 2) == 0 &&
           strchr("aiLmsux", s->text[s->at + 2])) {
        struct flags flags = {0};
        size_t at = s->at;
        int end;

        s->at += 2;
        end = read_flags(r, &flags, at);
        if (end != ')') {
            s->at = at;
            return end < 0 ? -1 : 0;
        }
        r->out->ascii |= flags.ascii;
        r->verbose |= strchr(flags.on, 'x') != NULL;
        r->out->options |= (strchr(flags.on, 'i') ? PCRE2_CASELESS : 0) |
                           (strchr(flags.on, 'm') ? PCRE2_MULTILINE : 0) |
                           (strchr(flags.on, 's') ? PCRE2_DOTALL : 0);
        r->out->is_literal &= !(r->out->options & PCRE2_CASELESS);
    }
    return 0;
}

static int read_pattern(struct reader *r)
{
    if (read_global_flags(r) < 0 || read_alternatives(r, 0) < 0)
        return -1;
    if (r->source.at < r->source.length)
        return fail(r, r->source.at, "unbalanced ')'");
    return 0;
}

int parity_python_syntax_read(const char *pattern, size_t length, struct parity_python_syntax *out,
                              struct parity_error *err)
{
    struct reader r = {
        .source = {pattern, length, 0, "regular expression"}, .out = out, .err = err};
    int rc = -1;

    out->is_literal = true;
    out->names = json_object();
    if (!out->names)
        goto out;
    rc = read_pattern(&r);
    if (rc == 0 && (out->pcre.failed || out->literal.failed))
        rc = -1;
out:
    if (rc < 0)
        parity_fail_nomem(err); /* unless a fault was reported */
    parity_free(r.open);
    return rc;
}

void parity_python_syntax_clear(struct parity_python_syntax *syntax)
{
    parity_buffer_clear(&syntax->pcre);
    parity_buffer_clear(&syntax->literal);
    json_decref(syntax->names);
    memset(syntax, 0, sizeof *syntax);
}
