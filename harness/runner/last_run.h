/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_LAST_RUN_H
#define PARITY_RUNNER_LAST_RUN_H

#include <jansson.h>

#include "runner/registry.h"
#include "runner/reporters/reporter.h"

/*
 * How each test went when it ran last: a line of JSON for each in .parity/last-run.jsonl of the
 * project, which belongs to the machine and is not committed:
 *
 *   {"id": "…", "outcome": "failed", "duration_seconds": 0.7, "operations": ["sqs:SendMessage"]}
 *
 * "operations" are those that the test called, in the order of the first calls; what its cleanups
 * call is not among them.
 */

/** Where a project keeps it; new, or NULL when out of memory. */
char *parity_last_run_path(const char *project_folder);

/**
 * Read it; also a results file, of which "tests" holds the same.
 *
 * @param out  new: an object of ids, each with the object that the line holds; empty when there is
 *             no such file
 * @param err  PARITY_E_PARSE, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_last_run_read(const char *path, json_t **out, struct parity_error *err);

/** Only the tests that parity_last_run_failed() is true of, which are few. */
int parity_last_run_read_failed(const char *path, json_t **out, struct parity_error *err);

/**
 * Read it without keeping it.
 *
 * @param take  told of each test, in the order of the file; `entry` is what the line holds
 * @return 0 or -1, as parity_last_run_read(); some may have been told by then
 */
typedef void parity_last_run_take(void *data, const char *id, json_t *entry);
int parity_last_run_each(const char *path, parity_last_run_take *take, void *data,
                         struct parity_error *err);

/** Whether a test failed, crashed, took too long or could not be judged when it ran last. */
bool parity_last_run_failed(const json_t *last_run, const char *id);

/** How long it took then; below 0: not known. */
double parity_last_run_seconds(const json_t *last_run, const char *id);

/**
 * Whether it called a service, or an operation. Written as in the model ("SendMessage"), as for the
 * AWS CLI ("send-message") or with the service ("sqs:SendMessage"), in any case.
 */
bool parity_last_run_called_service(const json_t *last_run, const char *id, const char *service);
bool parity_last_run_called(const json_t *last_run, const char *id, const char *operation);

/**
 * The reporter that writes it. What is known of tests that do not run now stays.
 *
 * @param known  forget tests that are not among these, as they no longer exist; borrowed; NULL:
 *               it is not known which tests there are
 * @param err    PARITY_E_IO: it will not be possible to write it; PARITY_E_NOMEM
 * @return new, or NULL
 */
struct parity_reporter *parity_last_run_reporter_new(const char *path,
                                                     const struct parity_registry *known,
                                                     struct parity_error *err);

#endif
