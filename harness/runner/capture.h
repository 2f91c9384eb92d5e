/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CAPTURE_H
#define PARITY_RUNNER_CAPTURE_H

#include "base/buffer.h"

/**
 * What a test writes to its output, of which the beginning and the end are kept: a test may write
 * gigabytes. Zero-initialise, add, take.
 */
struct parity_capture {
    struct parity_buffer head, tail;
    size_t dropped; /* bytes left out between the two */
};

void parity_capture_add(struct parity_capture *capture, const char *data, size_t length);

/** End the last line, if it has not ended: what comes next is no part of it. */
void parity_capture_end_line(struct parity_capture *capture);

/**
 * Everything kept, with a line that says what is left out; the capture is empty afterwards. Bytes
 * that are no UTF-8 are shown as \xNN.
 *
 * @return new, released with parity_free(); NULL: nothing was written, or no memory
 */
char *parity_capture_take(struct parity_capture *capture);

#endif
