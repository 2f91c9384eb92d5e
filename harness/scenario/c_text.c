/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/c_text.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* --- literals ----------------------------------------------------------------------------------
 */

/* One byte as C has it. After "?" another one would begin a trigraph. */
static void add_byte(struct parity_buffer *out, char c, char before)
{
    static const char special[] = "\"\\\n\t\r", letters[] = "\"\\ntr";
    const char *found = c ? strchr(special, c) : NULL;

    if (found)
        parity_buffer_printf(out, "\\%c", letters[found - special]);
    else if ((unsigned char)c < 0x20 || c == 0x7F)
        parity_buffer_printf(out, "\\%03o", (unsigned)(unsigned char)c);
    else if (c == '?' && before == '?')
        parity_buffer_add_text(out, "\\?");
    else
        parity_buffer_add_char(out, c);
}

void parity_c_escape(struct parity_buffer *out, const char *text, size_t length, bool format)
{
    for (size_t i = 0; i < length; i++) {
        add_byte(out, text[i], i ? text[i - 1] : '\0');
        if (format && text[i] == '%')
            parity_buffer_add_char(out, '%');
    }
}

static void add_unicode(struct parity_buffer *out, unsigned unit)
{
    parity_buffer_printf(out, "\\\\u%04x", unit);
}

static void add_template_char(struct parity_buffer *out, unsigned c, char quote)
{
    static const char special[] = "\\\n\r\t\f\b", letters[] = "\\nrtfb";
    const char *found = c && c < 0x80 ? strchr(special, (int)c) : NULL;

    if (found)
        parity_buffer_printf(out, "\\\\%s%c", letters[found - special] == '\\' ? "\\" : "",
                             letters[found - special]);
    else if (c == '%')
        parity_buffer_add_text(out, "%%");
    else if (c == (unsigned char)quote)
        parity_buffer_add_text(out, quote == '"' ? "\\\\\\\"" : "\\\\'");
    else
        add_unicode(out, c);
}

void parity_c_escape_template(struct parity_buffer *out, const char *text, size_t length,
                              char quote)
{
    char before = '\0';

    for (size_t at = 0; at < length;) {
        unsigned c = 0xFFFD;
        size_t size = parity_utf8_decode(text + at, length - at, &c);

        if (size == 1 && (c < 0x20 || c == 0x7F || c == '\\' || c == '%' || c == (unsigned)quote))
            add_template_char(out, c, quote);
        else if (size == 0 || parity_utf8_is_surrogate(c))
            add_unicode(out, c);
        else
            for (size_t i = 0; i < size; i++)
                add_byte(out, text[at + i], before);
        before = size == 1 ? text[at] : '\0';
        at += size ? size : 1;
    }
}

char parity_c_quote_for(const char *text, size_t length)
{
    size_t single = 0, twice = 0;

    for (size_t i = 0; i < length; i++) {
        single += text[i] == '\'';
        twice += text[i] == '"';
    }
    /* Double quotes are escaped in C, as delimiters too; in themselves they take two more. */
    return single * 2 > 2 + twice * 2 ? '"' : '\'';
}

/* --- names -------------------------------------------------------------------------------------
 */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

void parity_c_add_name(struct parity_buffer *out, const char *name)
{
    size_t start = out->length;

    for (size_t i = 0; name[i]; i++) {
        /* A word begins at "U" in "QueueUrl" and at "D" in "KMSData". */
        bool begins = is_upper(name[i]) && i > 0 &&
                      (is_lower_or_digit(name[i - 1]) ||
                       (is_upper(name[i - 1]) && name[i + 1] >= 'a' && name[i + 1] <= 'z'));
        bool is_letter = is_upper(name[i]) || is_lower_or_digit(name[i]);

        if ((begins || !is_letter) && out->length > start && out->data[out->length - 1] != '_')
            parity_buffer_add_char(out, '_');
        if (is_letter)
            parity_buffer_add_char(out, is_upper(name[i]) ? (char)(name[i] | 0x20) : name[i]);
    }
    while (out->length > start && !out->failed && out->data[out->length - 1] == '_')
        out->data[--out->length] = '\0';
    if (out->length == start)
        parity_buffer_add_text(out, "value");
}

/* What a variable of a suite cannot be called: words of C, what headers define without parentheses,
 * and the parameters of a test. */
static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "asm",      "auto",     "bool",     "break",  "case",     "char",   "const",  "continue",
        "data",     "default",  "do",       "double", "else",     "enum",   "extern", "false",
        "float",    "for",      "goto",     "if",     "inline",   "int",    "json_t", "long",
        "register", "restrict", "return",   "short",  "signed",   "size_t", "sizeof", "static",
        "stderr",   "stdin",    "stdout",   "struct", "switch",   "t",      "true",   "typedef",
        "typeof",   "union",    "unsigned", "void",   "volatile", "while"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

const char *parity_c_take_name(json_t *taken, const char *name)
{
    bool is_digit = name[0] >= '0' && name[0] <= '9';
    struct parity_buffer free_name = {0};
    const char *result = NULL;
    int number = 1;

    do {
        parity_buffer_reset(&free_name);
        parity_buffer_printf(&free_name, "%s%s", is_digit ? "n" : "", name);
        if (number > 1)
            parity_buffer_printf(&free_name, "_%d", number);
        number++;
    } while (!free_name.failed &&
             (is_reserved(free_name.data) || json_object_get(taken, free_name.data)));
    if (!free_name.failed && json_object_set_new(taken, free_name.data, json_true()) == 0)
        result = json_object_iter_key(json_object_iter_at(taken, free_name.data));
    parity_buffer_clear(&free_name);
    return result;
}
