/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/c_layout.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/*
 * An expression is a JSON text (words), or an array that begins with its kind:
 *
 *   ["call", name, argument…]   ["lines", line…]   ["template", node]
 *
 * A node of a template is a JSON text, or ["{", "}", name, node, name, node…].
 */
static const char call[] = "call", lines[] = "lines", template[] = "template";

static json_t *begin(const char *kind)
{
    json_t *array = json_array();

    return parity_c_add(array, json_string(kind));
}

json_t *parity_c_words(const char *words)
{
    return json_string_nocheck(words);
}

json_t *parity_c_format(const char *format, ...)
{
    va_list arguments;
    char text[256];
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return length >= 0 && (size_t)length < sizeof text ? json_string_nocheck(text) : NULL;
}

json_t *parity_c_call(const char *name)
{
    return parity_c_add(begin(call), json_string(name));
}

json_t *parity_c_add(json_t *expression, json_t *part)
{
    if (expression && part && json_array_append(expression, part) == 0) {
        json_decref(part);
        return expression;
    }
    json_decref(expression);
    json_decref(part);
    return NULL;
}

json_t *parity_c_lines(void)
{
    return begin(lines);
}

json_t *parity_c_template(json_t *node)
{
    return parity_c_add(begin(template), node);
}

json_t *parity_c_container(bool is_array)
{
    return parity_c_add(begin(is_array ? "[" : "{"), json_string(is_array ? "]" : "}"));
}

bool parity_c_is_call(const json_t *expression, const char *name)
{
    return json_is_array(expression) &&
           strcmp(json_string_value(json_array_get(expression, 0)), call) == 0 &&
           strcmp(json_string_value(json_array_get(expression, 1)), name) == 0;
}

static const char *text_at(const json_t *array, size_t index)
{
    return json_string_value(json_array_get(array, index));
}

static bool is(const json_t *expression, const char *kind)
{
    return json_is_array(expression) && strcmp(text_at(expression, 0), kind) == 0;
}

/* --- on one line -------------------------------------------------------------------------------
 */

static void write_flat_node(struct parity_buffer *out, const json_t *node)
{
    if (json_is_string(node)) {
        parity_buffer_add(out, json_string_value(node), json_string_length(node));
        return;
    }
    parity_buffer_add_text(out, text_at(node, 0));
    for (size_t i = 2; i + 1 < json_array_size(node); i += 2) {
        if (i > 2)
            parity_buffer_add_text(out, ", ");
        parity_buffer_add_text(out, text_at(node, i));
        write_flat_node(out, json_array_get(node, i + 1));
    }
    parity_buffer_add_text(out, text_at(node, 1));
}

static void write_flat(struct parity_buffer *out, const json_t *expression)
{
    if (json_is_string(expression)) {
        parity_buffer_add_text(out, json_string_value(expression));
    } else if (is(expression, call)) {
        parity_buffer_printf(out, "%s(", text_at(expression, 1));
        for (size_t i = 2; i < json_array_size(expression); i++) {
            if (i > 2)
                parity_buffer_add_text(out, ", ");
            write_flat(out, json_array_get(expression, i));
        }
        parity_buffer_add_char(out, ')');
    } else if (is(expression, template)) {
        parity_buffer_add_char(out, '"');
        write_flat_node(out, json_array_get(expression, 1));
        parity_buffer_add_char(out, '"');
    } else {
        parity_buffer_printf(out, "\"%s\"", text_at(expression, 1));
    }
}

static bool has_fixed_lines(const json_t *expression)
{
    if (is(expression, lines))
        return json_array_size(expression) > 2;
    for (size_t i = 2; is(expression, call) && i < json_array_size(expression); i++)
        if (has_fixed_lines(json_array_get(expression, i)))
            return true;
    return false;
}

size_t parity_c_width(const json_t *expression)
{
    struct parity_buffer flat = {0};
    size_t width;

    if (has_fixed_lines(expression))
        return SIZE_MAX;
    write_flat(&flat, expression);
    width = flat.length;
    parity_buffer_clear(&flat);
    return width;
}

