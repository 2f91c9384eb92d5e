/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTER_H
#define PARITY_REPORTER_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/error.h"
#include "runner/forecast.h"
#include "runner/result.h"
#include "runner/shard.h"

/** What a report says about the run itself. Borrowed. */
struct parity_run_info {
    bool aws;
    const char *emulator, *version; /* NULL: not named, unknown */
    const char *endpoint_url;       /* NULL: AWS's own */
    const char *region;
    const char *mode; /* "verify", "record" or "run" (nothing is compared) */
    size_t selected, workers;
    time_t started;            /* 0: now */
    size_t merged;             /* results files that this is made of; 0: the tests run here */
    struct parity_shard shard; /* `count` 0: the run is not divided */
    const json_t *orphans; /* recordings that no test has: array of {"id", "file"}; NULL: only some
                              tests run, so nobody knows */
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
    bool ascii;        /* what is not ASCII would come out wrong: show `?` */
    int width;         /* columns; 0: 100 */
    bool strict_skips; /* skip paths that hid nothing are wrong, too */
    int verbosity; /* -1: only what is wrong; 0: a line for each test; 1: also what is hidden, calls
                      and output of tests that passed */
    size_t slowest;                   /* how many of the slowest tests are named in the end */
    struct parity_forecast *forecast; /* stolen: for the time left; NULL: it is not said */
};

/** The report for people. @return new, or NULL when out of memory; what is stolen is then freed */
struct parity_reporter *parity_terminal_reporter_new(const struct parity_terminal_options *options);

/**
 * Annotations that a run would need to pass (`--suggest-skips`), printed when it is over: as one
 * writes them into a suite, or into a file of scenarios.
 * @return new, or NULL (PARITY_E_IO: there is no place for them to wait; PARITY_E_NOMEM)
 */
struct parity_reporter *parity_suggestions_reporter_new(FILE *out, struct parity_error *err);

/*
 * Reports in files. Each is found out to be writable when it is made, and written as a whole when
 * the run is over: until then the old one stays.
 *
 * @param err  PARITY_E_IO: it will not be possible to write it; PARITY_E_NOMEM
 */

/** The results file, `--results` (docs/results.schema.json). */
struct parity_reporter *parity_results_reporter_new(const char *path, struct parity_error *err);

/** JUnit XML, `--junit`. */
struct parity_reporter *parity_junit_reporter_new(const char *path, struct parity_error *err);

/** The Test Anything Protocol, `--tap`; "-" is standard output, where tests go as they end. */
struct parity_reporter *parity_tap_reporter_new(const char *path, struct parity_error *err);

/** A page for the browser, `--html`. It shows what went over the wire if the calls' records hold it
 * (`exchange_body_bytes` of the client's target). */
struct parity_reporter *parity_html_reporter_new(const char *path, struct parity_error *err);

struct parity_github_options {
    FILE *out;           /* required: where GitHub Actions looks for commands */
    const char *suites;  /* required: folder of the suites */
    const char *root;    /* of the repository; NULL: files are named by their whole path */
    const char *summary; /* file that a summary in Markdown is appended to; NULL: none */
};

/** Annotations and the summary of a job in GitHub Actions. The texts are copied. */
struct parity_reporter *parity_github_reporter_new(const struct parity_github_options *options,
                                                   struct parity_error *err);

#endif
