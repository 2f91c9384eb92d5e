/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_RESULT_TEXT_H
#define PARITY_REPORTERS_RESULT_TEXT_H

#include "base/buffer.h"
#include "runner/result.h"

struct parity_result_text_options {
    bool colour;
    int width;         /* columns; 0: 100 */
    bool verbose;      /* also tests that passed, what was hidden */
    bool bare;         /* without the test's name and outcome, and without what it wrote */
    bool unused_skips; /* also of a test that passed */
    bool quiet;        /* no warnings of tests that passed */
};

/**
 * Append all that a reader needs to know about one test: why it did not pass, each difference
 * aligned, the calls it made, what it wrote. Nothing for a test that passed or was skipped, unless
 * `verbose` or something about it needs attention (a failed cleanup, a warning).
 */
void parity_result_text(struct parity_buffer *out, const struct parity_result *result,
                        const struct parity_result_text_options *options);

/** Append what tells the runs of a test with `--repeat` apart, after its name: ", run 2"; nothing
 * where it runs once. */
void parity_result_text_run(struct parity_buffer *out, const struct parity_result *result);

/** Append what parity_result_text() does of an attempt that was made again, one of
 * `result->attempts`: its message, where it ended and its differences; not what it wrote. */
void parity_attempt_text(struct parity_buffer *out, const json_t *attempt);

#endif
