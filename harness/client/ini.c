/* SPDX-License-Identifier: Apache-2.0 */
#include "client/ini.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

/* A piece of the file. */
struct span {
    const char *start, *end;
};

struct parser {
    const char *file; /* name for messages */
    struct parity_error *err;
    struct parity_ini *out;
    struct parity_ini_section defaults; /* [DEFAULT] */
    struct parity_ini_section *section; /* the current one; NULL before the first */
    bool has_option;                    /* lines may continue the section's last option */
    struct parity_buffer value;         /* of that option, while it grows */
    size_t indent;                      /* of the last section or option line */
    int line;
};

static void free_section(struct parity_ini_section *section)
{
    for (size_t i = 0; i < section->count; i++) {
        struct parity_ini_option *option = &section->options[i];

        if (option->value)
            explicit_bzero(option->value, strlen(option->value));
        parity_free(option->value);
        parity_free(option->name);
    }
    parity_free(section->options);
    parity_free(section->name);
}

void parity_ini_clear(struct parity_ini *ini)
{
    for (size_t i = 0; i < ini->count; i++)
        free_section(&ini->sections[i]);
    parity_free(ini->sections);
    memset(ini, 0, sizeof *ini);
}

__attribute__((format(printf, 3, 4))) static int fail(struct parser *parser, size_t column,
                                                      const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail_at(parser->err, PARITY_E_PARSE, parser->file, parser->line, (int)column + 1, "%s",
                   message);
    return -1;
}

static int fail_nomem(struct parser *parser)
{
    parity_fail_nomem(parser->err);
    return -1;
}

/* Bytes of the white space at `text`, as Python's str.strip() sees it; 0 if there is none. */
static size_t white_length(const char *text, const char *end)
{
    const unsigned char *c = (const unsigned char *)text;

    if (text == end)
        return 0;
    if (*c == ' ' || (*c >= 9 && *c <= 13) || (*c >= 0x1c && *c <= 0x1f))
        return 1;
    if (end - text >= 2 && c[0] == 0xc2 && (c[1] == 0x85 || c[1] == 0xa0))
        return 2;
    if (end - text < 3)
        return 0;
    if (c[0] == 0xe2 && c[1] == 0x80 &&
        ((c[2] >= 0x80 && c[2] <= 0x8a) || c[2] == 0xa8 || c[2] == 0xa9 || c[2] == 0xaf))
        return 3;
    if (memcmp(c, "\xe1\x9a\x80", 3) == 0 || memcmp(c, "\xe2\x81\x9f", 3) == 0 ||
        memcmp(c, "\xe3\x80\x80", 3) == 0)
        return 3;
    return 0;
}

static struct span strip_end(const char *start, const char *end)
{
    const char *last = start;

    for (const char *at = start; at < end;) {
        size_t size = white_length(at, end);

        at += size ? size : 1;
        if (!size)
            last = at;
    }
    return (struct span){start, last};
}

static struct span strip(const char *start, const char *end)
{
    size_t size;

    while ((size = white_length(start, end)) > 0)
        start += size;
    return strip_end(start, end);
}

static char *copy_span(struct span span)
{
    return parity_strndup(span.start, (size_t)(span.end - span.start));
}

/* Gives the option that was being read its value. */
static int finish_option(struct parser *parser)
{
    struct parity_ini_option *option;
    struct span value;

    if (!parser->has_option)
        return 0;
    parser->has_option = false;
    option = &parser->section->options[parser->section->count - 1];
    parity_buffer_add(&parser->value, "", 0);
    if (parser->value.failed)
        return fail_nomem(parser);
    /* Only the end is stripped: a value that begins with a line break is a nested block. */
    value = strip_end(parser->value.data, parser->value.data + parser->value.length);
    option->value = copy_span(value);
    explicit_bzero(parser->value.data, parser->value.length);
    parity_buffer_reset(&parser->value);
    return option->value ? 0 : fail_nomem(parser);
}

