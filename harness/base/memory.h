/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_MEMORY_H
#define PARITY_BASE_MEMORY_H

#include <stddef.h>

struct parity_arena;

/*
 * Every allocation of parity, and through parity_memory_init() also those of jansson, goes through
 * these four, so that a test can make the n-th one fail. PCRE2, expat and libcurl are handed the
 * same functions where they are initialised.
 */

void *parity_malloc(size_t size);
void *parity_realloc(void *old, size_t size);
void parity_free(void *memory);

/** Zeroed memory for `count` items of `size` bytes; NULL on overflow or when there is none. */
void *parity_calloc(size_t count, size_t size);

/** A copy of `text`, to be released with parity_free(); NULL when out of memory. */
char *parity_strdup(const char *text);
char *parity_strndup(const char *text, size_t length);

/** `printf` into new memory, to be released with parity_free(); NULL when out of memory. */
__attribute__((format(printf, 1, 2))) char *parity_asprintf(const char *format, ...);

/**
 * Grow the array `*items` of `size`-byte items so that it holds at least `count` of them.
 *
 * Doubles, so appending is linear overall. `*items` and `*capacity` stay as they were on failure.
 *
 * @return 0, or -1 when out of memory
 */
int parity_grow(void *items, size_t *capacity, size_t count, size_t size);

/** Lead jansson's allocations here. Called once, before any JSON is made. */
void parity_memory_init(void);

/**
 * Let what this thread makes with jansson from now on stand in an arena, until this is called with
 * NULL. What is released meanwhile stays there unused. What was made must be left as it is
 * afterwards: to that end, parity_json_freeze() it.
 */
void parity_memory_lead_json(struct parity_arena *arena);

/**
 * How many allocations of this thread have failed until now. For what is put together in many small
 * steps, as JSON is: whoever sees the same number before and after knows that none of them failed.
 */
unsigned long parity_memory_failures(void);

/**
 * Give memory that was released back to the system, where megabytes of small blocks have gone: what
 * is made next would be cut from the pages that they leave behind, and hold on to all of them.
 */
void parity_memory_trim(void);

/**
 * For tests: let the n-th allocation from now on fail (1: the next), and every later one if
 * `from_then_on`. 0 switches it off.
 */
void parity_memory_fail_at(unsigned long n, int from_then_on);

#endif
