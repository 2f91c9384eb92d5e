/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_DURATIONS_H
#define PARITY_RUNNER_DURATIONS_H

#include <stddef.h>

#include "base/error.h"
#include "runner/registry.h"

/**
 * How long tests took when they were recorded on AWS: "durations_in_seconds" of their validation
 * files, which are the same on every machine that has the same checkout.
 *
 * @param trees  folders of recordings, the first that knows a test counts; NULL-terminated
 * @param out    room for `count`; below 0: not known
 * @param err    PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_recorded_durations(const struct parity_case *const *cases, size_t count,
                              const char *const *trees, double *out, struct parity_error *err);

#endif
