/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/percent.h"

#include <stdbool.h>
#include <string.h>

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void encode(struct parity_buffer *out, const char *text, size_t length,
                   const char *also_safe, bool plus)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t start = 0; /* of the characters that stay as they are */

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        char code[3] = {'%', digits[c >> 4], digits[c & 15]};

        if (is_unreserved(c) || (c && strchr(also_safe, c)))
            continue;
        parity_buffer_add(out, text + start, i - start);
        if (plus && c == ' ')
            parity_buffer_add_char(out, '+');
        else
            parity_buffer_add(out, code, sizeof code);
        start = i + 1;
    }
    parity_buffer_add(out, text + start, length - start);
}

void parity_percent_encode(struct parity_buffer *out, const char *text, size_t length,
                           const char *also_safe)
{
    encode(out, text, length, also_safe, false);
}

void parity_percent_encode_form(struct parity_buffer *out, const char *text, size_t length)
{
    encode(out, text, length, "", true);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void parity_percent_decode(struct parity_buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? digit_value(text[i + 1]) : -1;
        int low = high >= 0 ? digit_value(text[i + 2]) : -1;

        if (low >= 0) {
            parity_buffer_add_char(out, (char)(high * 16 + low));
            i += 2;
        } else {
            parity_buffer_add_char(out, text[i]);
        }
    }
}
