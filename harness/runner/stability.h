/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_STABILITY_H
#define PARITY_RUNNER_STABILITY_H

#include "runner/judge.h"

/**
 * Compare what a test would record with what `options->first` would: a result that differs from one
 * run to the next is no ground truth. Where it does, look for transformers that settle it; with
 * `apply_suggestions` they become part of the result, else the test ends as an error that names
 * them.
 *
 * @param out  has `transformed`, which is taken away from an unstable test
 */
void parity_judge_stability(struct parity_test *t, const struct parity_judge_options *options,
                            struct parity_judgement *out);

#endif
