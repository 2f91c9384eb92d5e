/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/layout.h"

#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

/* The walk over a text that is known to be JSON: only strings and brackets matter. */
struct walk {
    const char *text;
    size_t length, at;
    int line;
    bool *open; /* what is open: an object, or else a list */
    size_t depth, capacity;
    bool name_next; /* the next string is the name of a member */
    struct parity_layout *layout;
};

void parity_layout_clear(struct parity_layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        parity_free(layout->entries[i].key);
    parity_free(layout->entries);
    memset(layout, 0, sizeof *layout);
}

static int push(struct walk *walk, bool object)
{
    if (parity_grow(&walk->open, &walk->capacity, walk->depth + 1, sizeof *walk->open) < 0)
        return -1;
    walk->open[walk->depth++] = object;
    walk->name_next = object;
    return 0;
}

static void pop(struct walk *walk)
{
    if (walk->depth == 0)
        return;
    walk->depth--;
    walk->name_next = false;
    if (walk->depth == 1 && walk->layout->count > 0)
        walk->layout->entries[walk->layout->count - 1].end = walk->at + 1;
}

static size_t string_end(const struct walk *walk)
{
    size_t at = walk->at + 1;

    while (at < walk->length && walk->text[at] != '"')
        at += walk->text[at] == '\\' ? 2 : 1;
    return at < walk->length ? at + 1 : walk->length;
}

static int add_entry(struct walk *walk, const json_t *name)
{
    struct parity_layout *layout = walk->layout;
    char *key;

    if (parity_grow(&layout->entries, &layout->capacity, layout->count + 1,
                    sizeof *layout->entries) < 0)
        return -1;
    key = parity_strndup(json_string_value(name), json_string_length(name));
    if (!key)
        return -1;
    layout->entries[layout->count++] =
        (struct parity_layout_entry){.key = key,
                                     .key_length = json_string_length(name),
                                     .start = walk->at,
                                     .end = walk->at,
                                     .line = walk->line};
    return 0;
}

static int take_string(struct walk *walk)
{
    size_t end = string_end(walk);
    json_t *name = NULL;
    int rc = 0;

    if (walk->name_next && walk->depth == 1) {
        rc = parity_json_parse(walk->text + walk->at, end - walk->at, NULL, &name, NULL);
        if (rc == 0)
            rc = add_entry(walk, name);
        json_decref(name);
    }
    walk->name_next = false;
    walk->at = end;
    return rc;
}

static int take(struct walk *walk)
{
    char c = walk->text[walk->at];
    int rc = 0;

    if (c == '"')
        return take_string(walk);
    if (c == '{' || c == '[')
        rc = push(walk, c == '{');
    else if (c == '}' || c == ']')
        pop(walk);
    else if (c == ',')
        walk->name_next = walk->depth > 0 && walk->open[walk->depth - 1];
    else if (c == '\n')
        walk->line++;
    walk->at++;
    return rc;
}

int parity_layout_read(const char *text, size_t length, struct parity_layout *layout,
                       struct parity_error *err)
{
    struct walk walk = {.text = text, .length = length, .line = 1, .layout = layout};
    int rc = 0;

    memset(layout, 0, sizeof *layout);
    while (rc == 0 && walk.at < length)
        rc = take(&walk);
    parity_free(walk.open);
    if (rc < 0)
        parity_fail_nomem(err);
    return rc;
}

size_t parity_layout_cut(const struct parity_layout *layout, const char *text, size_t length,
                         const bool *drop, struct parity_buffer *out)
{
    const struct parity_layout_entry *entries = layout->entries;
    size_t kept = 0, tail;

    if (layout->count == 0) {
        parity_buffer_add(out, text, length);
        return 0;
    }
    tail = entries[layout->count - 1].end;
    parity_buffer_add(out, text, entries[0].start);
    for (size_t i = 0; i < layout->count; i++) {
        if (drop[i])
            continue;
        /* The separator in front of it, as it stands there; the first one has none. */
        if (kept++ > 0)
            parity_buffer_add(out, text + entries[i - 1].end,
                              entries[i].start - entries[i - 1].end);
        parity_buffer_add(out, text + entries[i].start, entries[i].end - entries[i].start);
    }
    parity_buffer_add(out, text + tail, length - tail);
    return kept;
}
