/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_LAYOUT_H
#define PARITY_RECORDER_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/** Where one entry of a file stands in its text, from the quote of its key to its last brace. */
struct parity_layout_entry {
    char *key; /* owned */
    size_t key_length;
    size_t start, end;
    int line; /* 1-based */
};

/** What the parsed document no longer tells. Zero-initialise, read, clear. */
struct parity_layout {
    struct parity_layout_entry *entries;
    size_t count, capacity;
};

/**
 * Look where things stand in the text of a file of recordings.
 *
 * @param text    must have been read by parity_tree_read()
 * @param layout  filled from zero; cleared by the caller in either case
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_layout_read(const char *text, size_t length, struct parity_layout *layout,
                       struct parity_error *err);
void parity_layout_clear(struct parity_layout *layout);

/**
 * Append the text without the entries that `drop` says; every other byte stays, but for the
 * separators of what is gone.
 *
 * @param drop  one for each entry
 * @return the number of entries that are left
 */
size_t parity_layout_cut(const struct parity_layout *layout, const char *text, size_t length,
                         const bool *drop, struct parity_buffer *out);

#endif
