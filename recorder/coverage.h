/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_COVERAGE_H
#define PARITY_RECORDER_COVERAGE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "recorder/snapshot.h"

/*
 * What runs have found out about operations, counted call by call: a call whose answer nobody
 * looked at earns its operation nothing but that it was called, whatever else its test did
 * (docs/coverage.md).
 */

/** The results of runs, by what they ran against. */
struct parity_coverage;

/** @return new, or NULL when out of memory */
struct parity_coverage *parity_coverage_new(void);
void parity_coverage_free(struct parity_coverage *coverage);

/**
 * Add the content of a results file. Files of the same kind, name and version of target count as
 * one run; a test that is in several of them counts as in the last one.
 *
 * @param document  kept
 * @param name      of the file, for messages and reports; copied
 * @param err       PARITY_E_PARSE: it is no results file; PARITY_E_INVALID: it was written before
 *                  results said which answers were checked; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_coverage_add(struct parity_coverage *coverage, json_t *document, const char *name,
                        struct parity_error *err);

/**
 * Give credit where it is due.
 *
 * `out` is an array of {"kind", "name", "version", "endpoint_url", "files", "tests" (how many),
 * "changed" (how many of them were compared with recordings that have changed since), "missing" (…
 * that are not there any more), "services"}, where the last is {service: {operation: facts}} and
 * facts are
 *
 *   calls        how many
 *   whole, part  whether an answer was checked, as a whole and in parts
 *   snapshotted  whether an answer stands in a recording
 *   validated    whether one was as AWS's that is recorded
 *   validated_on the last date of the validations that agreed; null: unknown
 *   differences, hidden  how many stood in its answers, open and taken out by a skip_verify
 *   parameters   {name: whether it was sent in a call whose answer was checked}
 *   answers      {…: {"status_code", "error_code", "modelled_code", "count", "validated" (by
 * AWS's)}} tests        {id: "called" | "tested" | "validated"}
 *
 * @param recordings  where recordings are looked up
 * @param out         new
 * @param err         PARITY_E_PARSE: a broken file of recordings; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_coverage_count(struct parity_coverage *coverage, struct parity_recordings *recordings,
                          json_t **out, struct parity_error *err);

/** What answers say about whether a target has an operation. */
enum parity_implemented {
    PARITY_IMPLEMENTED_UNKNOWN, /* nothing called it, or no answer tells */
    PARITY_IMPLEMENTED_NO,
    PARITY_IMPLEMENTED_YES
};

/** An answer, and what the model says of it. */
struct parity_coverage_answer {
    int status_code;        /* 0: there was none */
    const char *error_code; /* NULL: no error */
    bool validated;         /* it was as AWS's */
    bool modelled;          /* the model lists the error for this operation */
    bool without_body;      /* of an operation whose answers have no body: an error has no code */
};

/**
 * What one answer says.
 *
 * That a call was refused proves nothing by itself: a target that checks parameters before it looks
 * for the operation refuses what it does not have. So only a success, an error that the model
 * lists, and an answer that is as AWS's speak for an implementation.
 */
enum parity_implemented parity_coverage_implemented(const struct parity_coverage_answer *answer);

/* --- between the files -------------------------------------------------------------------------
 */

/** Count one test in `services`, see parity_coverage_count(). */
struct parity_coverage_test {
    json_t *services;   /* borrowed; changed */
    const json_t *test; /* borrowed: of the results file */
    bool on_aws;
    const struct parity_recording *recording; /* what is recorded now; NULL: it is not there */
    bool changed;                             /* that is not what the test was compared with */
};

/** Out of memory shows in parity_memory_failures(). */
void parity_coverage_credit(const struct parity_coverage_test *test);

#endif
