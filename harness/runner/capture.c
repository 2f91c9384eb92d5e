/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/capture.h"

#include <string.h>

#include "base/utf8.h"

enum { KEPT = 16384 }; /* bytes, at either end */

void parity_capture_add(struct parity_capture *capture, const char *data, size_t length)
{
    size_t into_head = 0;

    if (capture->head.length < KEPT) {
        into_head = KEPT - capture->head.length;
        into_head = length < into_head ? length : into_head;
        parity_buffer_add(&capture->head, data, into_head);
    }
    parity_buffer_add(&capture->tail, data + into_head, length - into_head);
    /* Cut in large steps, so that each byte is moved once. */
    if (!capture->tail.failed && capture->tail.length > 2 * KEPT) {
        size_t excess = capture->tail.length - KEPT;

        memmove(capture->tail.data, capture->tail.data + excess, KEPT);
        capture->tail.length = KEPT;
        capture->tail.data[KEPT] = '\0';
        capture->dropped += excess;
    }
}

void parity_capture_end_line(struct parity_capture *capture)
{
    const struct parity_buffer *last = capture->tail.length ? &capture->tail : &capture->head;

    if (last->length > 0 && last->data[last->length - 1] != '\n')
        parity_capture_add(capture, "\n", 1);
}

static void add_printable(struct parity_buffer *out, const struct parity_buffer *from)
{
    for (size_t i = 0; i < from->length;) {
        unsigned code_point;
        size_t length = parity_utf8_decode(from->data + i, from->length - i, &code_point);

        if (length == 0 || parity_utf8_is_surrogate(code_point)) {
            parity_buffer_printf(out, "\\x%02x", (unsigned char)from->data[i]);
            i++;
        } else {
            if (code_point >= 0x20 || code_point == '\n' || code_point == '\t')
                parity_buffer_add(out, from->data + i, length);
            else
                parity_buffer_printf(out, "\\x%02x", code_point);
            i += length;
        }
    }
}

char *parity_capture_take(struct parity_capture *capture)
{
    struct parity_buffer out = {0};

    if (capture->head.length > 0) {
        add_printable(&out, &capture->head);
        if (capture->dropped)
            parity_buffer_printf(&out, "\n[%zu bytes left out]\n", capture->dropped);
        add_printable(&out, &capture->tail);
    }
    parity_buffer_clear(&capture->head);
    parity_buffer_clear(&capture->tail);
    capture->dropped = 0;
    return out.length > 0 ? parity_buffer_take(&out) : NULL;
}
