/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_RESULT_H
#define PARITY_RUNNER_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "runner/outcome.h"
#include "runner/registry.h"

/** How one test went. What is NULL is not there. */
struct parity_result {
    const struct parity_case *test_case;
    enum parity_outcome outcome;
    bool environmental; /* an error that the machine or the network is to blame for */
    double duration_s;  /* of the body */
    double cleanup_s;
    char *message;       /* owned: why, one or more lines */
    char *location;      /* owned: "sqs/test_send.c:17", where it ended early; of one that
                          took its process with it, the line of its last call */
    char *output;        /* owned: what it wrote */
    json_t *differences; /* arrays, as in the results file */
    json_t *hidden;
    json_t *unused_skips;    /* array: paths of the test's own skip_verify that hid nothing */
    json_t *suggested_skips; /* object: {"paths", "left"}; NULL: none were looked for */
    json_t *warnings;        /* array of texts: what is probably a mistake in the test */
    json_t *calls;           /* never NULL */
    json_t *notes;           /* array: of calls, see runner/trace.h */
    json_t *cleanup_failures;
    json_t *attempts;         /* array: those before, that did not pass; each with outcome,
                                 duration_seconds, message, location, output, differences */
    bool flaky;               /* it passed, after it had not */
    unsigned repetition;      /* with --repeat: which one, from 1; 0: it runs once */
    json_t *recording;        /* what it was compared with */
    json_t *attachments;      /* array, see test_attach.c */
    json_t *expected_failure; /* object: {"reason", "strict", "outcome"}, of which the last is what
                                 came instead of a failure, or the failure itself; NULL: none was
                                 expected */
    bool pending;             /* its result differs from the recording and waits for a review */
    bool recorded;            /* its recording was stored */
    json_t *written; /* what a results file says of the test, when it was read from there; goes into
                        the next one as it is; NULL: it ran here */
};

void parity_result_clear(struct parity_result *result);

/** How often responses of its calls left the service model; each repetition counts. */
size_t parity_result_model_findings(const struct parity_result *result);

/** Add a line to the message. */
__attribute__((format(printf, 2, 3))) void parity_result_say(struct parity_result *result,
                                                             const char *format, ...);

/** The same before what it says already. */
__attribute__((format(printf, 2, 3))) void parity_result_say_first(struct parity_result *result,
                                                                   const char *format, ...);

/** A run as a whole. */
struct parity_summary {
    size_t counts[PARITY_OUTCOME_COUNT];
    size_t environmental; /* of the errors */
    size_t selected;      /* tests to run */
    size_t not_run;       /* left out after an interruption, or when enough had failed */
    size_t flaky;         /* of those that passed: only after they had not */
    size_t pending;       /* results that wait for a review */
    size_t recorded;      /* recordings stored */
    size_t hidden;        /* differences that a skip_verify took out */
    size_t unused_skips;  /* skip paths that hid nothing */
    size_t warnings;
    size_t cleanup_failures;
    size_t model_findings;    /* places where responses left the service models */
    size_t expected_failures; /* of the skipped: ran, and failed as expected */
    bool interrupted;
    int interrupted_by; /* the first signal that asked it to end; 0: none, or it is not known */
    double duration_s;
};

/** Count a test that is over. */
void parity_summary_count(struct parity_summary *summary, const struct parity_result *result);

/** How many tests did not pass: failed, could not be judged, crashed or took too long. */
size_t parity_summary_bad(const struct parity_summary *summary);

#endif
