/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long fail_countdown; /* 0: no failure planned */
static int fail_from_then_on;

static int must_fail(void)
{
    if (fail_countdown == 0)
        return 0;
    if (fail_countdown > 1) {
        fail_countdown--;
        return 0;
    }
    if (!fail_from_then_on)
        fail_countdown = 0;
    return 1;
}

void *parity_malloc(size_t size)
{
    return must_fail() ? NULL : malloc(size ? size : 1);
}

void *parity_realloc(void *old, size_t size)
{
    return must_fail() ? NULL : realloc(old, size ? size : 1);
}

void parity_free(void *memory)
{
    free(memory);
}

void *parity_calloc(size_t count, size_t size)
{
    void *memory;

    if (size && count > SIZE_MAX / size)
        return NULL;
    memory = parity_malloc(count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

char *parity_strdup(const char *text)
{
    return parity_strndup(text, strlen(text));
}

char *parity_strndup(const char *text, size_t length)
{
    char *copy = parity_malloc(length + 1);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *parity_asprintf(const char *format, ...)
{
    va_list arguments;
    int length;
    char *text;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    text = parity_malloc((size_t)length + 1);
    if (!text)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

int parity_grow(void *items, size_t *capacity, size_t count, size_t size)
{
    void *grown, **slot = items;
    size_t wanted = *capacity ? *capacity : 8;

    if (count <= *capacity)
        return 0;
    while (wanted < count) {
        if (wanted > SIZE_MAX / 2)
            return -1;
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / size)
        return -1;
    grown = parity_realloc(*slot, wanted * size);
    if (!grown)
        return -1;
    *slot = grown;
    *capacity = wanted;
    return 0;
}

void parity_memory_init(void)
{
    json_set_alloc_funcs(parity_malloc, parity_free);
}

void parity_memory_fail_at(unsigned long n, int from_then_on)
{
    fail_countdown = n;
    fail_from_then_on = from_then_on;
}
