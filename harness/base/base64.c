/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void parity_base64_encode(struct parity_buffer *out, const void *data, size_t length)
{
    const unsigned char *bytes = data;

    for (size_t at = 0; at < length; at += 3) {
        size_t taken = length - at < 3 ? length - at : 3;
        unsigned group = (unsigned)bytes[at] << 16;
        char text[4] = {0, 0, '=', '='};

        if (taken > 1)
            group |= (unsigned)bytes[at + 1] << 8;
        if (taken > 2)
            group |= bytes[at + 2];
        for (size_t i = 0; i <= taken; i++)
            text[i] = alphabet[group >> (18 - 6 * i) & 0x3F];
        parity_buffer_add(out, text, sizeof text);
    }
    parity_buffer_add(out, "", 0);
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Bytes in a group of four characters, or 0 when it is none; padding only in the last one. */
static size_t decode_group(const char *text, bool last, char out[3])
{
    size_t count = 4;
    unsigned group = 0;

    while (last && count > 2 && text[count - 1] == '=')
        count--;
    for (size_t i = 0; i < 4; i++) {
        int value = i < count ? value_of(text[i]) : 0;

        if (value < 0)
            return 0;
        group = group << 6 | (unsigned)value;
    }
    out[0] = (char)(group >> 16);
    out[1] = (char)(group >> 8);
    out[2] = (char)group;
    return count - 1;
}

int parity_base64_decode(struct parity_buffer *out, const char *text, size_t length)
{
    size_t before = out->length;

    if (length % 4 != 0)
        return -1;
    for (size_t at = 0; at < length; at += 4) {
        char bytes[3];
        size_t count = decode_group(text + at, at + 4 == length, bytes);

        if (count == 0) {
            out->length = before;
            if (out->data)
                out->data[before] = '\0';
            return -1;
        }
        parity_buffer_add(out, bytes, count);
    }
    parity_buffer_add(out, "", 0);
    return out->failed ? -1 : 0;
}
