/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_VERIFY_H
#define PARITY_RECORDER_VERIFY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "transformers/transformer.h"

/** Paths left out of the comparison, on both sides, with the reason a report gives. */
struct parity_skip {
    const char *const *paths; /* path_count of them, in the localstack dialect */
    size_t path_count;
    const char *reason; /* may be NULL */
    bool shared;        /* with other tests, which may need it: selecting nothing is no mistake */
};

struct parity_verify_options {
    const struct parity_transformers *transformers;
    const struct parity_skip *skips;
    size_t skip_count;
    bool compat_localstack;
    bool raw; /* the state before the transformers is wanted, too */
};

/** Outcome of a verification: everything new, released by parity_verification_clear(). */
struct parity_verification {
    json_t *raw;         /* the state before the transformers; NULL: not wanted */
    json_t *transformed; /* the state as it would be stored; NULL where only the skip paths took out
                            what made the transformation fail */
    json_t *differences; /* array as parity_compare() makes it, skip paths taken out */
    json_t *hidden;      /* array: the differences that a skip took out, each with its "reason" and
                            "skip" (the path) */
    json_t *unused_skips; /* array of paths that hid nothing */
    json_t *warnings;     /* array of texts: what is probably a mistake, such as a path that selects
                             nothing; each once */
};

void parity_verification_clear(struct parity_verification *verification);

/**
 * Transform what a test observed and compare it with its recording.
 *
 * Match keys recorded but not observed, and observed but not recorded, are differences ("removed"
 * and "added" with an empty path); with compat_localstack the first are not looked at and the
 * second, and those recorded as null, are PARITY_E_NOT_FOUND, and a skip path that selects a whole
 * match value is PARITY_E_INVALID.
 *
 * @param recorded  {match key: value}; NULL: only transform
 * @param observed  {match key: value} in order of the calls, not yet ordered
 * @param out       filled from zero; cleared by the caller in either case
 * @return 0 (differences or not), or -1: the test could not be judged
 */
int parity_verify(const struct parity_verify_options *options, const json_t *recorded,
                  const json_t *observed, struct parity_verification *out,
                  struct parity_error *err);

/**
 * Take `paths` out of a state in place, as the reference does (REFERENCE.md, 2.6).
 * @return 0 or -1 (PARITY_E_PARSE: a path does not parse; PARITY_E_INVALID: it selects the whole
 * state)
 */
int parity_skip_remove(json_t *state, const char *const *paths, size_t path_count,
                       struct parity_error *err);

#endif
