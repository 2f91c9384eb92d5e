/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/plain_text.h"

#include <stdbool.h>

#include "base/utf8.h"

static bool is_character(unsigned code_point)
{
    if (code_point < 0x20)
        return code_point == '\n' || code_point == '\t';
    if (code_point >= 0x7F && code_point < 0xA0)
        return false;
    return !parity_utf8_is_surrogate(code_point) && (code_point & 0xFFFE) != 0xFFFE &&
           code_point != 0xFEFF;
}

void parity_plain_text_add(struct parity_buffer *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned code_point;
        size_t size = parity_utf8_decode(text + at, length - at, &code_point);

        if (size == 0)
            parity_buffer_printf(out, "\\x%02x", (unsigned char)text[at]);
        else if (is_character(code_point))
            parity_buffer_add(out, text + at, size);
        else
            parity_buffer_printf(out, size == 1 ? "\\x%02x" : "\\u%04x", code_point);
        at += size ? size : 1;
    }
}
