/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_LIVE_LINE_H
#define PARITY_REPORTERS_LIVE_LINE_H

#include <stddef.h>

#include "base/buffer.h"
#include "runner/outcome.h"

/** How far a run is. */
struct parity_progress {
    size_t done, selected;
    size_t counts[PARITY_OUTCOME_COUNT];
    double elapsed_s, left_s; /* `left_s` below 1: is not said */
    const char *running;      /* the test begun last; "" none */
};

/**
 * Append the line that shows a run while it goes on: "12/340  10 passed  2 failed  4 s  1 min 49 s
 * left  sqs/test_send.c::fifo".
 *
 * It is no wider than `width` columns: the test is cut or left out first, then the times, then the
 * counts of what is well.
 */
void parity_live_line(struct parity_buffer *out, const struct parity_progress *progress,
                      size_t width);

/** Characters at the beginning of `text` that take `width` columns, in bytes; an invalid byte
 * takes one. */
size_t parity_live_line_fit(const char *text, size_t width);

#endif