json_t *parity_c_joined(const char *words, json_t *expression)
{
    struct parity_buffer text = {0};
    json_t *joined = NULL;

    if (expression) {
        parity_buffer_add_text(&text, words);
        write_flat(&text, expression);
        joined = text.failed ? NULL : parity_c_words(text.data);
    }
    parity_buffer_clear(&text);
    json_decref(expression);
    return joined;
}

static size_t node_width(const json_t *node)
{
    size_t width = 0;

    if (json_is_string(node))
        return json_string_length(node);
    for (size_t i = 2; i + 1 < json_array_size(node); i += 2)
        width +=
            (i > 2 ? 2 : 0) + strlen(text_at(node, i)) + node_width(json_array_get(node, i + 1));
    return width + 2;
}

size_t parity_c_longest_literal(const json_t *expression)
{
    size_t longest = 0, length;

    if (is(expression, template))
        return node_width(json_array_get(expression, 1));
    for (size_t i = 1; is(expression, lines) && i < json_array_size(expression); i++)
        longest += strlen(text_at(expression, i));
    for (size_t i = 2; is(expression, call) && i < json_array_size(expression); i++) {
        length = parity_c_longest_literal(json_array_get(expression, i));
        if (length > longest)
            longest = length;
    }
    return longest;
}

/* --- literals ----------------------------------------------------------------------------------
 */

/* A literal that is written line by line. */
struct literal {
    struct parity_buffer *out;
    size_t column; /* of its quotes */
    size_t width;  /* of what may stand between them */
    size_t used;   /* of this line */
    size_t indent; /* of this line */
};

static void add(struct literal *literal, const char *text, size_t length)
{
    parity_buffer_add(literal->out, text, length);
    literal->used += length;
}

static void break_literal(struct literal *literal, size_t indent)
{
    parity_buffer_printf(literal->out, "\"\n%*s\"%*s", (int)literal->column, "", (int)indent, "");
    literal->used = literal->indent = indent;
}

/* Length of the character or escape at the beginning of a text in C's escapes. */
static size_t unit_length(const char *text)
{
    size_t length = 1;

    if (text[0] == '\\' && text[1] >= '0' && text[1] <= '7')
        return 4; /* three octal digits */
    if (text[0] == '%' && text[1])
        return 2;
    if (text[0] == '\\' && text[1] == '\\' && text[2]) /* an escape of the template */
        return text[2] == '\\' ? 4 : text[2] == 'u' ? 7 : 3;
    if (text[0] == '\\')
        return 2;
    while (((unsigned char)text[length] & 0xC0) == 0x80)
        length++; /* the rest of a character of UTF-8 */
    return length;
}

/* How well a text can be broken behind what stands there. */
static int break_quality(const char *text, size_t at)
{
    if (text[at - 1] == ' ' || text[at - 1] == '/' || (at > 1 && !memcmp(text + at - 2, "::", 2)))
        return 2;
    return text[at - 1] == '_' || text[at - 1] == '-' || text[at - 1] == '.' ? 1 : 0;
}

/* How much of a text goes on a line with `room`: up to the best place to break, if there is one. */
static size_t piece_length(const char *text, size_t room)
{
    size_t at = 0, best = 0;
    int quality = 0;

    while (text[at]) {
        size_t unit = unit_length(text + at);

        if (at + unit > room)
            return best ? best : at ? at : unit;
        at += unit;
        if (break_quality(text, at) > 0 && break_quality(text, at) >= quality) {
            quality = break_quality(text, at);
            best = at;
        }
    }
    return at;
}

static void add_long(struct literal *literal, const char *text, size_t tail)
{
    while (literal->used + strlen(text) + tail > literal->width) {
        size_t room = literal->width > literal->used ? literal->width - literal->used : 0;
        bool is_last = strlen(text) <= room && room > tail; /* but for what follows it */
        size_t length = piece_length(text, is_last     ? room - tail
                                           : room > 20 ? room
                                                       : literal->width);

        if (room <= 20 && literal->used > literal->indent) {
            break_literal(literal, 0);
            continue;
        }
        add(literal, text, length);
        text += length;
        if (!*text)
            return;
        break_literal(literal, 0);
    }
    add(literal, text, strlen(text));
}

