/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_STEP_H
#define PARITY_SCENARIO_STEP_H

#include <parity/test.h>

#include "base/arena.h"

/** A step of a scenario or of its cleanup, read once for the check and for all runs. */
struct parity_scenario_step {
    const json_t *json; /* all of it; what is below and not there is NULL or zero */
    int line;           /* 0: of cleanup */
    bool is_wait;
    const char *service, *operation;    /* of a call, or with `is_wait` of a waiter */
    struct parity_test_options options; /* of these, but for the region */
    const json_t *input, *value, *until, *select, *region; /* with references in them */
    const json_t *sleep;
    const char *as, *match;
    double timeout_s, interval_s;
};

struct parity_scenario_steps {
    struct parity_scenario_step *items;
    size_t count;
};

/**
 * Read steps whose structure is known to be right.
 *
 * @param list   lasts as long as `out`; NULL: there are none
 * @param arena  of which `out` gets its memory
 * @return 0, or -1: no memory
 */
int parity_scenario_steps_read(const json_t *list, struct parity_arena *arena,
                               struct parity_scenario_steps *out);

#endif
