/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_RAW_H
#define PARITY_RECORDER_RAW_H

#include <jansson.h>

/**
 * A copy of a state in which values that JSON has no type for are as the reference's raw files have
 * them: dates with milliseconds and "Z" whatever their zone, bytes as the text they are. Bytes that
 * are no UTF-8 keep their typed form (the reference gives up there).
 *
 * @return new; NULL when out of memory
 * @see REFERENCE.md, 1.5
 */
json_t *parity_raw_encode(const json_t *value);

#endif
