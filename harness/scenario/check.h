/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_CHECK_H
#define PARITY_SCENARIO_CHECK_H

/* What the files of the check share: check.c, check_input.c, check_output.c. */

#include "base/json.h"
#include "scenario/reference.h"
#include "scenario/scenario.h"

struct parity_scenario_checking {
    const struct parity_scenario *scenario;
    struct parity_models *models;
    const struct parity_kept_transformers *kept; /* NULL: none */
    struct parity_scenario_report *report;
};

/** The operation that a step calls, or whose waiter it uses; NULL: it calls none, or one that is
 * not known. Tells why if `place` is not NULL. */
const struct parity_operation *
parity_scenario_operation(const struct parity_scenario_checking *checking,
                          const struct parity_scenario_step *step,
                          const struct parity_place *place);

/** Check an input's names and types; those of what references stand for as far as they are known.
 */
void parity_scenario_check_input(const struct parity_scenario_checking *checking,
                                 const struct parity_operation *operation,
                                 const struct parity_place *place);

/** Check the paths of all references in a value against what they look into. */
void parity_scenario_check_paths(const struct parity_scenario_checking *checking,
                                 const struct parity_place *place);

/**
 * The type of what a reference stands for, as far as it is known before anything runs.
 *
 * @param text  between the braces
 * @return whether it is known
 */
bool parity_scenario_kind_of(const struct parity_scenario_checking *checking, const char *text,
                             size_t length, enum parity_json_kind *out);

/** A type as messages say it: "a text". */
const char *parity_scenario_kind_text(enum parity_json_kind kind);

/** Texts that SDKs hand over as the JSON that they are. */
bool parity_scenario_is_decoded(const struct parity_operation *operation,
                                const struct parity_shape *shape);

#endif
