/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/name_pattern.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"

/* How many characters two names share at their beginning, up to a separator: what they share beyond
 * that is chance. */
static size_t shared_start(const char *a, const char *b)
{
    size_t shared = 0;

    for (size_t i = 0; a[i] && a[i] == b[i]; i++)
        if (!isalnum((unsigned char)a[i]))
            shared = i + 1;
    return shared;
}

static size_t shared_end(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t shared = 0;

    for (size_t i = 1; i <= a_length && i <= b_length && a[a_length - i] == b[b_length - i]; i++)
        if (!isalnum((unsigned char)a[a_length - i]))
            shared = i;
    return shared;
}

static void add_literally(struct parity_buffer *pattern, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (ispunct((unsigned char)text[i]) && text[i] != '_' && text[i] != '-')
            parity_buffer_add_char(pattern, '\\');
        parity_buffer_add_char(pattern, text[i]);
    }
}

char *parity_name_pattern(const char *a, const char *b)
{
    enum { SHORTEST = 8 }; /* without a shared beginning or end */
    size_t a_length = strlen(a), b_length = strlen(b), start = shared_start(a, b);
    size_t end = shared_end(a + start, a_length - start, b + start, b_length - start);
    size_t a_middle = a_length - start - end, b_middle = b_length - start - end;
    struct parity_buffer pattern = {0};

    if (a_middle == 0 || b_middle == 0 || (start + end == 0 && a_middle < SHORTEST))
        return NULL;
    parity_buffer_add_char(&pattern, '^');
    add_literally(&pattern, a, start);
    if (a_middle == b_middle)
        parity_buffer_printf(&pattern, "[0-9A-Za-z_-]{%zu}", a_middle);
    else
        parity_buffer_add_text(&pattern, "[0-9A-Za-z_-]+");
    add_literally(&pattern, a + a_length - end, end);
    parity_buffer_add_char(&pattern, '$');
    return parity_buffer_take(&pattern);
}
