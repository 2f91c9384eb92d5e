/* SPDX-License-Identifier: Apache-2.0 */
#include "difference_text.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"

enum {
    DEFAULT_WIDTH = 100,
    LEAST_ROOM = 20, /* for a value, however narrow the line */
    CONTEXT = 16     /* characters shown in front of the part that differs */
};

#define CUT "..."
enum { CUT_LENGTH = sizeof CUT - 1 };

static const char yellow[] = "\x1b[33m", green[] = "\x1b[32m", red[] = "\x1b[31m",
                  bold[] = "\x1b[1m", plain[] = "\x1b[0m";

struct printer {
    struct parity_buffer *out;
    const char *indent;
    size_t width;
    bool colour;
};

static void colour(const struct printer *p, const char *escape)
{
    if (p->colour)
        parity_buffer_add_text(p->out, escape);
}

static bool is_plain_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
            return false;
    return length > 0;
}

static void add_step(struct parity_buffer *out, const json_t *step)
{
    const char *name = json_string_value(step);
    size_t length = json_string_length(step);

    if (!name)
        parity_buffer_printf(out, "[%" JSON_INTEGER_FORMAT "]", json_integer_value(step));
    else if (is_plain_name(name, length))
        parity_buffer_printf(out, ".%s", name);
    else {
        parity_buffer_add_char(out, '[');
        parity_json_write_string(out, name, length);
        parity_buffer_add_char(out, ']');
    }
}

static void add_path(struct parity_buffer *out, const json_t *path, const json_t *text_at)
{
    const json_t *step;
    size_t i, entered = 0;

    parity_buffer_add_char(out, '$');
    json_array_foreach(path, i, step) {
        for (; entered < json_array_size(text_at) &&
               json_integer_value(json_array_get(text_at, entered)) == (json_int_t)i;
             entered++)
            parity_buffer_add_text(out, " > $");
        add_step(out, step);
    }
}

void parity_difference_path(struct parity_buffer *out, const json_t *path)
{
    add_path(out, path, NULL);
}

void parity_difference_place(struct parity_buffer *out, const json_t *difference)
{
    add_path(out, json_object_get(difference, "path"), json_object_get(difference, "text_at"));
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {
        [PARITY_JSON_NULL] = NULL, /* says so */
        [PARITY_JSON_BOOLEAN] = "boolean",  [PARITY_JSON_INTEGER] = "integer",
        [PARITY_JSON_REAL] = "real number", [PARITY_JSON_STRING] = "string",
        [PARITY_JSON_BYTES] = "bytes",      [PARITY_JSON_DATETIME] = "datetime",
        [PARITY_JSON_ARRAY] = "list",       [PARITY_JSON_OBJECT] = "object",
    };

    return names[parity_json_kind(value)];
}

/* Part of a text that is to be shown, and the part of it that differs. */
struct window {
    size_t start, end, from, to;
};

/* What two texts do not share at their beginning and end; all of a text that stands alone. */
static void find_difference(const struct parity_buffer *text, const struct parity_buffer *other,
                            size_t *from, size_t *to)
{
    size_t shorter, head = 0, tail = 0;

    *from = *to = 0;
    if (!other)
        return;
    shorter = text->length < other->length ? text->length : other->length;
    while (head < shorter && text->data[head] == other->data[head])
        head++;
    while (tail < shorter - head &&
           text->data[text->length - 1 - tail] == other->data[other->length - 1 - tail])
        tail++;
    *from = head;
    *to = text->length - tail;
}

static struct window choose_window(const struct parity_buffer *text,
                                   const struct parity_buffer *other, size_t room)
{
    size_t longest = other && other->length > text->length ? other->length : text->length;
    struct window w = {0, text->length, 0, 0};

    find_difference(text, other, &w.from, &w.to);
    if (longest <= room)
        return w;
    /* Both values get the same beginning, so that they stand below each other. */
    room -= 2 * CUT_LENGTH;
    if (w.from > CONTEXT && w.from + CONTEXT > room)
        w.start = w.from - CONTEXT;
    if (w.end > w.start + room)
        w.end = w.start + room;
    if (w.to > w.end)
        w.to = w.end;
    return w;
}

static void print_value(const struct printer *p, const char *label, const char *type,
                        const struct parity_buffer *text, const struct parity_buffer *other)
{
    size_t used = strlen(p->indent) + strlen("      recorded  ") + (type ? strlen(type) + 3 : 0);
    size_t room = p->width > used + LEAST_ROOM ? p->width - used : LEAST_ROOM;
    struct window w = choose_window(text, other, room);

    parity_buffer_printf(p->out, "%s      %s  ", p->indent, label);
    if (w.start > 0)
        parity_buffer_add_text(p->out, CUT);
    if (w.from > w.start)
        parity_buffer_add(p->out, text->data + w.start, w.from - w.start);
    else
        w.from = w.start;
    if (w.to > w.from) {
        colour(p, bold);
        parity_buffer_add(p->out, text->data + w.from, w.to - w.from);
        colour(p, plain);
    } else {
        w.to = w.from;
    }
    if (w.end > w.to)
        parity_buffer_add(p->out, text->data + w.to, w.end - w.to);
    if (w.end < text->length)
        parity_buffer_add_text(p->out, CUT);
    if (type)
        parity_buffer_printf(p->out, " (%s)", type);
    parity_buffer_add_char(p->out, '\n');
}

