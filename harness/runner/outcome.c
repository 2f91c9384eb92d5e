/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/outcome.h"

#include <string.h>

static const char *const names[PARITY_OUTCOME_COUNT] = {
    [PARITY_PASSED] = "passed",   [PARITY_FAILED] = "failed",   [PARITY_ERROR] = "error",
    [PARITY_SKIPPED] = "skipped", [PARITY_CRASHED] = "crashed", [PARITY_TIMEOUT] = "timeout",
};

const char *parity_outcome_name(enum parity_outcome outcome)
{
    return names[outcome];
}

enum parity_outcome parity_outcome_named(const char *name)
{
    for (int i = 0; name && i < PARITY_OUTCOME_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return (enum parity_outcome)i;
    return PARITY_ERROR;
}

bool parity_outcome_is_bad(enum parity_outcome outcome)
{
    return outcome != PARITY_PASSED && outcome != PARITY_SKIPPED;
}
