/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_SUGGESTION_TEXT_H
#define PARITY_REPORTERS_SUGGESTION_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "runner/registry.h"

/* Annotations with which tests would pass, as they can be pasted into a suite or a scenario. */

/** One case of a test and what it would need. */
struct parity_need {
    const struct parity_case *test; /* borrowed */
    json_t *paths;  /* owned: of its skip_verify; NULL: it has to be expected to fail */
    json_t *reason; /* owned: parity_need_reason() */
};

void parity_need_clear(struct parity_need *need);

/** Whether one annotation would do for both, if their tests are one. */
bool parity_need_is_same(const struct parity_need *a, const struct parity_need *b);

/** The first line of what was said about a test, as a reason that can be made better: printable
 * ASCII, not too long. New; NULL: no memory. */
json_t *parity_need_reason(const char *message);

/**
 * Append the annotation that cases of one test need, all of them `paths` or none.
 *
 * @param emulator  for which it is to hold; NULL: for all
 * @param count     at least one
 */
void parity_needs_write(struct parity_buffer *out, const char *emulator,
                        const struct parity_need *needs, size_t count);

#endif
