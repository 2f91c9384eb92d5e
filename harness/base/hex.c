/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include <string.h>

int parity_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int parity_hex_number(const char *text, const char *end, int count)
{
    int number = 0;

    if (end - text < count)
        return -1;
    for (int i = 0; i < count; i++) {
        int digit = parity_hex_value(text[i]);

        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

void parity_hex(const unsigned char *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * length] = '\0';
}

void parity_uuid(const unsigned char random[PARITY_UUID_BYTES], char out[PARITY_UUID_TEXT + 1])
{
    static const size_t part_ends[] = {4, 6, 8, 10, PARITY_UUID_BYTES};
    unsigned char bytes[PARITY_UUID_BYTES];
    size_t from = 0;

    memcpy(bytes, random, sizeof bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* the version */
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* the variant */
    for (size_t i = 0; i < sizeof part_ends / sizeof *part_ends; i++) {
        if (from > 0)
            *out++ = '-';
        parity_hex(bytes + from, part_ends[i] - from, out);
        out += 2 * (part_ends[i] - from);
        from = part_ends[i];
    }
}
