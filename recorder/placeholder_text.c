/* SPDX-License-Identifier: Apache-2.0 */
#include "placeholder_text.h"

#include <string.h>

enum { MAX_DIGITS = 9 }; /* longer ones are no placeholders */

static bool read_number(const char *text, size_t length, size_t *at, long *out)
{
    size_t start = *at;

    *out = 0;
    for (; *at < length && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        if (*at - start < MAX_DIGITS)
            *out = *out * 10 + (text[*at] - '0');
    return *at > start && *at - start <= MAX_DIGITS && text[start] != '0';
}

bool parity_placeholder_find(const char *text, size_t length, size_t from,
                             struct parity_placeholder *out)
{
    while (from < length) {
        const char *open = memchr(text + from, '<', length - from);
        size_t at;

        if (!open)
            return false;
        out->start = (size_t)(open - text);
        at = out->start + 1;
        while (at < length && !strchr("<>:", text[at]))
            at++;
        out->label = open + 1;
        out->label_length = at - out->start - 1;
        from = out->start + 1;
        if (out->label_length == 0 || at >= length || text[at++] != ':' ||
            !read_number(text, length, &at, &out->number) || at >= length || text[at] != '>')
            continue;
        out->end = at + 1;
        return true;
    }
    return false;
}

/* The number that `map` has for a placeholder; its own where it has none; without a map 0. */
static long mapped(const json_t *map, const struct parity_placeholder *p)
{
    struct parity_buffer key = {0};
    const json_t *number = NULL;

    if (!map)
        return 0;
    parity_buffer_add(&key, p->label, p->label_length);
    parity_buffer_printf(&key, ":%ld", p->number);
    if (!key.failed)
        number = json_object_getn(map, key.data, key.length);
    parity_buffer_clear(&key);
    return number ? (long)json_integer_value(number) : p->number;
}

bool parity_placeholder_rewrite(const json_t *map, const char *text, size_t length,
                                struct parity_buffer *out)
{
    struct parity_placeholder p;
    size_t at = 0;

    while (parity_placeholder_find(text, length, at, &p)) {
        parity_buffer_add(out, text + at, p.start - at);
        parity_buffer_printf(out, "<%.*s:%ld>", (int)p.label_length, p.label, mapped(map, &p));
        at = p.end;
    }
    if (at > 0)
        parity_buffer_add(out, text + at, length - at);
    return at > 0;
}
