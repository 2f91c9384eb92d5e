/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SIMILARITY_H
#define PARITY_RECORDER_SIMILARITY_H

#include <jansson.h>
#include <stdint.h>

enum { PARITY_SIMILARITY_SAME = 1000 };

/** A number that equal values share, whatever the order of their members. */
uint64_t parity_json_hash(json_t *value);

/**
 * How much two values have in common: 0 (nothing, not even the type) to PARITY_SIMILARITY_SAME.
 *
 * @param budget  number of values it may still look at; counted down
 */
int parity_json_similarity(json_t *a, json_t *b, int *budget);

#endif
