/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/reference.h"

#include <stdint.h>
#include <string.h>

static const char opening[] = "${";

bool parity_reference_is_reserved(const char *name)
{
    static const char *const names[] = {"account", "region", "partition", "unique"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

enum parity_reference_piece parity_reference_next(struct parity_reference_reader *reader,
                                                  const char **text, size_t *length)
{
    size_t left = (size_t)(reader->end - reader->at);
    const char *found, *close;

    if (left == 0)
        return PARITY_PIECE_END;
    found = memmem(reader->at, left, opening, 2);
    if (found == reader->at) {
        close = memchr(found, '}', left);
        *text = found + 2;
        reader->at = close ? close + 1 : reader->end;
        *length = (size_t)((close ? close : reader->end) - *text);
        return close ? PARITY_PIECE_REFERENCE : PARITY_PIECE_OPEN;
    }
    *text = reader->at;
    if (found && found[-1] == '$') { /* "$${": what follows the first dollar sign is text */
        *length = (size_t)(found - reader->at) - 1;
        if (*length == 0) {
            *text = found;
            *length = 2;
            reader->at = found + 2;
        } else {
            reader->at = found - 1;
        }
        return PARITY_PIECE_TEXT;
    }
    *length = found ? (size_t)(found - reader->at) : left;
    reader->at += *length;
    return PARITY_PIECE_TEXT;
}

/* No part of a path may be empty. */
static bool is_well_formed(const char *text, size_t length)
{
    if (length == 0 || text[0] == '.' || text[length - 1] == '.')
        return false;
    return !memmem(text, length, "..", 2) && !memchr(text, '\0', length);
}

void parity_reference_read(const char *text, size_t length, struct parity_reference *out)
{
    static const char unique[] = "unique:";
    const char *dot = memchr(text, '.', length);
    size_t head = dot ? (size_t)(dot - text) : length;

    *out = (struct parity_reference){.text = text, .length = length};
    out->kind = PARITY_REFERENCE_BROKEN;
    if (!is_well_formed(text, length))
        return;
    if (length > sizeof unique - 1 && memcmp(text, unique, sizeof unique - 1) == 0) {
        text += sizeof unique - 1;
        head = length - (sizeof unique - 1);
        dot = NULL;
        out->kind = PARITY_REFERENCE_UNIQUE;
    }
    if (head >= sizeof out->head) {
        out->kind = PARITY_REFERENCE_BROKEN;
        return;
    }
    memcpy(out->head, text, head);
    out->path = dot ? dot + 1 : NULL;
    if (out->kind == PARITY_REFERENCE_UNIQUE)
        return;
    out->kind = PARITY_REFERENCE_NAME;
    if (parity_reference_is_reserved(out->head))
        out->kind = dot || strcmp(out->head, "unique") == 0 ? PARITY_REFERENCE_BROKEN
                                                            : PARITY_REFERENCE_TARGET;
}

bool parity_reference_part(const struct parity_reference *reference, const char **at, char *part,
                           size_t size)
{
    const char *end = reference->text + reference->length, *dot;
    size_t length;

    if (!*at || *at >= end)
        return false;
    dot = memchr(*at, '.', (size_t)(end - *at));
    length = (size_t)((dot ? dot : end) - *at);
    if (length >= size)
        length = size - 1;
    memcpy(part, *at, length);
    part[length] = '\0';
    *at = dot ? dot + 1 : end;
    return true;
}

bool parity_reference_is_whole(const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    const char *piece;
    size_t size;

    return parity_reference_next(&reader, &piece, &size) == PARITY_PIECE_REFERENCE &&
           reader.at == reader.end;
}

bool parity_reference_occurs(const json_t *value)
{
    json_t *item;
    size_t i;

    if (json_is_string(value))
        return memmem(json_string_value(value), json_string_length(value), opening, 2) != NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (parity_reference_occurs(item))
                return true;
    } else if (json_is_object(value)) {
        json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */

        for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
            if (strstr(json_object_iter_key(m), opening) ||
                parity_reference_occurs(json_object_iter_value(m)))
                return true;
    }
    return false;
}
