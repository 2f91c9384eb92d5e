/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "python_syntax.h"

int parity_python_peek(const struct parity_python_source *source)
{
    return source->at < source->length ? (unsigned char)source->text[source->at]
                                       : PARITY_PYTHON_END;
}

long parity_python_take(struct parity_python_source *source)
{
    unsigned c;
    size_t length;

    if (source->at >= source->length)
        return PARITY_PYTHON_END;
    length = parity_utf8_decode(source->text + source->at, source->length - source->at, &c);
    if (length == 0) /* no UTF-8: never so in a document that was read */
        return (unsigned char)source->text[source->at++];
    source->at += length;
    return (long)c;
}

bool parity_python_accept(struct parity_python_source *source, char c)
{
    if (parity_python_peek(source) != c)
        return false;
    source->at++;
    return true;
}

int parity_python_fail(const struct parity_python_source *source, size_t at,
                       struct parity_error *err, const char *format, ...)
{
    char reason[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    parity_fail_at(err, PARITY_E_PARSE, NULL, 0, (int)at + 1,
                   "%s at character %zu of the %s '%.*s'", reason, at + 1, source->what,
                   (int)(source->length < 200 ? source->length : 200), source->text);
    return -1;
}

static long hex_digits(struct parity_python_source *source, int count)
{
    long value = 0;

    for (int i = 0; i < count; i++) {
        int c = parity_python_peek(source);

        if (c == PARITY_PYTHON_END || !isxdigit(c))
            return -1;
        value = value * 16 + (isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
        source->at++;
    }
    return value;
}

int parity_python_escape(struct parity_python_source *source, long letter, long *out,
                         struct parity_error *err)
{
    static const char letters[] = "afnrtv";
    static const char values[] = "\a\f\n\r\t\v";
    const char *known = letter > 0 && letter < 0x80 ? strchr(letters, (int)letter) : NULL;
    size_t start = source->at - 2;

    if (known) {
        *out = values[known - letters];
        return 1;
    }
    if (letter == 'x' || letter == 'u' || letter == 'U') {
        *out = hex_digits(source, letter == 'x' ? 2 : letter == 'u' ? 4 : 8);
        if (*out < 0 || *out > 0x10ffff)
            return parity_python_fail(source, start, err, "incomplete escape '\\%c'", (int)letter);
        return 1;
    }
    if (letter == 'N')
        return parity_python_fail(source, start, err,
                                  "character names ('\\N') are not supported; write '\\u' and its "
                                  "number");
    if (letter < 0x80 && isalnum((int)letter))
        return 0;
    *out = letter;
    return 1;
}

long parity_python_octal(struct parity_python_source *source, long value, int max)
{
    for (int i = 0; i < max; i++) {
        int c = parity_python_peek(source);

        if (c < '0' || c > '7')
            break;
        value = value * 8 + (c - '0');
        source->at++;
    }
    return value;
}

void parity_python_utf8(struct parity_buffer *out, long c)
{
    char bytes[4];

    parity_buffer_add(out, bytes, parity_utf8_encode((unsigned)c, bytes));
}

void parity_python_emit(struct parity_buffer *out, long c)
{
    if (c < 0x20 || c >= 0x7f) {
        parity_buffer_printf(out, "\\x{%lx}", (unsigned long)c);
        return;
    }
    if (!isalnum((int)c) && c != '_')
        parity_buffer_add_char(out, '\\');
    parity_buffer_add_char(out, (char)c);
}

bool parity_python_is_identifier(const char *name, size_t length)
{
    if (length == 0 || isdigit((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_' && (unsigned char)name[i] < 0x80)
            return false;
    return true;
}

long parity_python_number(const char *text, size_t length)
{
    long value = 0;

    if (length == 0 || length > 7)
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}
