/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/template.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"

enum { MAX_DEPTH = 200 };

struct reader {
    const char *text; /* the whole template */
    const char *at;
    va_list *arguments;
    int depth;
    struct parity_error *err;
};

static int read_value(struct reader *reader, json_t **out);

/* --- errors ------------------------------------------------------------------------------------
 */

__attribute__((format(printf, 3, 4))) static int fail_at(struct reader *reader, const char *place,
                                                         const char *format, ...)
{
    char message[256];
    va_list arguments;
    int line = 1;
    const char *line_start = reader->text;

    for (const char *c = reader->text; c < place; c++)
        if (*c == '\n') {
            line++;
            line_start = c + 1;
        }
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail_at(reader->err, PARITY_E_USAGE, "JSON template", line,
                   (int)(place - line_start) + 1, "%s, at %s%.24s%s in \"%.160s\"", message,
                   *place ? "'" : "the end", place, *place ? "'" : "", reader->text);
    return -1;
}

static int fail_nomem(struct reader *reader)
{
    parity_fail_nomem(reader->err);
    return -1;
}

static void skip_space(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

/* --- conversions -------------------------------------------------------------------------------
 */

/* One "%ld": its letter and the place after it. */
struct conversion {
    const char *start;
    char letter;
    enum { LENGTH_NONE, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE } length;
};

static int read_conversion(struct reader *reader, struct conversion *out)
{
    const char *c = reader->at + 1;

    *out = (struct conversion){.start = reader->at};
    if (strncmp(c, "ll", 2) == 0) {
        out->length = LENGTH_LONG_LONG;
        c += 2;
    } else if (*c == 'l') {
        out->length = LENGTH_LONG;
        c++;
    } else if (*c == 'z') {
        out->length = LENGTH_SIZE;
        c++;
    }
    if (!*c || !strchr("sdiufjJb", *c) || (out->length != LENGTH_NONE && !strchr("diu", *c)))
        return fail_at(
            reader, out->start,
            "unknown conversion; known are %%s %%d %%i %%u %%f %%j %%J %%b, and %%%% for "
            "a percent sign");
    out->letter = *c;
    reader->at = c + 1;
    return 0;
}

static long long take_signed(struct reader *reader, const struct conversion *conversion)
{
    switch (conversion->length) {
    case LENGTH_LONG:
        return va_arg(*reader->arguments, long);
    case LENGTH_LONG_LONG:
        return va_arg(*reader->arguments, long long);
    case LENGTH_SIZE:
        return va_arg(*reader->arguments, ssize_t);
    default:
        return va_arg(*reader->arguments, int);
    }
}

static unsigned long long take_unsigned(struct reader *reader, const struct conversion *conversion)
{
    switch (conversion->length) {
    case LENGTH_LONG:
        return va_arg(*reader->arguments, unsigned long);
    case LENGTH_LONG_LONG:
        return va_arg(*reader->arguments, unsigned long long);
    case LENGTH_SIZE:
        return va_arg(*reader->arguments, size_t);
    default:
        return va_arg(*reader->arguments, unsigned int);
    }
}

static int take_real(struct reader *reader, const struct conversion *conversion,
                     struct parity_buffer *out)
{
    double number = va_arg(*reader->arguments, double);
    json_t *real;

    if (!isfinite(number))
        return fail_at(reader, conversion->start, "the number for this %%f is not finite");
    real = json_real(number);
    if (!real)
        return fail_nomem(reader);
    parity_json_number_text(out, real);
    json_decref(real);
    return 0;
}

/* Append the text of a number, as JSON has it. */
static int take_number(struct reader *reader, const struct conversion *conversion,
                       struct parity_buffer *out)
{
    if (conversion->letter == 'f')
        return take_real(reader, conversion, out);
    if (conversion->letter == 'u')
        parity_buffer_printf(out, "%llu", take_unsigned(reader, conversion));
    else
        parity_buffer_printf(out, "%lld", take_signed(reader, conversion));
    return out->failed ? fail_nomem(reader) : 0;
}

static int take_text(struct reader *reader, const struct conversion *conversion, const char **out)
{
    *out = va_arg(*reader->arguments, const char *);
    if (!*out)
        return fail_at(reader, conversion->start, "the text for this %%s is NULL");
    return 0;
}

static int number_value(struct reader *reader, const struct conversion *conversion, json_t **out)
{
    struct parity_buffer text = {0};
    int rc = take_number(reader, conversion, &text);

    if (rc == 0) {
        *out = parity_json_number(text.data, text.length);
        rc = *out ? 0 : fail_nomem(reader);
    }
    parity_buffer_clear(&text);
    return rc;
}

static int json_text_value(struct reader *reader, const json_t *value, json_t **out)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    *out = text.failed ? NULL : json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return *out ? 0 : fail_nomem(reader);
}

