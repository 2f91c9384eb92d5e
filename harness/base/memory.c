/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <jansson.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static unsigned long fail_countdown; /* 0: no failure planned */
static int fail_from_then_on;

static _Thread_local unsigned long failures;

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

/*
 * Small blocks that were released, by size, for the next that asks. A JSON document is a hundred
 * blocks of a few sizes that go together; the C library keeps seven of each at hand and joins the
 * others to larger ones, only to cut them up again for the next document. Kept blocks are
 * ordinary ones of malloc(). Not with AddressSanitizer or below valgrind, which must see each
 * release.
 */
enum { KEPT_SIZES = 16, KEPT_BLOCKS = 1024, SIZE_STEP = 16, SMALLEST = 8 };

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { KEEP_BLOCKS = 0 };
#else
enum { KEEP_BLOCKS = 1 };
#endif

/* Valgrind's header holds instructions that do nothing elsewhere; where it is not installed, nobody
 * runs what was built below valgrind. */
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND 0
#endif

static bool keep_blocks = KEEP_BLOCKS;

__attribute__((constructor)) static void look_for_valgrind(void)
{
    if (RUNNING_ON_VALGRIND)
        keep_blocks = false;
}

struct kept_block {
    struct kept_block *next;
};

/* At [i]: blocks with room for SMALLEST + i * SIZE_STEP bytes or more; none at [0]. Not of the kind
 * that is found without a call: programs that load the library later have no room for it. */
static _Thread_local struct {
    struct kept_block *first;
    unsigned count;
} kept[KEPT_SIZES];

static inline void *take_kept(size_t size)
{
    size_t i = size <= SMALLEST + SIZE_STEP ? 1 : (size - SMALLEST + SIZE_STEP - 1) / SIZE_STEP;
    struct kept_block *block;

    if (i >= KEPT_SIZES || !kept[i].first)
        return NULL;
    block = kept[i].first;
    kept[i].first = block->next;
    kept[i].count--;
    return block;
}

static inline bool keep(void *memory)
{
    size_t room = malloc_usable_size(memory);
    size_t i = room < SMALLEST ? 0 : (room - SMALLEST) / SIZE_STEP;
    struct kept_block *block = memory;

    if (i == 0 || i >= KEPT_SIZES || kept[i].count >= KEPT_BLOCKS)
        return false;
    block->next = kept[i].first;
    kept[i].first = block;
    kept[i].count++;
    return true;
}

static inline void *allocate(size_t size)
{
    void *memory = NULL;

    if (!must_fail()) {
        if (keep_blocks)
            memory = take_kept(size);
        if (!memory)
            memory = malloc(size ? size : 1);
    }
    if (!memory)
        failures++;
    return memory;
}

void *parity_malloc(size_t size)
{
    return allocate(size);
}

void *parity_realloc(void *old, size_t size)
{
    void *memory;

    if (!old)
        return parity_malloc(size);
    memory = must_fail() ? NULL : realloc(old, size ? size : 1);
    if (!memory)
        failures++;
    return memory;
}

unsigned long parity_memory_failures(void)
{
    return failures;
}

void parity_memory_trim(void)
{
    malloc_trim(0);
}

static inline void release(void *memory)
{
    if (!memory || (keep_blocks && keep(memory)))
        return;
    free(memory);
}

void parity_free(void *memory)
{
    release(memory);
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
    char shorter[256]; /* most are; only what is longer is formatted twice */
    va_list arguments;
    int length;
    char *text;

    va_start(arguments, format);
    length = vsnprintf(shorter, sizeof shorter, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    if ((size_t)length < sizeof shorter)
        return parity_strndup(shorter, (size_t)length);
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

/* --- jansson -----------------------------------------------------------------------------------
 */

static _Thread_local struct parity_arena *json_arena; /* NULL: its memory is as all other */
/* How many threads have one. Mostly none has, which is seen without looking for what is a thread's
 * own. */
static atomic_uint arena_count;

static bool is_led(void)
{
    return atomic_load_explicit(&arena_count, memory_order_relaxed) > 0 && json_arena;
}

static void *get_of_arena(size_t size)
{
    void *memory = must_fail() ? NULL : parity_arena_get(json_arena, size);

    if (!memory)
        failures++;
    return memory;
}

static void *json_malloc(size_t size)
{
    return is_led() ? get_of_arena(size) : allocate(size);
}

static void json_free(void *memory)
{
    if (!is_led() || !parity_arena_holds(json_arena, memory))
        release(memory);
}

void parity_memory_init(void)
{
    json_set_alloc_funcs(json_malloc, json_free);
}

void parity_memory_lead_json(struct parity_arena *arena)
{
    if (arena && !json_arena)
        arena_count++;
    else if (!arena && json_arena)
        arena_count--;
    json_arena = arena;
}

void parity_memory_fail_at(unsigned long n, int from_then_on)
{
    fail_countdown = n;
    fail_from_then_on = from_then_on;
}
