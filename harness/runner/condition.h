/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CONDITION_H
#define PARITY_RUNNER_CONDITION_H

#include <parity/definition.h>

#include "base/error.h"
#include "runner/registry.h"

/** Whether anything is asked for. */
bool parity_condition_is_given(const struct parity_condition *condition);

/** Whether all that is asked for holds for this case of a test, for the target and in this
 * process's environment. */
bool parity_condition_holds(const struct parity_condition *condition,
                            const struct parity_case *test,
                            const struct parity_target_info *target);

/** @return 0, or -1 (PARITY_E_INVALID: a range of versions that is none) */
int parity_condition_check(const struct parity_condition *condition, struct parity_error *err);

/** The skip_if that holds, the test's before its suite's; NULL: none. */
const struct parity_skip_if *parity_skip_if_find(const struct parity_case *test,
                                                 const struct parity_target_info *target);

/** The expected failure that holds; NULL: none. */
const struct parity_expected_failure *
parity_expected_failure_find(const struct parity_case *test,
                             const struct parity_target_info *target);

/**
 * Check the annotations of a test or of a suite: ranges of versions, and that each skip_if and
 * expected_failure has a reason. Either may be NULL.
 * @return 0 or -1 (PARITY_E_INVALID, without a place)
 */
int parity_annotations_check(const struct parity_test_definition *test,
                             const struct parity_suite_definition *suite, struct parity_error *err);

#endif
