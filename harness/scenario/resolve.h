/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_RESOLVE_H
#define PARITY_SCENARIO_RESOLVE_H

#include "runner/test.h"
#include "scenario/place.h"
#include "scenario/reference.h"

/** What references stand for while a scenario runs. */
struct parity_scenario_values {
    struct parity_test *t;
    const json_t *let;
    json_t *values; /* object: name → value, of `let` as far as it was needed, and of `as` */
    size_t count;   /* of values that references have put in */
};

/**
 * A value with its references resolved: a text that is one reference becomes the value that it
 * stands for, in others and in member names the text is inserted. What holds no reference is not
 * copied.
 *
 * @param out  new, not to be changed; NULL on failure
 * @param err  PARITY_E_RESPONSE: an answer has not what the reference asks for; PARITY_E_INVALID:
 *             the scenario is to blame; both with the path in the file; PARITY_E_LIMIT: values
 *             grow without end; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_scenario_resolve(struct parity_scenario_values *values, const struct parity_place *place,
                            json_t **out, struct parity_error *err);

/** Whether everything that the references in a value name is known by now. */
bool parity_scenario_is_resolvable(const struct parity_scenario_values *values,
                                   const json_t *value);

#endif
