/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESET_ARGUMENTS_H
#define PARITY_PRESET_ARGUMENTS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * Presets that need values of the run: what they take ("parameters"), what they make of it
 * ("values"), and where it goes (`${name}` in the texts of their transformers).
 *
 *   {"parameters": {"response": {"type": "object"}, "index": {"type": "integer", "default": 0}},
 *    "values": {"name": {"of": "response", "path": "$.stateMachineArn", "split": ":", "part": -1}},
 *    "transformers": [{"type": "regex", "pattern": "${name}", "replacement": "<Arn_${index}>"}]}
 */

/**
 * The transformers of a preset for these arguments.
 *
 * @param preset     {"transformers", "parameters", "values"}, the last two optional; borrowed
 * @param arguments  {parameter: value}; NULL: none. Borrowed
 * @param trial      the values are not known yet: an argument may still hold `${…}`, and each
 * stands for something of its type. What can be wrong all the same is found
 * @param err        PARITY_E_INVALID (an unknown or missing argument, one of another type, a value
 *                   that cannot be derived, a broken declaration), PARITY_E_PARSE (a path or
 *                   pattern), PARITY_E_NOMEM
 * @return new array of specs, not to be changed, since it may be shared; or NULL
 */
json_t *parity_preset_bind(const json_t *preset, const json_t *arguments, bool trial,
                           struct parity_error *err);

#endif
