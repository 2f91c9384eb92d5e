/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 128 }; /* most headers, paths and messages never grow again */

void parity_buffer_clear(struct parity_buffer *buffer)
{
    parity_free(buffer->data);
    memset(buffer, 0, sizeof *buffer);
}

void parity_buffer_reset(struct parity_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

/* At least twice as much, so that bytes one by one are cheap, but no more than a large piece needs.
 */
static size_t next_capacity(const struct parity_buffer *buffer, size_t wanted)
{
    size_t doubled = buffer->capacity > SIZE_MAX / 2 ? SIZE_MAX : buffer->capacity * 2;
    size_t least = doubled < FIRST_CAPACITY ? FIRST_CAPACITY : doubled;

    return wanted < least ? least : wanted;
}

static int grow(struct parity_buffer *buffer, size_t extra)
{
    size_t capacity = next_capacity(buffer, buffer->length + extra + 1);
    char *grown;

    if (buffer->failed)
        return -1;
    grown = extra < SIZE_MAX - buffer->length ? parity_realloc(buffer->data, capacity) : NULL;
    if (!grown) {
        buffer->failed = true;
        return -1;
    }
    buffer->data = grown;
    buffer->capacity = capacity;
    return 0;
}

/* With the terminating null byte. Nearly always there is. */
static inline int make_room(struct parity_buffer *buffer, size_t extra)
{
    bool has_room = !buffer->failed && extra < buffer->capacity - buffer->length;

    return has_room ? 0 : grow(buffer, extra);
}

int parity_buffer_reserve(struct parity_buffer *buffer, size_t extra)
{
    return make_room(buffer, extra);
}

void parity_buffer_add(struct parity_buffer *buffer, const void *data, size_t length)
{
    if (make_room(buffer, length) < 0)
        return;
    if (length)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void parity_buffer_add_text(struct parity_buffer *buffer, const char *text)
{
    parity_buffer_add(buffer, text, strlen(text));
}

void parity_buffer_add_char(struct parity_buffer *buffer, char c)
{
    if (make_room(buffer, 1) < 0)
        return;
    buffer->data[buffer->length++] = c;
    buffer->data[buffer->length] = '\0';
}

void parity_buffer_printf(struct parity_buffer *buffer, const char *format, ...)
{
    size_t room = buffer->capacity - buffer->length;
    va_list arguments;
    int length;

    if (buffer->failed)
        return;
    /* Into the room there is; only what has none is formatted twice. */
    va_start(arguments, format);
    length = vsnprintf(room ? buffer->data + buffer->length : NULL, room, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < room) {
        buffer->length += (size_t)length;
        return;
    }
    if (length < 0 || parity_buffer_reserve(buffer, (size_t)length) < 0) {
        buffer->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

char *parity_buffer_take(struct parity_buffer *buffer)
{
    char *text;

    parity_buffer_add(buffer, "", 0);
    if (buffer->failed) {
        parity_buffer_clear(buffer);
        return NULL;
    }
    text = buffer->data;
    memset(buffer, 0, sizeof *buffer);
    return text;
}
