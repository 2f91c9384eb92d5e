/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_FORECAST_H
#define PARITY_RUNNER_FORECAST_H

#include <stddef.h>

#include "runner/registry.h"

/*
 * How long a run still takes. Of a test it is known how long it took when it ran here last, or else
 * when it was recorded; how far that holds for this target and machine, the tests that have ended
 * tell. Where nothing is known of any test the rest is taken to go on at the pace so far.
 */
struct parity_forecast;

/** All borrowed until the forecast is freed. */
struct parity_forecast_options {
    const struct parity_case *const *cases; /* what runs */
    size_t count;
    size_t repeat;                   /* how often each; 0: once */
    const char *project;             /* its folder, with what ran last; NULL: none */
    const char *const *ground_truth; /* folders of recordings, NULL-terminated; NULL: none */
    const char *snapshots;           /* another one, looked at last; NULL: none */
};

/** Nothing is read yet: that waits until tests are under way. @return new, or NULL when out of
 * memory */
struct parity_forecast *parity_forecast_new(const struct parity_forecast_options *options);
void parity_forecast_free(struct parity_forecast *forecast);

/**
 * The run begins.
 * @param workers  how many tests run at a time
 * @param now_s    as in all of these: by parity_clock_s()
 */
void parity_forecast_start(struct parity_forecast *forecast, size_t workers, double now_s);

/** A test begins, also another attempt of it; it has ended for good, after `seconds`. */
void parity_forecast_begin(struct parity_forecast *forecast, const struct parity_case *test,
                           double now_s);
void parity_forecast_end(struct parity_forecast *forecast, const struct parity_case *test,
                         double seconds);

/** Seconds that the rest takes; 0: nothing can be said. A file that cannot be read tells nothing.
 */
double parity_forecast_left_s(struct parity_forecast *forecast, double now_s);

#endif
