/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "python_syntax.h"

/* One member of a class: a character, or one of \d \D \s \S \w \W. */
struct member {
    bool is_set;
    long c; /* the character, or the letter of the set */
    size_t at;
};

static int read_escape(struct parity_python_source *source, struct member *out,
                       struct parity_error *err)
{
    long letter = parity_python_take(source);
    int rc;

    if (letter == PARITY_PYTHON_END)
        return parity_python_fail(source, out->at, err, "a backslash with nothing after it");
    if (letter == 'b') {
        out->c = '\b';
        return 0;
    }
    if (letter < 0x80 && letter > 0 && strchr("dDsSwW", (int)letter)) {
        out->is_set = true;
        out->c = letter;
        return 0;
    }
    if (letter >= '0' && letter <= '7') {
        out->c = parity_python_octal(source, letter - '0', 2);
        if (out->c > 0377)
            return parity_python_fail(source, out->at, err, "octal escape above \\377");
        return 0;
    }
    rc = parity_python_escape(source, letter, &out->c, err);
    if (rc == 0)
        return parity_python_fail(source, out->at, err, "unknown escape '\\%c'", (int)letter);
    return rc < 0 ? -1 : 0;
}

static int read_member(struct parity_python_source *source, struct member *out,
                       struct parity_error *err)
{
    *out = (struct member){.at = source->at};
    out->c = parity_python_take(source);
    return out->c == '\\' ? read_escape(source, out, err) : 0;
}

static bool is_surrogate(long c)
{
    return c >= 0xd800 && c < 0xe000;
}

static void emit_member(struct parity_buffer *out, const struct member *member)
{
    if (member->is_set) {
        parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, (char)member->c);
    } else {
        /* PCRE2 takes no unpaired surrogate. The text is ASCII but for what replacements brought
           in, so a character that never occurs either stands for it. */
        parity_python_emit(out, is_surrogate(member->c) ? 0x10ffff : member->c);
    }
}

static int read_range(struct parity_python_source *source, const struct member *low,
                      struct parity_buffer *out, struct parity_error *err)
{
    struct member high;

    if (read_member(source, &high, err) < 0)
        return -1;
    if (low->is_set || high.is_set || high.c < low->c)
        return parity_python_fail(source, low->at, err, "bad character range");
    if (is_surrogate(low->c) || is_surrogate(high.c))
        return parity_python_fail(source, low->at, err, "a range of surrogates is not supported");
    emit_member(out, low);
    parity_buffer_add_char(out, '-');
    emit_member(out, &high);
    return 0;
}

int parity_python_class(struct parity_python_source *source, struct parity_buffer *out,
                        struct parity_error *err)
{
    size_t start = source->at - 1;
    size_t members;

    parity_buffer_add_char(out, '[');
    if (parity_python_accept(source, '^'))
        parity_buffer_add_char(out, '^');
    for (members = 0;; members++) {
        struct member member;

        if (members > 0 && parity_python_accept(source, ']'))
            break;
        if (parity_python_peek(source) == PARITY_PYTHON_END)
            return parity_python_fail(source, start, err, "unterminated character class");
        if (read_member(source, &member, err) < 0)
            return -1;
        if (!parity_python_accept(source, '-')) {
            emit_member(out, &member);
        } else if (parity_python_peek(source) == PARITY_PYTHON_END) {
            return parity_python_fail(source, start, err, "unterminated character class");
        } else if (parity_python_accept(source, ']')) {
            emit_member(out, &member);
            parity_buffer_add_text(out, "\\-");
            break;
        } else if (read_range(source, &member, out, err) < 0) {
            return -1;
        }
    }
    parity_buffer_add_char(out, ']');
    return 0;
}
