/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PYTHON_NUMBER_H
#define PARITY_PYTHON_NUMBER_H

#include <jansson.h>

enum { PARITY_UNORDERED = 2 };

/**
 * Compare two numbers as Python does: by exact value, whatever their types; booleans are 0 and 1.
 *
 * @return below 0, 0, 1, or PARITY_UNORDERED (one is NaN)
 */
int parity_python_number_compare(const json_t *a, const json_t *b);

/** Is it a number to Python: integer, real or boolean? */
int parity_python_is_number(const json_t *value);

#endif
