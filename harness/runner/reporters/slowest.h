/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_SLOWEST_H
#define PARITY_REPORTERS_SLOWEST_H

#include "base/buffer.h"
#include "runner/result.h"

/** The slowest tests so far. Zero-initialise, set `most`, add, clear. */
struct parity_slowest {
    size_t most; /* how many are kept */
    struct parity_slow_test {
        const struct parity_case *test; /* borrowed */
        double duration_s;
    } * items; /* the slowest first */
    size_t count, capacity;
};

/** @return 0, or -1 when out of memory */
int parity_slowest_add(struct parity_slowest *slowest, const struct parity_result *result);

/** Append a line for each, below a line that says what they are; nothing when there are none. */
void parity_slowest_text(struct parity_buffer *out, const struct parity_slowest *slowest);

void parity_slowest_clear(struct parity_slowest *slowest);

#endif
