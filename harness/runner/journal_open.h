/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JOURNAL_OPEN_H
#define PARITY_RUNNER_JOURNAL_OPEN_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>

/*
 * Which entries of a journal are open, kept beside the file in memory that all processes of a run
 * share: a run that left nothing need not read back at its end what it wrote.
 */

enum { PARITY_OPEN_IDS = 1 << 20 };

/** A bit for each id. Zero-initialise. */
struct parity_open_ids {
    atomic_uchar bits[PARITY_OPEN_IDS / 8];
    atomic_bool lost; /* there was an id beyond: only the file knows */
};

/** An entry is about to be written. */
void parity_open_ids_add(struct parity_open_ids *open, json_int_t id);

/** Entries have been struck off in the file. `ids` is an array. */
void parity_open_ids_strike(struct parity_open_ids *open, const json_t *ids);
void parity_open_ids_strike_one(struct parity_open_ids *open, json_int_t id);

/** Whether it is sure that none is open of those up to `last_id`. */
bool parity_open_ids_are_none(struct parity_open_ids *open, json_int_t last_id);

#endif
