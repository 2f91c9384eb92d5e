/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_RESULT_READ_H
#define PARITY_RUNNER_RESULT_READ_H

#include "runner/result.h"

/**
 * Make of what a results file says about a test what the reporters were told when it was written.
 *
 * @param test       the object; `out` shares its parts
 * @param test_case  borrowed
 * @param out        filled from zero; cleared by the caller in either case
 * @param err        PARITY_E_INVALID: an outcome that there is not; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_result_read(json_t *test, const struct parity_case *test_case, struct parity_result *out,
                       struct parity_error *err);

#endif
