/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SETTLE_H
#define PARITY_RECORDER_SETTLE_H

#include <jansson.h>

#include "base/error.h"
#include "recorder/snapshot.h"

/* What was recorded is put into the files where it belongs, see recorder/unsettled.h. Whoever does
 * so does it for all: it does not matter which process has recorded. */

/**
 * Settle what was recorded of the suite of `id`: each of its files is written once.
 *
 * @return 0 or -1: PARITY_E_IO (also: the lock), PARITY_E_PARSE, PARITY_E_NOMEM. Then nothing is
 * lost, and the next attempt may go well.
 */
int parity_recordings_settle(struct parity_recordings *recordings, const char *id,
                             struct parity_error *err);

/**
 * Settle what was recorded of all suites of a folder, by a run that has ended, was killed, or is
 * still going on. Where nothing is unsettled, nothing is written or locked.
 *
 * @param settled  new, also on failure: {suite's path without extension: number of tests}; NULL
 *                 when out of memory
 * @return 0 or -1, as parity_recordings_settle(); then some suites may be settled, none half
 */
int parity_settle_folder(const char *folder, json_t **settled, struct parity_error *err);

#endif
