/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reference.h"

#include <stdint.h>
#include <string.h>

static const char opening[] = "${";

/* Where the next "${" begins; NULL: there is none. Most texts hold no dollar sign at all, which
 * memchr() sees sooner than memmem(). */
static const char *find_opening(const char *text, size_t length)
{
    const char *end = text + length;

    while ((text = memchr(text, opening[0], (size_t)(end - text)))) {
        if (end - text > 1 && text[1] == opening[1])
            return text;
        text++;
    }
    return NULL;
}

enum parity_reference_piece parity_reference_next(struct parity_reference_reader *reader,
                                                  const char **text, size_t *length)
{
    size_t left = (size_t)(reader->end - reader->at);
    const char *found, *close;

    if (left == 0)
        return PARITY_PIECE_END;
    found = find_opening(reader->at, left);
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

bool parity_reference_is_whole(const char *text, size_t length)
{
    return length > 2 && memcmp(text, opening, 2) == 0 &&
           memchr(text, '}', length) == text + length - 1;
}

bool parity_reference_opens(const char *text, size_t length)
{
    return find_opening(text, length) != NULL;
}

bool parity_reference_occurs(const json_t *value)
{
    json_t *item;
    size_t i;

    if (json_is_string(value))
        return parity_reference_opens(json_string_value(value), json_string_length(value));
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (parity_reference_occurs(item))
                return true;
    } else if (json_is_object(value)) {
        json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */

        for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
            if (parity_reference_opens(json_object_iter_key(m), json_object_iter_key_len(m)) ||
                parity_reference_occurs(json_object_iter_value(m)))
                return true;
    }
    return false;
}