/* The width that the widest thing in a node needs that should not be broken. */
static size_t widest(const json_t *node)
{
    size_t width = 0;

    if (json_is_string(node))
        return json_string_length(node);
    for (size_t i = 2; i + 1 < json_array_size(node); i += 2) {
        size_t name = strlen(text_at(node, i)), value = widest(json_array_get(node, i + 1));

        if (name + value > width)
            width = name + value;
    }
    return width + 1;
}

static void add_node(struct literal *literal, const json_t *node, size_t tail);

/* The members of a container, as many as fit on each line; one that takes several lines has them
 * for itself. */
static void add_members(struct literal *literal, const json_t *node, size_t indent, size_t tail)
{
    size_t size = json_array_size(node);
    bool was_broken = false;

    for (size_t i = 2; i + 1 < size; i += 2) {
        const json_t *value = json_array_get(node, i + 1);
        const char *name = text_at(node, i);
        size_t width = strlen(name) + node_width(value), after = i + 3 < size ? 1 : tail + 1;

        if (i > 2 && !was_broken && literal->used + 1 + width + after <= literal->width)
            add(literal, " ", 1);
        else if (i > 2)
            break_literal(literal, indent);
        was_broken = literal->used + width + after > literal->width;
        add(literal, name, strlen(name));
        add_node(literal, value, after);
        if (i + 3 < size)
            add(literal, ",", 1);
    }
}

static void add_node(struct literal *literal, const json_t *node, size_t tail)
{
    size_t indent = literal->used + 1;

    if (literal->used + node_width(node) + tail <= literal->width) {
        literal->used += node_width(node);
        write_flat_node(literal->out, node);
        return;
    }
    if (json_is_string(node)) {
        add_long(literal, json_string_value(node), tail);
        return;
    }
    add(literal, text_at(node, 0), 1);
    if (literal->used > literal->indent + 1 && literal->used + widest(node) + 2 > literal->width) {
        indent = literal->indent + 2;
        break_literal(literal, indent);
    }
    add_members(literal, node, indent, tail);
    add(literal, text_at(node, 1), 1);
}

static size_t literal_width(size_t column)
{
    return column + 32 < PARITY_C_COLUMNS ? PARITY_C_COLUMNS - column - 2 : 30;
}

static void write_template(struct parity_buffer *out, const json_t *expression, size_t column,
                           size_t tail)
{
    struct literal literal = {.out = out, .column = column, .width = literal_width(column)};

    parity_buffer_add_char(out, '"');
    add_node(&literal, json_array_get(expression, 1), tail);
    parity_buffer_add_char(out, '"');
}

void parity_c_write_text(struct parity_buffer *out, const char *text, size_t column, size_t tail)
{
    struct literal literal = {.out = out, .column = column, .width = literal_width(column)};

    parity_buffer_add_char(out, '"');
    add_long(&literal, text, tail);
    parity_buffer_add_char(out, '"');
}

static void write_lines(struct parity_buffer *out, const json_t *expression, size_t column,
                        size_t tail)
{
    size_t count = json_array_size(expression);

    for (size_t i = 1; i < count; i++) {
        if (i > 1)
            parity_buffer_printf(out, "\n%*s", (int)column, "");
        parity_c_write_text(out, text_at(expression, i), column, i + 1 < count ? 0 : tail);
    }
}

static bool fits(const json_t *expression, size_t column, size_t tail)
{
    size_t width = parity_c_width(expression);

    return width <= PARITY_C_COLUMNS && column + width + tail <= PARITY_C_COLUMNS;
}

/* --- calls -------------------------------------------------------------------------------------
 */

/* Where a text of several lines ends, counted from the beginning of its last line. */
static size_t last_column(const struct parity_buffer *out)
{
    const char *newline = out->length ? memrchr(out->data, '\n', out->length) : NULL;

    return newline ? out->length - (size_t)(newline - out->data) - 1 : out->length;
}

/* The arguments of a call, each line of them beginning at `inner`.
 * @return whether one that is a call takes several lines */