static int begin_section(struct parser *parser, struct span name, size_t column)
{
    struct parity_ini *out = parser->out;
    struct parity_ini_section *section;
    char *copy = copy_span(name);

    if (!copy)
        return fail_nomem(parser);
    if (strcmp(copy, "DEFAULT") == 0) {
        parity_free(copy);
        parser->section = &parser->defaults;
        return 0;
    }
    if (parity_ini_section(out, copy)) {
        fail(parser, column, "section [%s] stands here for the second time", copy);
        parity_free(copy);
        return -1;
    }
    if (parity_grow(&out->sections, &out->capacity, out->count + 1, sizeof *section) < 0) {
        parity_free(copy);
        return fail_nomem(parser);
    }
    section = &out->sections[out->count++];
    *section = (struct parity_ini_section){.name = copy};
    parser->section = section;
    return 0;
}

static struct parity_ini_option *add_option(struct parity_ini_section *section, char *name,
                                            int line)
{
    struct parity_ini_option *option;

    if (parity_grow(&section->options, &section->capacity, section->count + 1, sizeof *option) < 0)
        return NULL;
    option = &section->options[section->count++];
    *option = (struct parity_ini_option){.name = name, .line = line};
    return option;
}

static bool has_named(const struct parity_ini_section *section, const char *option)
{
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->options[i].name, option) == 0)
            return true;
    return false;
}

/* Where a delimiter is missing, half a secret may have become the name. */
static const char *printable_name(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";

    return name[strspn(name, plain)] ? "this option" : name;
}

