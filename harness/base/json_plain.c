/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_plain.h"

#include <endian.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

/* The same of eight bytes at once, the first being the lowest: each of the terms sets the highest
 * bit of a byte that is no ASCII, a control character, a quote, a backslash or DEL. What a byte
 * that is none of these lends to or takes from its neighbour is nothing, so the lowest bit that is
 * set is right; what is set above it need not be. */
static uint64_t mark_others(uint64_t bytes)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t marks = bytes | (bytes - 0x20 * each) | ((bytes ^ '"' * each) - each) |
                     ((bytes ^ '\\' * each) - each) | (bytes + each);

    return marks & 0x80 * each;
}

size_t parity_json_plain_length(const char *text, size_t length)
{
    size_t at = 0;
    uint64_t bytes, marks;

    for (; length - at >= sizeof bytes; at += sizeof bytes) {
        memcpy(&bytes, text + at, sizeof bytes);
        marks = mark_others(le64toh(bytes));
        if (marks)
            return at + (size_t)__builtin_ctzll(marks) / CHAR_BIT;
    }
    while (at < length && is_plain((unsigned char)text[at]))
        at++;
    return at;
}

const char *parity_json_plain_text(const char *line, size_t length, const char *before,
                                   size_t *text_length)
{
    size_t start = strlen(before), end;

    if (length < start || memcmp(line, before, start) != 0)
        return NULL;
    end = start + parity_json_plain_length(line + start, length - start);
    *text_length = end - start;
    return end < length && line[end] == '"' ? line + start : NULL;
}
