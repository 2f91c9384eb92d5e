/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_HABIT_PRUNE_H
#define PARITY_RUNNER_HABIT_PRUNE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "runner/registry.h"

/** Which tests there are, as far as a run knows. Borrowed. */
struct parity_habit_tests {
    const struct parity_registry *registry; /* all tests of the suites that were loaded */
    const char *suites; /* folder of their sources, absolute, whether it exists or not */
    bool all;           /* no suite and no scenario was left out */
};

/**
 * Take out the habits (runner/habits.h) of what exists no more: of tests that are not in their
 * suite, which was loaded, and if nothing was left out, of tests and fixtures whose file is gone.
 * What cannot be told for certain stays.
 *
 * @param lines  object: the lines of the file, by any keys
 * @return whether any were taken out
 */
bool parity_habit_prune(json_t *lines, const struct parity_habit_tests *tests);

/**
 * Whether there may be something to take out of a file with such lines. As a rule there is not, and
 * then none of them needs to be parsed.
 *
 * @param text  of the file, NUL-terminated
 */
bool parity_habit_may_prune(const struct parity_buffer *text,
                            const struct parity_habit_tests *tests);

#endif
