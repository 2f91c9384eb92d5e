/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <stdint.h>
#include <string.h>

#include "base/json_plain.h"
#include "base/memory.h"
#include "base/utf8.h"

/* A container that is being written. */
struct level {
    const json_t *container;
    void *member; /* of an object: the next one */
    size_t next;  /* of both: how many are written */
};

struct separator {
    const char *text;
    size_t length;
};

struct writer {
    struct parity_buffer *out;
    struct separator between_items, behind_name;
    bool indent, ascii;
    struct level *levels;
    size_t depth, capacity;
};

static void add_escape(struct parity_buffer *out, unsigned unit)
{
    static const char hex[] = "0123456789abcdef";
    char text[6] = {'\\', 'u'};

    for (int i = 0; i < 4; i++)
        text[2 + i] = hex[unit >> (12 - 4 * i) & 0xF];
    parity_buffer_add(out, text, sizeof text);
}

/* A character that cannot stand for itself. */
static void add_escaped(struct parity_buffer *out, unsigned code)
{
    static const char special[] = "\"\\\n\r\t\f\b", letters[] = "\"\\nrtfb";
    const char *found = code && code < 0x80 ? strchr(special, (int)code) : NULL;

    if (found) {
        char text[2] = {'\\', letters[found - special]};

        parity_buffer_add(out, text, sizeof text);
    } else if (code >= 0x10000) {
        add_escape(out, 0xD800 + ((code - 0x10000) >> 10));
        add_escape(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
        add_escape(out, code);
    }
}

static bool stands_for_itself(unsigned char byte, bool ascii)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && (byte < 0x7F || (byte == 0x7F && !ascii));
}

/* The part of a string that begins with what may not stand for itself. */
static void write_rest(struct parity_buffer *out, const char *text, size_t length, bool ascii)
{
    size_t run = 0; /* where the bytes begin that are copied as they are */
    size_t at = 0;

    while (at < length) {
        unsigned code;
        size_t size;

        if (stands_for_itself((unsigned char)text[at], ascii)) {
            at++;
            continue;
        }
        size = parity_utf8_decode(text + at, length - at, &code);
        if (!ascii && size > 1 && !parity_utf8_is_surrogate(code)) {
            at += size;
            continue;
        }
        parity_buffer_add(out, text + run, at - run);
        add_escaped(out, size ? code : 0xFFFD);
        at += size ? size : 1;
        run = at;
    }
    parity_buffer_add(out, text + run, at - run);
}

static void write_string(struct parity_buffer *out, const char *text, size_t length, bool ascii)
{
    size_t plain = parity_json_plain_length(text, length);
    char *at;

    if (parity_buffer_reserve(out, length + 2) < 0)
        return;
    at = out->data + out->length;
    *at = '"';
    if (plain)
        memcpy(at + 1, text, plain);
    out->length += plain + 1;
    if (plain < length)
        write_rest(out, text + plain, length - plain, ascii);
    parity_buffer_add_char(out, '"');
}

static void write_scalar(struct writer *writer, const json_t *value, enum parity_json_kind kind)
{
    switch (kind) {
    case PARITY_JSON_NULL:
        parity_buffer_add_text(writer->out, "null");
        break;
    case PARITY_JSON_BOOLEAN:
        parity_buffer_add_text(writer->out, json_is_true(value) ? "true" : "false");
        break;
    case PARITY_JSON_INTEGER:
    case PARITY_JSON_REAL:
        parity_json_number_text(writer->out, value);
        break;
    default:
        write_string(writer->out, json_string_value(value), json_string_length(value),
                     writer->ascii);
        break;
    }
}

static void break_line(struct writer *writer)
{
    static const char blanks[] = "                                ";
    size_t left = 2 * writer->depth;

    if (!writer->indent)
        return;
    parity_buffer_add_char(writer->out, '\n');
    while (left > 0) {
        size_t count = left < sizeof blanks - 1 ? left : sizeof blanks - 1;

        parity_buffer_add(writer->out, blanks, count);
        left -= count;
    }
}

