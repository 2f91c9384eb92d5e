/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TRACE_H
#define PARITY_RUNNER_TRACE_H

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Which calls of a test the values came from that it looked at, so that credit for a check goes to
 * the calls whose answers were checked, and to no others (docs/coverage.md).
 *
 * A value is known by what it is, not by what it equals: a response, a part of one that `get`
 * found, or what was put together of such parts. A copy that a suite makes of texts and numbers in
 * C comes from nowhere, and so do truth values and nulls alone, of which there is only one each.
 */

/** A value that the test got for calls that follow one another. */
struct parity_trace_response {
    json_t *value; /* borrowed from the test */
    size_t first_call, call_count;
};

/** Zero-initialise, clear. */
struct parity_trace {
    struct parity_trace_response *responses;
    size_t count, capacity;
    struct parity_buffer notes; /* what is known of calls, see parity_trace_take() */
};
void parity_trace_clear(struct parity_trace *trace);

/** Note what a call was made with. */
void parity_trace_sent(struct parity_trace *trace, size_t call, const json_t *input);

/**
 * Note what calls were answered with.
 *
 * @param value  borrowed until the trace is cleared
 * @return 0 or -1 (out of memory)
 */
int parity_trace_add(struct parity_trace *trace, json_t *value, size_t first_call,
                     size_t call_count);

/** Note that `value` is compared under a match key. @return 0 or -1 (out of memory) */
int parity_trace_match(struct parity_trace *trace, const char *key, json_t *value);

/**
 * Note that the test compared `value` itself.
 *
 * @param how  "error" (the call was to be refused, and was) or "value"
 * @return 0 or -1 (out of memory)
 */
int parity_trace_expect(struct parity_trace *trace, const char *how, json_t *value);

/**
 * What was noted since the last time, as one text: every test goes from one process to another, and
 * most runs ask for no report that shows it.
 *
 * @return new; NULL: nothing, or no memory
 */
json_t *parity_trace_take(struct parity_trace *trace);

/**
 * Put notes where reports have them: into the members `parameters`, `matched`, `matched_in_part`
 * and `expected` of calls, each an array of texts. `parameters` is always there.
 *
 * @param calls  array of objects; changed
 * @param notes  array of what parity_trace_take() gave; NULL: none
 */
void parity_trace_apply(json_t *calls, const json_t *notes);

#endif
