/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PYTHON_SYNTAX_H
#define PARITY_PYTHON_SYNTAX_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/* Between python_regex.c and the files that read Python's pattern grammar; nobody else. */

/** What reading a pattern gave. Zero-initialise, clear. */
struct parity_python_syntax {
    struct parity_buffer pcre;    /* the same pattern in PCRE2's grammar */
    struct parity_buffer literal; /* the text it matches, if `is_literal` */
    bool is_literal;
    uint32_t options; /* PCRE2_CASELESS and the like, from the global flags */
    bool ascii;       /* (?a): \w, \d and \s are ASCII's */
    json_t *names;    /* group name → number */
    unsigned groups;
};

void parity_python_syntax_clear(struct parity_python_syntax *syntax);

/** @return 0 or -1 (PARITY_E_PARSE with the column, PARITY_E_LIMIT: nested too deeply) */
int parity_python_syntax_read(const char *pattern, size_t length, struct parity_python_syntax *out,
                              struct parity_error *err);

/** A place in a pattern or template, read one character at a time. */
struct parity_python_source {
    const char *text;
    size_t length, at;
    const char *what; /* "regular expression" or "replacement", for messages */
};

enum { PARITY_PYTHON_END = -1 };

/** The byte at the current position, or PARITY_PYTHON_END. */
int parity_python_peek(const struct parity_python_source *source);

/** The next code point (UTF-8, surrogates included), consumed; or PARITY_PYTHON_END. */
long parity_python_take(struct parity_python_source *source);

/** Consume `c` if it comes next. */
bool parity_python_accept(struct parity_python_source *source, char c);

/** Report a fault at byte offset `at`. @return -1 */
__attribute__((format(printf, 4, 5))) int
parity_python_fail(const struct parity_python_source *source, size_t at, struct parity_error *err,
                   const char *format, ...);

/**
 * Read the character escapes that patterns and classes share, after the backslash and `letter`
 * were consumed: \a \f \n \r \t \v \x \u \U and any sign that is no letter or digit.
 *
 * @param out  the code point
 * @return 1, 0 (it is none of these), or -1 (reported)
 */
int parity_python_escape(struct parity_python_source *source, long letter, long *out,
                         struct parity_error *err);

/** Up to `max` octal digits from the current position, continuing from `value`. */
long parity_python_octal(struct parity_python_source *source, long value, int max);

/** Read the rest of a character class, its `[` being consumed, and write it for PCRE2. */
int parity_python_class(struct parity_python_source *source, struct parity_buffer *out,
                        struct parity_error *err);

/** Append code point `c` so that PCRE2 takes it literally, inside a class or outside. */
void parity_python_emit(struct parity_buffer *out, long c);

/** Append code point `c` as UTF-8. */
void parity_python_utf8(struct parity_buffer *out, long c);

/** Is `name` a name that Python accepts for a group? */
bool parity_python_is_identifier(const char *name, size_t length);

/** A decimal number; -1 when it is none, or above a million. */
long parity_python_number(const char *text, size_t length);

#endif
