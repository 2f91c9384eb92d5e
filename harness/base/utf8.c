/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

bool parity_utf8_is_surrogate(unsigned code_point)
{
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

size_t parity_utf8_decode(const char *text, size_t length, unsigned *code_point)
{
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first;
    unsigned code;
    size_t size;

    if (length == 0)
        return 0;
    first = (unsigned char)text[0];
    if (first < 0x80) {
        *code_point = first;
        return 1;
    }
    if (first < 0xC2 || first > 0xF4)
        return 0;
    size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (size > length)
        return 0;
    code = first & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (code < smallest[size] || code > 0x10FFFF)
        return 0;
    *code_point = code;
    return size;
}

size_t parity_utf8_encode(unsigned code_point, char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

    if (size == 1) {
        out[0] = (char)code_point;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(lead[size] | code_point);
    return size;
}

/* How many of the bytes at the beginning are ASCII, in whole words: most text is nothing else. */
static size_t skip_ascii(const char *text, size_t length)
{
    size_t at = 0;
    uint64_t word;

    for (; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}

bool parity_utf8_is_valid(const char *text, size_t length)
{
    for (size_t at = skip_ascii(text, length); at < length;) {
        unsigned code;
        size_t size = parity_utf8_decode(text + at, length - at, &code);

        if (size == 0 || parity_utf8_is_surrogate(code))
            return false;
        at += size;
    }
    return true;
}

size_t parity_utf8_count(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t at = 0; at < length; count++) {
        unsigned code;
        size_t size = parity_utf8_decode(text + at, length - at, &code);

        at += size ? size : 1;
    }
    return count;
}

void parity_utf8_add(struct parity_buffer *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned code_point;
        size_t size = parity_utf8_decode(text + at, length - at, &code_point);

        if (size == 0)
            parity_buffer_printf(out, "\\x%02x", (unsigned char)text[at]);
        else
            parity_buffer_add(out, text + at, size);
        at += size ? size : 1;
    }
}
