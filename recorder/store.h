/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_STORE_H
#define PARITY_RECORDER_STORE_H

#include <jansson.h>

#include "base/error.h"
#include "recorder/snapshot.h"

/* The steps of storing something of a test, under one lock: for recordings, and for results that
 * wait for a review. */

/** Keep other writers out. @return a descriptor, which the caller closes at the end, or -1
 * (PARITY_E_IO) */
int parity_store_begin(struct parity_recordings *recordings, struct parity_error *err);

/**
 * What stands in one of the files of the test's suite.
 *
 * @param content  borrowed until the next step; NULL when there is no such file
 * @param err      PARITY_E_PARSE: it is broken, and says that nothing was recorded
 * @return 0 or -1
 */
int parity_store_look(struct parity_recordings *recordings, const char *id, const char *suffix,
                      const json_t **content, struct parity_error *err);

/**
 * Store it, so that it is on the disk.
 *
 * @param files  {suffix: entry, or null to take the one out that is there}
 * @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM)
 */
int parity_store_add(struct parity_recordings *recordings, const char *id, const json_t *files,
                     struct parity_error *err);

#endif
