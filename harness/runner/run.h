/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_RUN_H
#define PARITY_RUNNER_RUN_H

#include "base/error.h"
#include "emulator/emulator.h"
#include "recorder/secrets.h"
#include "runner/reporters/reporter.h"
#include "runner/result.h"
#include "runner/worker.h"

struct parity_run_options {
    struct parity_worker_options *worker; /* the accounts that are unknown are filled in */
    size_t workers;                       /* processes; 0: 1 */
    double timeout_s;                     /* of a test's body; 0: 120 */
    const unsigned *retries;              /* for every test; NULL: what each says itself */
    unsigned repeat;                      /* how often each test is run; 0: once */
    size_t max_failures; /* begin no further test when so many did not pass; 0: go on */
    struct parity_emulator *emulator;         /* asked whether it lives; NULL: none */
    struct parity_reporter *const *reporters; /* NULL-terminated */
    struct parity_run_info *info;             /* for the reporters */
    const char *provenance_target; /* "aws", or the emulator's name and version; for recordings */
    const struct parity_registry *registry; /* sorted; also the tests of the same suites that are
                                               not run. NULL: skip paths of suites are not judged */
    bool replace_aws;                       /* let an emulator's recording replace one of AWS */
    const char *const *allow; /* paths that may hold what looks like a secret; NULL: none */
};

/**
 * Run tests in worker processes, report each as it ends, and store recordings.
 *
 * While it runs, SIGINT, SIGTERM and SIGHUP end the tests, of which the cleanups are still made; a
 * second one ends those, too. What was recorded of a suite of which not all tests have ended is to
 * be settled by the caller (parity_settle_folder()).
 *
 * @param summary  filled in either case
 * @param err      PARITY_E_CREDENTIALS, PARITY_E_NETWORK, PARITY_E_ENVIRONMENT: no test could run
 * @return 0 (whatever the tests' outcomes are) or -1
 */
int parity_run(const struct parity_run_options *options, struct parity_summary *summary,
               struct parity_error *err);

#endif