/* One line, what differs from `other` (may be NULL) marked. */
static void print_side(const struct printer *p, const char *label, const char *note,
                       const json_t *value, const json_t *other)
{
    struct parity_buffer text = {0}, other_text = {0};

    if (!value)
        return;
    parity_json_write(&text, value, PARITY_JSON_LINE);
    if (other)
        parity_json_write(&other_text, other, PARITY_JSON_LINE);
    if (text.failed || other_text.failed)
        p->out->failed = true;
    else
        print_value(p, label, note, &text, other ? &other_text : NULL);
    parity_buffer_clear(&text);
    parity_buffer_clear(&other_text);
}

/* "expected" is what was recorded, with the placeholders of this run. */
static void print_values(const struct printer *p, const json_t *difference, bool types)
{
    const json_t *recorded = json_object_get(difference, "recorded");
    const json_t *observed = json_object_get(difference, "observed");
    const json_t *expected = json_object_get(difference, "expected");

    print_side(p, "recorded", types ? type_name(recorded) : NULL, recorded,
               expected ? NULL : observed);
    print_side(p, "expected", "numbered as in this run", expected, observed);
    print_side(p, "observed", types ? type_name(observed) : NULL, observed,
               expected ? expected : recorded);
}

static const struct kind {
    const char *name, *sign, *colour;
} kinds[] = {
    {"changed", "~ changed  ", yellow}, {"type", "~ type     ", yellow},
    {"added", "+ added    ", green},    {"removed", "- removed  ", red},
    {"moved", "> moved    ", yellow},
};

static const struct kind *kind_of(const json_t *difference)
{
    const char *name = json_string_value(json_object_get(difference, "kind"));

    if (json_object_get(difference, "moved_to"))
        name = "moved";
    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return &kinds[0];
}

static void print_difference(const struct printer *p, const json_t *difference)
{
    const struct kind *kind = kind_of(difference);
    const json_t *moved_to = json_object_get(difference, "moved_to");

    parity_buffer_printf(p->out, "%s  ", p->indent);
    colour(p, kind->colour);
    parity_buffer_add_text(p->out, kind->sign);
    colour(p, plain);
    parity_difference_place(p->out, difference);
    if (moved_to)
        parity_buffer_printf(p->out, " to [%" JSON_INTEGER_FORMAT "]",
                             json_integer_value(moved_to));
    parity_buffer_add_char(p->out, '\n');
    print_values(p, difference, strcmp(kind->name, "type") == 0);
}

static void print_match_key(const struct printer *p, const json_t *key)
{
    struct parity_buffer text = {0};

    /* Without its quotes; but what is not printable stays escaped. */
    parity_json_write_string(&text, json_string_value(key), json_string_length(key));
    if (text.failed)
        p->out->failed = true;
    parity_buffer_add_text(p->out, p->indent);
    colour(p, bold);
    if (!text.failed)
        parity_buffer_add(p->out, text.data + 1, text.length - 2);
    colour(p, plain);
    parity_buffer_add_char(p->out, '\n');
    parity_buffer_clear(&text);
}

size_t parity_difference_count(const json_t *differences)
{
    const json_t *difference;
    size_t count = 0, i;

    json_array_foreach(differences, i, difference)
        count += !json_object_get(difference, "moved_from");
    return count;
}

void parity_difference_text(struct parity_buffer *out, const json_t *differences,
                            const struct parity_difference_text_options *options)
{
    static const struct parity_difference_text_options defaults;
    const struct parity_difference_text_options *o = options ? options : &defaults;
    struct printer p = {out, o->indent ? o->indent : "", o->width ? o->width : DEFAULT_WIDTH,
                        o->colour};
    const json_t *difference, *last = NULL;
    size_t i, shown = 0, left_out = 0;

    json_array_foreach(differences, i, difference) {
        const json_t *key = json_object_get(difference, "key");

        if (json_object_get(difference, "moved_from"))
            continue; /* the other half is shown */
        if (!last || !json_equal(key, last)) {
            if (left_out)
                parity_buffer_printf(out, "%s  and %zu more\n", p.indent, left_out);
            print_match_key(&p, key);
            shown = left_out = 0;
            last = key;
        }
        if (o->max_per_match && shown >= o->max_per_match)
            left_out++;
        else
            print_difference(&p, difference);
        shown++;
    }
    if (left_out)
        parity_buffer_printf(out, "%s  and %zu more\n", p.indent, left_out);
}
