/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESET_FILL_H
#define PARITY_PRESET_FILL_H

#include <jansson.h>

#include "base/error.h"

/**
 * A copy of `transformers` in which each `${name}` of a text is the value of that name. A text that
 * is nothing but one reference becomes the value with its type; `$${` becomes `${`. A transformer
 * that names one of `values` without a value in `bound` is left out.
 *
 * @param transformers  array of specs
 * @param bound         {name: value}
 * @param values        object: every name that need not have a value; may be NULL
 * @param err           PARITY_E_INVALID: an unknown name, a value that is no text inside a text
 * @return new array, or NULL
 */
json_t *parity_preset_fill(const json_t *transformers, const json_t *bound, const json_t *values,
                           struct parity_error *err);

#endif
