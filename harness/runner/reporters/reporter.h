/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTER_H
#define PARITY_REPORTER_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "runner/result.h"

/** What a report says about the run itself. Borrowed. */
struct parity_run_info {
    bool aws;
    const char *emulator, *version; /* NULL: not named, unknown */
    const char *endpoint_url;       /* NULL: AWS's own */
    const char *region;
    const char *mode; /* "verify", "record" or "run" (nothing is compared) */
    size_t selected, workers;
};

/**
 * One way to report a run: a format is one file with a function that makes one of these, and one
 * line in the command that chooses it. Each function may be NULL.
 */
struct parity_reporter {
    void (*start)(struct parity_reporter *reporter, const struct parity_run_info *info);
    void (*test_started)(struct parity_reporter *reporter, const struct parity_case *test);
    void (*test_done)(struct parity_reporter *reporter, const struct parity_result *result);
    void (*tick)(struct parity_reporter *reporter); /* a few times a second */
    /** A line about the run, not about one test. */
    void (*notice)(struct parity_reporter *reporter, const char *text);
    /** @return 0 or -1 (PARITY_E_IO: the report could not be written) */
    int (*finish)(struct parity_reporter *reporter, const struct parity_summary *summary,
                  struct parity_error *err);
    void (*free)(struct parity_reporter *reporter);
};

struct parity_terminal_options {
    FILE *out;
    bool colour;
    bool live;         /* `out` is a terminal: show progress in its last line */
    int width;         /* columns; 0: 100 */
    bool strict_skips; /* skip paths that hid nothing are wrong, too */
    int verbosity; /* -1: only what is wrong; 0: a line for each test; 1: also what is hidden, calls
                      and output of tests that passed */
};

/** The report for people. @return new, or NULL when out of memory */
struct parity_reporter *parity_terminal_reporter_new(const struct parity_terminal_options *options);

/**
 * Annotations that a run would need to pass (`--suggest-skips`), printed when it is over: as one
 * writes them into a suite, or into a file of scenarios.
 * @return new, or NULL when out of memory
 */
struct parity_reporter *parity_suggestions_reporter_new(FILE *out);

/**
 * The results file (CLI.md, `--results`), written when the run is over.
 * @param err  PARITY_E_IO: it will not be possible to write it; PARITY_E_NOMEM
 */
struct parity_reporter *parity_results_reporter_new(const char *path, struct parity_error *err);

#endif