static int bytes_value(struct reader *reader, const struct conversion *conversion, json_t **out)
{
    const void *data = va_arg(*reader->arguments, const void *);
    size_t length = va_arg(*reader->arguments, size_t);

    if (!data && length)
        return fail_at(reader, conversion->start, "the data for this %%b is NULL");
    *out = parity_json_bytes(data ? data : "", length);
    return *out ? 0 : fail_nomem(reader);
}

static int string_value(struct reader *reader, const struct conversion *conversion, json_t **out)
{
    const char *text;

    if (take_text(reader, conversion, &text) < 0)
        return -1;
    *out = json_string(text);
    if (!*out)
        return fail_at(reader, conversion->start,
                       "the text for this %%s is not UTF-8 (use %%b for bytes)");
    return 0;
}

/* A conversion that stands for a whole value. */
static int read_conversion_value(struct reader *reader, json_t **out)
{
    struct conversion conversion;
    json_t *value;

    if (read_conversion(reader, &conversion) < 0)
        return -1;
    switch (conversion.letter) {
    case 's':
        return string_value(reader, &conversion, out);
    case 'b':
        return bytes_value(reader, &conversion, out);
    case 'j':
    case 'J':
        value = va_arg(*reader->arguments, json_t *);
        if (!value)
            return fail_at(reader, conversion.start, "the value for this %%%c is NULL",
                           conversion.letter);
        if (conversion.letter == 'J')
            return json_text_value(reader, value, out);
        *out = parity_json_copy(value);
        return *out ? 0 : fail_nomem(reader);
    default:
        return number_value(reader, &conversion, out);
    }
}

/* --- strings -----------------------------------------------------------------------------------
 */

static void add_code_point(struct parity_buffer *out, uint32_t c)
{
    char text[4];

    parity_buffer_add(out, text, parity_utf8_encode(c, text));
}

/* The four digits of a \u escape at `at`; -1 if they are none. */
static int read_unit(const char *at)
{
    return parity_hex_number(at, at + strnlen(at, 4), 4);
}

static int read_unicode_escape(struct reader *reader, struct parity_buffer *out)
{
    const char *start = reader->at;
    int c = read_unit(start + 2), low = -1;

    if (c < 0)
        return fail_at(reader, start, "\\u needs four hexadecimal digits");
    reader->at = start + 6;
    if (c >= 0xd800 && c < 0xdc00 && reader->at[0] == '\\' && reader->at[1] == 'u')
        low = read_unit(reader->at + 2);
    if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        reader->at += 6;
    }
    add_code_point(out, (unsigned)c);
    return 0;
}

static int read_escape(struct reader *reader, struct parity_buffer *out)
{
    static const char letters[] = "\"'\\/bfnrt", meanings[] = "\"'\\/\b\f\n\r\t";
    const char *letter;

    if (reader->at[1] == 'u')
        return read_unicode_escape(reader, out);
    letter = reader->at[1] ? strchr(letters, reader->at[1]) : NULL;
    if (!letter)
        return fail_at(reader, reader->at, "unknown escape");
    parity_buffer_add_char(out, meanings[letter - letters]);
    reader->at += 2;
    return 0;
}

/* What a value is inside a text. */
static int insert_value(struct reader *reader, const struct conversion *conversion,
                        struct parity_buffer *out)
{
    const json_t *value = va_arg(*reader->arguments, json_t *);

    if (!value)
        return fail_at(reader, conversion->start, "the value for this %%j is NULL");
    if (!parity_json_add_plain(out, value))
        return fail_at(reader, conversion->start,
                       "only a text, number, truth value or time can stand inside quotes");
    return 0;
}

/* A conversion inside quotes: its text becomes part of the string. */
static int read_inserted(struct reader *reader, struct parity_buffer *out)
{
    struct conversion conversion;
    const char *text;

    if (reader->at[1] == '%') {
        parity_buffer_add_char(out, '%');
        reader->at += 2;
        return 0;
    }
    if (read_conversion(reader, &conversion) < 0)
        return -1;
    if (conversion.letter == 'j')
        return insert_value(reader, &conversion, out);
    if (strchr("Jb", conversion.letter))
        return fail_at(reader, conversion.start, "%%%c cannot stand inside quotes",
                       conversion.letter);
    if (conversion.letter != 's')
        return take_number(reader, &conversion, out);
    if (take_text(reader, &conversion, &text) < 0)
        return -1;
    parity_buffer_add_text(out, text);
    return 0;
}

/* The string at `at`, which is on its opening quote. */
static int read_quoted(struct reader *reader, struct parity_buffer *out)
{
    const char *start = reader->at;
    char quote = *reader->at++;

    while (*reader->at != quote) {
        int rc = 0;

        if (!*reader->at)
            return fail_at(reader, start, "this string has no end");
        if (*reader->at == '\\')
            rc = read_escape(reader, out);
        else if (*reader->at == '%')
            rc = read_inserted(reader, out);
        else
            parity_buffer_add_char(out, *reader->at++);
        if (rc < 0)
            return -1;
    }
    reader->at++;
    return out->failed ? fail_nomem(reader) : 0;
}

