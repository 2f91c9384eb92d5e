/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_BYTES = 4096, MOST_BYTES = 1 << 26 };

struct parity_arena_block {
    struct parity_arena_block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

void parity_arena_clear(struct parity_arena *arena)
{
    while (arena->blocks) {
        struct parity_arena_block *next = arena->blocks->next;

        parity_free(arena->blocks);
        arena->blocks = next;
    }
}

/* A block with room for `size` bytes at least; NULL: no memory. */
static struct parity_arena_block *add_block(struct parity_arena *arena, size_t size)
{
    size_t capacity = arena->blocks ? 2 * arena->blocks->size : FIRST_BYTES;
    struct parity_arena_block *block;

    if (capacity > MOST_BYTES)
        capacity = MOST_BYTES;
    if (capacity < size)
        capacity = size;
    block = parity_malloc(sizeof *block + capacity);
    if (!block)
        return NULL;
    block->next = arena->blocks;
    block->used = 0;
    block->size = capacity;
    arena->blocks = block;
    return block;
}

void *parity_arena_get(struct parity_arena *arena, size_t size)
{
    struct parity_arena_block *block = arena->blocks;
    void *memory;

    if (size > PTRDIFF_MAX)
        return NULL;
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!block || block->size - block->used < size) {
        block = add_block(arena, size);
        if (!block)
            return NULL;
    }
    memory = block->data + block->used;
    block->used += size;
    return memory;
}

void *parity_arena_get_zeroed(struct parity_arena *arena, size_t count, size_t size)
{
    void *memory = NULL;

    if (size == 0 || count <= SIZE_MAX / size)
        memory = parity_arena_get(arena, count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

bool parity_arena_holds(const struct parity_arena *arena, const void *memory)
{
    uintptr_t place = (uintptr_t)memory;

    for (const struct parity_arena_block *block = arena->blocks; block; block = block->next) {
        uintptr_t start = (uintptr_t)block->data;

        if (place >= start && place - start < block->size)
            return true;
    }
    return false;
}
