/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_ARENA_H
#define PARITY_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Memory that is released as a whole. It stands in few blocks, each twice as large as the one
 * before, so that releasing it writes to few pages: after a fork() a page that either side writes
 * to is copied. Zero-initialise, clear.
 */
struct parity_arena {
    struct parity_arena_block *blocks; /* owned, the last one first */
};

void parity_arena_clear(struct parity_arena *arena);

/** @return `size` bytes, aligned for any type, valid until the arena is cleared; NULL: no memory */
void *parity_arena_get(struct parity_arena *arena, size_t size);

/** The same, zeroed, for `count` items; NULL on overflow, too. */
void *parity_arena_get_zeroed(struct parity_arena *arena, size_t count, size_t size);

/** Whether memory is the arena's. Looks at each block, the last one first. */
bool parity_arena_holds(const struct parity_arena *arena, const void *memory);

#endif
