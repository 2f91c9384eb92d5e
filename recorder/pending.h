/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_PENDING_H
#define PARITY_RECORDER_PENDING_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "recorder/snapshot.h"

/*
 * New results that wait beside the recordings until somebody has looked at them. A pending file is
 * a snapshot file of which each entry has, beside what a recording has, "provenance" and
 * "durations_in_seconds". Git ignores it.
 */

#define PARITY_PENDING_SUFFIX ".pending.snapshot.json"

/**
 * Leave one test's new result beside its recording, instead of an older one that waits there. As a
 * recording, it is stored now and stands in its file once it is settled (recorder/settle.h).
 *
 * @param update  as for parity_recordings_store(), which `replace_aws` and `raw` have no meaning
 * for
 * @return 0 or -1, as parity_recordings_store()
 */
int parity_pending_store(struct parity_recordings *recordings,
                         const struct parity_recording_update *update, struct parity_error *err);

/**
 * What waits and is settled: an array of {"id", "file", "entry"}, by file and in the order of the
 * file.
 *
 * @param out  new
 * @param err  PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_pending_list(const char *folder, json_t **out, struct parity_error *err);

/**
 * Make a pending result the recording, then take it out of what waits. Killed in between, it is in
 * both.
 *
 * @param entry    as it was listed
 * @param options  NULL, or secrets and replace_aws; nothing else is looked at
 * @return 0 or -1, as parity_recordings_store(); then it still waits
 */
int parity_pending_accept(struct parity_recordings *recordings, const char *id, const json_t *entry,
                          const struct parity_recording_update *options, struct parity_error *err);

/**
 * Take a result out of what waits, unless it is another one than `entry` by now: then it waits on.
 *
 * @param entry  as it was listed; NULL: whatever is there
 * @return 0 (also when there is none) or -1 (PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM)
 */
int parity_pending_remove(struct parity_recordings *recordings, const char *id, const json_t *entry,
                          struct parity_error *err);

#endif
