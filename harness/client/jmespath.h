/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_H
#define PARITY_CLIENT_JMESPATH_H

#include <jansson.h>

#include "base/error.h"

/**
 * The value that a JMESPath expression selects.
 *
 * The whole grammar but expression references (`&…`); of the functions those that AWS's models use
 * and their kin: contains, ends_with, keys, length, not_null, starts_with, type, values.
 *
 * @param expression  as models hold it: of waiters, paginators, endpoint parameters
 * @param out         new, values may be shared with `document`; JSON null when nothing is selected
 * @param err         PARITY_E_PARSE with the column; PARITY_E_INVALID (function called wrongly)
 * @return 0 or -1
 * @see https://jmespath.org/specification.html
 */
int parity_jmespath_search(const char *expression, const json_t *document, json_t **out,
                           struct parity_error *err);

#endif