static int read_string(struct reader *reader, json_t **out)
{
    const char *start = reader->at;
    struct parity_buffer text = {0};
    int rc = -1;

    parity_buffer_add(&text, "", 0);
    if (read_quoted(reader, &text) < 0)
        goto out;
    *out = json_stringn(text.data, text.length);
    /* A lone surrogate, which is no UTF-8, is a value that snapshots may hold. */
    if (!*out && memchr(text.data, 0xed, text.length))
        *out = json_stringn_nocheck(text.data, text.length);
    if (!*out) {
        fail_at(reader, start, "this string is not UTF-8 (use %%b for bytes)");
        goto out;
    }
    rc = 0;
out:
    parity_buffer_clear(&text);
    return rc;
}

/* --- containers and words ----------------------------------------------------------------------
 */

static int read_name(struct reader *reader, json_t **out)
{
    struct conversion conversion;

    *out = NULL;
    if (*reader->at == '\'' || *reader->at == '"')
        return read_string(reader, out);
    if (reader->at[0] != '%')
        return fail_at(reader, reader->at, "expected a member name in quotes");
    if (read_conversion(reader, &conversion) < 0)
        return -1;
    if (conversion.letter != 's')
        return fail_at(reader, conversion.start, "a member name can only be %%s");
    return string_value(reader, &conversion, out);
}

static int read_member(struct reader *reader, json_t *object)
{
    const char *start = reader->at;
    json_t *name = NULL, *value = NULL;
    int rc = -1;

    if (read_name(reader, &name) < 0)
        goto out;
    if (json_object_getn(object, json_string_value(name), json_string_length(name))) {
        fail_at(reader, start, "this member is there already");
        goto out;
    }
    skip_space(reader);
    if (*reader->at != ':') {
        fail_at(reader, reader->at, "expected ':' after a member name");
        goto out;
    }
    reader->at++;
    if (read_value(reader, &value) < 0)
        goto out;
    rc = json_object_setn_nocheck(object, json_string_value(name), json_string_length(name), value);
    if (rc < 0)
        fail_nomem(reader);
out:
    json_decref(name);
    json_decref(value);
    return rc;
}

static int read_item(struct reader *reader, json_t *array)
{
    json_t *value;

    if (read_value(reader, &value) < 0)
        return -1;
    return json_array_append_new(array, value) < 0 ? fail_nomem(reader) : 0;
}

/* What stands between the brackets of `container`. */
static int read_items(struct reader *reader, json_t *container, char end)
{
    bool is_object = end == '}';

    reader->at++;
    skip_space(reader);
    if (*reader->at == end) {
        reader->at++;
        return 0;
    }
    for (;;) {
        skip_space(reader);
        if ((is_object ? read_member(reader, container) : read_item(reader, container)) < 0)
            return -1;
        skip_space(reader);
        if (*reader->at == end) {
            reader->at++;
            return 0;
        }
        if (*reader->at != ',')
            return fail_at(reader, reader->at, "expected ',' or '%c'", end);
        reader->at++;
    }
}

static int read_container(struct reader *reader, json_t **out)
{
    bool is_object = *reader->at == '{';
    int rc;

    if (++reader->depth > MAX_DEPTH)
        return fail_at(reader, reader->at, "nested too deeply");
    *out = is_object ? json_object() : json_array();
    if (!*out)
        return fail_nomem(reader);
    rc = read_items(reader, *out, is_object ? '}' : ']');
    reader->depth--;
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

/* true, false, null or a number. */
static int read_word(struct reader *reader, json_t **out)
{
    const char *start = reader->at;
    size_t length = strcspn(start, " \t\r\n,:]}'\"%");

    if (length == 0)
        return fail_at(reader, start, "expected a value");
    /* The JSON reader knows what a word or number may look like. */
    if (parity_json_parse(start, length, NULL, out, NULL) < 0 || json_is_string(*out))
        return fail_at(reader, start, "expected a value");
    reader->at += length;
    return 0;
}

static int read_value(struct reader *reader, json_t **out)
{
    *out = NULL;
    skip_space(reader);
    switch (*reader->at) {
    case '{':
    case '[':
        return read_container(reader, out);
    case '\'':
    case '"':
        return read_string(reader, out);
    case '%':
        return read_conversion_value(reader, out);
    default:
        return read_word(reader, out);
    }
}

int parity_template_read(const char *format, va_list *arguments, json_t **out,
                         struct parity_error *err)
{
    struct reader reader = {format, format, arguments, 0, err};

    if (read_value(&reader, out) < 0)
        return -1;
    skip_space(&reader);
    if (*reader.at) {
        fail_at(&reader, reader.at, "expected the end");
        json_decref(*out);
        *out = NULL;
        return -1;
    }
    return 0;
}
