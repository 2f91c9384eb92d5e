/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_SUITE_TRANSFORMERS_H
#define PARITY_RUNNER_SUITE_TRANSFORMERS_H

#include <jansson.h>

#include "base/error.h"

/*
 * Transformers that stand in a file beside a suite: "sqs/test_send.transformers.json" for
 * "sqs/test_send.c", an object of test names, each with an array in the case format. They are
 * added after those of the test itself.
 */

/**
 * @param suites  the folder of the suites; NULL: there are none
 * @param id      of the test
 * @param out     new array; empty when there is no file, or nothing for this test
 * @param err     PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_suite_transformers_read(const char *suites, const char *id, json_t **out,
                                   struct parity_error *err);

/** Add transformers for a test; those of others stay. @return 0 or -1, as for reading */
int parity_suite_transformers_add(const char *suites, const char *id, const json_t *transformers,
                                  struct parity_error *err);

#endif
