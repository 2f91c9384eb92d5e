/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_LOCK_H
#define PARITY_RECORDER_LOCK_H

#include "base/error.h"

/**
 * Keep other writers out of a folder of recordings, which is made if there is none.
 *
 * @param timeout_ms  how long to wait for another parity
 * @param err         PARITY_E_IO: also when the other did not end in time
 * @return a descriptor, which the caller closes to give the lock back, or -1
 */
int parity_tree_lock(const char *folder, long timeout_ms, struct parity_error *err);

#endif