static void open_container(struct writer *writer, const json_t *container)
{
    bool is_array = json_is_array(container);

    if ((is_array ? json_array_size(container) : json_object_size(container)) == 0) {
        parity_buffer_add_text(writer->out, is_array ? "[]" : "{}");
        return;
    }
    if (parity_grow(&writer->levels, &writer->capacity, writer->depth + 1, sizeof *writer->levels) <
        0) {
        writer->out->failed = true;
        return;
    }
    parity_buffer_add_char(writer->out, is_array ? '[' : '{');
    writer->levels[writer->depth++] = (struct level){container, NULL, 0};
}

static void write_value(struct writer *writer, const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    /* typed dates and bytes are written as the objects they are */
    if (kind == PARITY_JSON_ARRAY ||
        (json_is_object(value) && kind != PARITY_JSON_INTEGER && kind != PARITY_JSON_REAL))
        open_container(writer, value);
    else
        write_scalar(writer, value, kind);
}

/* The value that comes next in the innermost container, its name being written; NULL at the end. */
static const json_t *next_value(struct writer *writer)
{
    struct level *level = &writer->levels[writer->depth - 1];
    json_t *container = (json_t *)(uintptr_t)level->container; /* iterating changes nothing */

    if (json_is_array(container) && level->next == json_array_size(container))
        return NULL;
    if (json_is_object(container)) {
        level->member = level->next ? json_object_iter_next(container, level->member)
                                    : json_object_iter(container);
        if (!level->member)
            return NULL;
    }
    if (level->next++ > 0)
        parity_buffer_add(writer->out, writer->between_items.text, writer->between_items.length);
    break_line(writer);
    if (json_is_array(container))
        return json_array_get(container, level->next - 1);
    write_string(writer->out, json_object_iter_key(level->member),
                 json_object_iter_key_len(level->member), writer->ascii);
    parity_buffer_add(writer->out, writer->behind_name.text, writer->behind_name.length);
    return json_object_iter_value(level->member);
}

/* What becomes of the text while it is written. */
struct sink {
    int (*take)(void *data, const char *text, size_t length); /* NULL: it stays in the buffer */
    void *data;
};

enum { PIECE = 64 * 1024 }; /* bytes that are worth a call */

static int hand_over(const struct sink *sink, struct parity_buffer *out, size_t least)
{
    int rc = 0;

    if (!sink->take || out->length < least)
        return out->failed ? -1 : 0;
    if (!out->failed)
        rc = sink->take(sink->data, out->data, out->length);
    out->length = 0;
    return out->failed ? -1 : rc;
}

static int write_document(struct parity_buffer *out, const json_t *value,
                          enum parity_json_style style, const struct sink *sink)
{
    bool compact = style == PARITY_JSON_COMPACT || style == PARITY_JSON_UTF8;
    struct writer writer = {.out = out,
                            .between_items = {", ", style == PARITY_JSON_LINE ? 2 : 1},
                            .behind_name = {": ", compact ? 1 : 2},
                            .indent = style == PARITY_JSON_PRETTY,
                            .ascii = style != PARITY_JSON_UTF8};
    int rc = 0;

    write_value(&writer, value);
    while (writer.depth > 0 && rc == 0) {
        bool is_array = json_is_array(writer.levels[writer.depth - 1].container);
        const json_t *next = next_value(&writer);

        if (next) {
            write_value(&writer, next);
        } else {
            writer.depth--;
            break_line(&writer);
            parity_buffer_add_char(out, is_array ? ']' : '}');
        }
        rc = hand_over(sink, out, PIECE);
    }
    parity_free(writer.levels);
    return rc;
}

void parity_json_write(struct parity_buffer *out, const json_t *value, enum parity_json_style style)
{
    write_document(out, value, style, &(const struct sink){NULL, NULL});
}

int parity_json_write_pieces(const json_t *value, enum parity_json_style style,
                             int (*take)(void *data, const char *text, size_t length), void *data)
{
    const struct sink sink = {take, data};
    struct parity_buffer out = {0};
    int rc = write_document(&out, value, style, &sink);

    if (rc == 0)
        rc = hand_over(&sink, &out, 1);
    parity_buffer_clear(&out);
    return rc;
}

void parity_json_write_string(struct parity_buffer *out, const char *text, size_t length)
{
    write_string(out, text, length, true);
}
