/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_BUFFER_H
#define PARITY_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Bytes that grow. Zero-initialise it, append, take or clear.
 *
 * A failed append sets `failed` and makes all later ones do nothing, so a writer appends freely
 * and checks once at the end. `data` is always followed by a NUL byte that `length` does not count,
 * once anything was appended.
 */
struct parity_buffer {
    char *data;
    size_t length, capacity;
    bool failed; /* out of memory */
};

void parity_buffer_clear(struct parity_buffer *buffer);

/** Forget the content, keep the memory. */
void parity_buffer_reset(struct parity_buffer *buffer);

/** Make room for `extra` more bytes. @return 0, or -1 (then `failed` is set) */
int parity_buffer_reserve(struct parity_buffer *buffer, size_t extra);

void parity_buffer_add(struct parity_buffer *buffer, const void *data, size_t length);
void parity_buffer_add_text(struct parity_buffer *buffer, const char *text);
void parity_buffer_add_char(struct parity_buffer *buffer, char c);
__attribute__((format(printf, 2, 3))) void parity_buffer_printf(struct parity_buffer *buffer,
                                                                const char *format, ...);

/**
 * The content as a NUL-terminated string; the buffer is empty afterwards.
 *
 * @return new, released with parity_free(); NULL if the buffer failed
 */
char *parity_buffer_take(struct parity_buffer *buffer);

#endif
