/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JUDGE_TRANSFORMERS_H
#define PARITY_RUNNER_JUDGE_TRANSFORMERS_H

#include <jansson.h>

#include "runner/kept_transformers.h"
#include "runner/test.h"
#include "transformers/transformer.h"

/**
 * What tests have in common: those of a suite the defaults and the suite's own transformers, made
 * for the first of them; those of any suite the presets that they name. Zero-initialise, clear.
 */
struct parity_common_transformers {
    struct parity_kept_transformers kept;
    struct parity_transformers list;             /* may borrow from `kept` */
    const struct parity_suite_definition *suite; /* whose they are; NULL: those of no suite */
    const char *account_id;                      /* for which they were made; compared by address */
    bool old;                                    /* with the older defaults */
};
void parity_common_transformers_clear(struct parity_common_transformers *common);

/**
 * All transformers of a test: the defaults, those of its suite and its own, what its body added,
 * what stands beside the suite.
 *
 * @param at_run_time, further  arrays of specs; NULL: none
 * @param list  empty; to be cleared by the caller, also after a failure, and before the common ones
 *              of the test's environment are used for another suite
 * @param err   as parity_transformers_add_spec()
 * @return 0 or -1
 */
int parity_judge_transformers(const struct parity_test *t, const json_t *at_run_time,
                              const json_t *further, struct parity_transformers *list,
                              struct parity_error *err);

#endif
