/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/reference.h"

#include <string.h>

static bool is_reserved(const char *name, size_t length)
{
    static const struct {
        const char *name;
        size_t length;
    } reserved[] = {{"account", 7}, {"region", 6}, {"partition", 9}, {"unique", 6}};

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (length == reserved[i].length && memcmp(name, reserved[i].name, length) == 0)
            return true;
    return false;
}

bool parity_reference_is_reserved(const char *name)
{
    return is_reserved(name, strlen(name));
}

/* No part of a path may be empty. `dot` is the first one in the text; NULL: none. */
static bool is_well_formed(const char *text, size_t length, const char *dot)
{
    if (length == 0 || text[0] == '.' || text[length - 1] == '.' || memchr(text, '\0', length))
        return false;
    return !dot || !memmem(dot, length - (size_t)(dot - text), "..", 2);
}

void parity_reference_read(const char *text, size_t length, struct parity_reference *out)
{
    static const char unique[] = "unique:";
    const char *dot = memchr(text, '.', length);
    size_t head = dot ? (size_t)(dot - text) : length;

    out->kind = PARITY_REFERENCE_BROKEN;
    out->text = text;
    out->length = length;
    out->head[0] = '\0';
    out->path = NULL;
    if (!is_well_formed(text, length, dot))
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
    out->head[head] = '\0';
    out->path = dot ? dot + 1 : NULL;
    if (out->kind == PARITY_REFERENCE_UNIQUE)
        return;
    if (memchr(out->head, ':', head)) /* no name has one */
        return;
    out->kind = PARITY_REFERENCE_NAME;
    if (is_reserved(out->head, head))
        out->kind = dot || strcmp(out->head, "unique") == 0 ? PARITY_REFERENCE_BROKEN
                                                            : PARITY_REFERENCE_TARGET;
}

bool parity_reference_find(struct parity_reference_reader *reader, struct parity_reference *out)
{
    enum parity_reference_piece piece;
    const char *text;
    size_t length;

    while ((piece = parity_reference_next(reader, &text, &length)) != PARITY_PIECE_END) {
        if (piece == PARITY_PIECE_REFERENCE) {
            parity_reference_read(text, length, out);
            return true;
        }
    }
    return false;
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
