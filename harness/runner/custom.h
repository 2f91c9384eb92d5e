/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CUSTOM_H
#define PARITY_RUNNER_CUSTOM_H

#include <parity/definition.h>

#include "base/error.h"
#include "transformers/transformer.h"

/**
 * Add a transformer that is a function of a suite.
 *
 * @param transformation  of type "custom"; borrowed for as long as the list lives
 * @param err             PARITY_E_INVALID: without a function; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_custom_add(struct parity_transformers *list,
                      const struct parity_transformation *transformation, struct parity_error *err);

#endif