static int begin_option(struct parser *parser, struct span text, size_t column)
{
    size_t length = (size_t)(text.end - text.start), at = 0;
    struct span value;
    char *name;

    while (at < length && text.start[at] != '=' && text.start[at] != ':')
        at++;
    if (at == length)
        return fail(parser, column, "expected 'name = value'");
    if (at == 0)
        return fail(parser, column, "expected a name before '%c'", text.start[0]);
    name = copy_span(strip(text.start, text.start + at));
    if (!name)
        return fail_nomem(parser);
    for (char *c = name; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    if (has_named(parser->section, name)) {
        fail(parser, column, "'%s' stands in this section for the second time",
             printable_name(name));
        parity_free(name);
        return -1;
    }
    if (!add_option(parser->section, name, parser->line)) {
        parity_free(name);
        return fail_nomem(parser);
    }
    value = strip(text.start + at + 1, text.end);
    parity_buffer_add(&parser->value, value.start, (size_t)(value.end - value.start));
    parser->has_option = true;
    return 0;
}

/* The name in "[name] whatever": up to the last bracket, as configparser's pattern is greedy. */
static bool find_section_name(struct span text, struct span *name)
{
    const char *close = memrchr(text.start, ']', (size_t)(text.end - text.start));

    *name = (struct span){text.start + 1, close};
    return *text.start == '[' && close && close > text.start + 1;
}

static int read_line(struct parser *parser, struct span line)
{
    struct span text = strip(line.start, line.end), name;
    size_t indent = (size_t)(text.start - line.start);

    if (text.start == text.end) {
        if (parser->has_option)
            parity_buffer_add_char(&parser->value, '\n');
        return 0;
    }
    if (*text.start == '#' || *text.start == ';')
        return 0;
    if (parser->has_option && indent > parser->indent) {
        parity_buffer_add_char(&parser->value, '\n');
        parity_buffer_add(&parser->value, text.start, (size_t)(text.end - text.start));
        return 0;
    }
    parser->indent = indent;
    if (finish_option(parser) < 0)
        return -1;
    if (find_section_name(text, &name))
        return begin_section(parser, name, indent);
    if (!parser->section)
        return fail(parser, indent, "expected a section such as [default] before anything else");
    return begin_option(parser, text, indent);
}

/* Every line, whatever it ends with: LF, CR LF or CR. */
static int read_lines(struct parser *parser, const char *text, const char *end)
{
    while (text < end) {
        struct span line = {text, text};

        while (line.end < end && *line.end != '\n' && *line.end != '\r')
            line.end++;
        parser->line++;
        /* C strings and UTF-8 are what everything later relies on. */
        if (!parity_utf8_is_valid(text, (size_t)(line.end - text)))
            return fail(parser, 0, "this line is not UTF-8");
        if (memchr(text, '\0', (size_t)(line.end - text)))
            return fail(parser, 0, "a NUL byte in this line");
        if (read_line(parser, line) < 0)
            return -1;
        text = line.end + 1;
        if (line.end + 1 < end && line.end[0] == '\r' && line.end[1] == '\n')
            text++;
    }
    return finish_option(parser);
}

static int add_defaults(struct parser *parser)
{
    for (size_t i = 0; i < parser->out->count; i++) {
        struct parity_ini_section *section = &parser->out->sections[i];

        for (size_t j = 0; j < parser->defaults.count; j++) {
            const struct parity_ini_option *given = &parser->defaults.options[j];
            struct parity_ini_option *option;
            char *name;

            if (has_named(section, given->name))
                continue;
            name = parity_strdup(given->name);
            option = name ? add_option(section, name, given->line) : NULL;
            if (!option) {
                parity_free(name);
                return fail_nomem(parser);
            }
            option->value = parity_strdup(given->value);
            if (!option->value)
                return fail_nomem(parser);
        }
    }
    return 0;
}

/* The next line of a nested block that is not empty, stripped; false at the end. */
static bool next_nested(const char **block, struct span *line)
{
    while (**block) {
        const char *end = *block + strcspn(*block, "\n");

        *line = strip(*block, end);
        *block = *end ? end + 1 : end;
        if (line->start < line->end)
            return true;
    }
    return false;
}

static int check_nested(struct parser *parser)
{
    for (size_t i = 0; i < parser->out->count; i++)
        for (size_t j = 0; j < parser->out->sections[i].count; j++) {
            const struct parity_ini_option *option = &parser->out->sections[i].options[j];
            const char *block = option->value;
            struct span line;

            while (option->value[0] == '\n' && next_nested(&block, &line))
                if (!memchr(line.start, '=', (size_t)(line.end - line.start))) {
                    parser->line = option->line;
                    return fail(parser, 0, "a line nested below '%s' is not 'name = value'",
                                printable_name(option->name));
                }
        }
    return 0;
}

int parity_ini_parse(const char *text, size_t length, const char *name, struct parity_ini *out,
                     struct parity_error *err)
{
    struct parser parser = {.file = name, .err = err, .out = out, .line = 1};
    int rc = -1;

    memset(out, 0, sizeof *out);
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return fail(&parser, 0, "the file begins with a byte order mark; save it without one");
    parser.line = 0;
    if (read_lines(&parser, text, text + length) == 0 && add_defaults(&parser) == 0)
        rc = check_nested(&parser);
    free_section(&parser.defaults);
    if (parser.value.data)
        explicit_bzero(parser.value.data, parser.value.length);
    parity_buffer_clear(&parser.value);
    return rc;
}

const struct parity_ini_section *parity_ini_section(const struct parity_ini *ini, const char *name)
{
    for (size_t i = 0; i < ini->count; i++)
        if (strcmp(ini->sections[i].name, name) == 0)
            return &ini->sections[i];
    return NULL;
}

const char *parity_ini_value(const struct parity_ini_section *section, const char *option)
{
    for (size_t i = 0; section && i < section->count; i++)
        if (strcmp(section->options[i].name, option) == 0)
            return section->options[i].value;
    return NULL;
}

int parity_ini_nested(const char *block, const char *name, char **out)
{
    struct span line, found = {NULL, NULL};

    *out = NULL;
    if (*block != '\n')
        return 0;
    while (next_nested(&block, &line)) {
        const char *equals = memchr(line.start, '=', (size_t)(line.end - line.start));
        struct span key = strip(line.start, equals ? equals : line.end);

        if (equals && (size_t)(key.end - key.start) == strlen(name) &&
            memcmp(key.start, name, strlen(name)) == 0)
            found = strip(equals + 1, line.end);
    }
    if (!found.start)
        return 0;
    *out = copy_span(found);
    return *out ? 0 : -1;
}
