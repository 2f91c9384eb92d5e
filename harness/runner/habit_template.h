/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_HABIT_TEMPLATE_H
#define PARITY_RUNNER_HABIT_TEMPLATE_H

#include <jansson.h>

/** The call that created something. Borrowed. */
struct parity_habit_source {
    const json_t *input, *output;
    const char *mark; /* the part of names that is another one in each run; NULL: there is none */
};

/**
 * The form of a cleanup's input (runner/habits.h): texts by where they stand in the call that
 * created. Numbers and truth values stay as they are.
 *
 * @return new; NULL: a text of it comes from elsewhere, so nobody knows what it will be next time
 */
json_t *parity_habit_template(const json_t *value, const struct parity_habit_source *source);

/**
 * The input of a cleanup.
 *
 * @return new; NULL: something is not where it was, or a text that does not change has changed
 */
json_t *parity_habit_fill(const json_t *form, const struct parity_habit_source *source);

#endif
