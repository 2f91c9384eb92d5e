/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JUDGE_SKIPS_H
#define PARITY_RUNNER_JUDGE_SKIPS_H

#include "recorder/verify.h"
#include "runner/test.h"

enum {
    PARITY_SUITE_SKIPS = sizeof((struct parity_suite_definition *)0)->skip_verify /
                         sizeof(struct parity_skip_verify),
    PARITY_TEST_SKIPS =
        sizeof((struct parity_test_definition *)0)->skip_verify / sizeof(struct parity_skip_verify)
};

/** The skip_verify entries that apply to a test, closest first. Borrows from its definitions. */
struct parity_skips {
    /* One more than can be declared, for one that is tried out. */
    struct parity_skip items[PARITY_SUITE_SKIPS + PARITY_TEST_SKIPS + 1];
    size_t count;
    size_t own;             /* of these, the first ones: the test's own, not its suite's */
    bool off;               /* nothing is compared … */
    bool off_by_suite;      /* … as the suite says … */
    const char *off_reason; /* … for this reason; NULL: none is given */
};

/** Collect them as the reference does (REFERENCE.md, 7.2); on AWS there are none. */
void parity_skips_collect(const struct parity_test *t, struct parity_skips *out);

/**
 * Tell what hid nothing of a test from what hid nothing of its suite, which may be needed by other
 * tests. What switches the comparison off without need counts as the path "$".
 *
 * @param unused    array: paths that hid nothing; those of the suite are taken out
 * @param hid       whether anything was hidden
 * @param of_suite  new object: {path of the suite: whether it hid something}; NULL when out of
 * memory
 */
void parity_skips_split(const struct parity_skips *skips, json_t *unused, bool hid,
                        json_t **of_suite);

#endif