static bool write_arguments(struct parity_buffer *out, const json_t *expression, size_t inner,
                            size_t tail)
{
    size_t at = inner, count = json_array_size(expression);
    bool was_broken = false, broke_call = false;

    for (size_t i = 2; i < count; i++) {
        const json_t *argument = json_array_get(expression, i);
        size_t after = i + 1 < count ? 1 : tail + 1;
        bool ends_in_lines = i == 3 && i + 1 == count && !is(argument, call); /* json(t, "…") */

        if (i > 2 && (ends_in_lines || fits(argument, at + 1, after)) && !was_broken) {
            parity_buffer_add_char(out, ' ');
            at++;
        } else if (i > 2) {
            parity_buffer_printf(out, "\n%*s", (int)inner, "");
            at = inner;
        }
        was_broken = !fits(argument, at, after);
        broke_call |= was_broken && is(argument, call);
        parity_c_write(out, argument, at, after);
        if (i + 1 < count)
            parity_buffer_add_char(out, ',');
        at = last_column(out);
    }
    parity_buffer_add_char(out, ')');
    return broke_call;
}

static bool write_call(struct parity_buffer *out, const json_t *expression, size_t column,
                       size_t tail)
{
    const char *name = text_at(expression, 1);

    parity_buffer_printf(out, "%s(", name);
    return write_arguments(out, expression, column + strlen(name) + 1, tail);
}

void parity_c_write(struct parity_buffer *out, const json_t *expression, size_t column, size_t tail)
{
    if (json_is_string(expression) || fits(expression, column, tail))
        write_flat(out, expression);
    else if (is(expression, call))
        write_call(out, expression, column, tail);
    else if (is(expression, template))
        write_template(out, expression, column, tail);
    else
        write_lines(out, expression, column, tail);
}

/* --- statements --------------------------------------------------------------------------------
 */

/* One way to lay a statement out. */
struct way {
    struct parity_buffer text;
    bool broke_call, is_hanging;
};

/* clang-format weighs breaks against each other; this comes to the same for what is written here.
 */
static size_t cost(const struct way *way)
{
    size_t lines_used = 1;

    for (size_t i = 0; i < way->text.length; i++)
        lines_used += way->text.data[i] == '\n';
    return 4 * lines_used + (way->broke_call ? 3 : 0) + (way->is_hanging ? 1 : 0);
}

/* All that follows `left` at the next indentation. */
static void write_broken(struct way *way, const json_t *expression, size_t indent)
{
    parity_buffer_printf(&way->text, "\n%*s", (int)indent, "");
    if (is(expression, call) && !fits(expression, indent, 1))
        way->broke_call = write_call(&way->text, expression, indent, 1);
    else
        parity_c_write(&way->text, expression, indent, 1);
}

static void write_straight(struct way *way, const json_t *expression)
{
    size_t column = way->text.length;

    if (is(expression, call) && !fits(expression, column, 1))
        way->broke_call = write_call(&way->text, expression, column, 1);
    else
        parity_c_write(&way->text, expression, column, 1);
}

/* "call(", and the arguments at the next indentation. */
static void write_hanging(struct way *way, const json_t *expression, size_t indent)
{
    way->is_hanging = true;
    parity_buffer_printf(&way->text, "%s(\n%*s", text_at(expression, 1), (int)indent, "");
    way->broke_call = write_arguments(&way->text, expression, indent, 1);
}

void parity_c_write_statement(struct parity_buffer *out, size_t indent, const char *left,
                              const json_t *expression)
{
    struct way ways[3] = {{{0}, false, false}, {{0}, false, false}, {{0}, false, false}};
    size_t count = sizeof ways / sizeof *ways, best = 1;

    for (size_t i = 0; i < count; i++)
        parity_buffer_printf(&ways[i].text, "%*s%s%s", (int)indent, "", left ? left : "",
                             !left    ? ""
                             : i == 0 ? " ="
                                      : " = ");
    if (left)
        write_broken(&ways[0], expression, indent + 4);
    write_straight(&ways[1], expression);
    if (is(expression, call))
        write_hanging(&ways[2], expression, indent + 4);
    for (size_t i = 0; i < count; i++) {
        if ((i == 0 && !left) || (i == 2 && !is(expression, call)))
            continue;
        if (cost(&ways[i]) < cost(&ways[best]) || (i == 0 && cost(&ways[0]) == cost(&ways[best])))
            best = i;
    }
    parity_buffer_add(out, ways[best].text.data, ways[best].text.length);
    parity_buffer_add_text(out, ";\n");
    for (size_t i = 0; i < count; i++) {
        out->failed |= ways[i].text.failed;
        parity_buffer_clear(&ways[i].text);
    }
}
