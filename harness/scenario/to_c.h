/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_TO_C_H
#define PARITY_SCENARIO_TO_C_H

#include "base/buffer.h"
#include "scenario/scenario.h"

/**
 * Print scenarios as a suite in C, as a person would write it: the same calls, matches,
 * transformers and cleanups in the same order.
 *
 * A value of an answer is looked up where it is first needed, also by a cleanup; there a missing
 * one ends the test in C, while the scenario goes on without that cleanup.
 *
 * @param scenarios  loaded without problems, and without problems against the models
 * @param models     tell the types of what answers hold
 * @param out        appended
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_scenarios_to_c(const struct parity_scenarios *scenarios, struct parity_models *models,
                          struct parity_buffer *out, struct parity_error *err);

#endif
