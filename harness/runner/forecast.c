/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/forecast.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/durations.h"
#include "runner/last_run.h"

/* Before that, a pace means nothing. */
enum { FIRST_PACE = 3 };
static const double FIRST_PACE_S = 1;

/* Where it is known from how long a test takes. */
enum source { RAN_HERE, RECORDED, UNKNOWN, SOURCES };

struct expectation {
    const struct parity_case *test;
    double seconds; /* 0: not known */
    enum source source;
};

/* Tests that have one source in common. */
struct share {
    size_t done, left;
    double done_expected_s, done_actual_s, left_expected_s;
};

struct running {
    const struct parity_case *test;
    double since_s;
};

struct parity_forecast {
    struct parity_forecast_options options;
    struct expectation *expectations; /* by the address of the test; NULL: not read yet */
    struct share shares[SOURCES];
    struct running *running;
    size_t running_count, running_capacity;
    size_t workers;
    double started_s;
};

/* --- what is known -----------------------------------------------------------------------------
 */

static int by_test(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const struct expectation *)a)->test;
    uintptr_t right = (uintptr_t)((const struct expectation *)b)->test;

    return (left > right) - (left < right);
}

/* A file that cannot be read is no reason to say more than that nothing is known. */
static void read_recorded(const struct parity_forecast_options *options, double *seconds)
{
    size_t count = 0;
    const char **trees;
    int rc = -1;

    while (options->ground_truth && options->ground_truth[count])
        count++;
    trees = parity_calloc(count + 2, sizeof *trees);
    for (size_t i = 0; trees && i < count; i++)
        trees[i] = options->ground_truth[i];
    if (trees) {
        trees[count] = options->snapshots;
        rc = parity_recorded_durations(options->cases, options->count, trees, seconds, NULL);
    }
    for (size_t i = 0; rc < 0 && i < options->count; i++)
        seconds[i] = -1;
    parity_free(trees);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct expectation *)a)->test->id,
                  ((const struct expectation *)b)->test->id);
}

/* How long a test took here last; until then the expectations are in the order of the ids. */
static void note_last(void *data, const char *id, json_t *entry)
{
    const struct parity_forecast *forecast = data;
    const struct parity_case test = {.id = (char *)(uintptr_t)id};
    const struct expectation key = {.test = &test};
    const json_t *seconds = json_object_get(entry, "duration_seconds");
    struct expectation *found =
        bsearch(&key, forecast->expectations, forecast->options.count, sizeof key, by_id);

    if (found && json_number_value(seconds) >= 0 && json_is_number(seconds))
        *found = (struct expectation){found->test, json_number_value(seconds), RAN_HERE};
}

static struct expectation expect(const struct parity_case *test, double recorded_s)
{
    if (recorded_s >= 0)
        return (struct expectation){test, recorded_s, RECORDED};
    return (struct expectation){test, 0, UNKNOWN};
}

static void count_left(struct parity_forecast *forecast)
{
    size_t repeat = forecast->options.repeat ? forecast->options.repeat : 1;

    for (size_t i = 0; i < forecast->options.count; i++) {
        const struct expectation *expectation = &forecast->expectations[i];
        struct share *share = &forecast->shares[expectation->source];

        share->left += repeat;
        share->left_expected_s += (double)repeat * expectation->seconds;
    }
}

/* @return whether it is known what is known; not when out of memory */
static bool look(struct parity_forecast *forecast)
{
    const struct parity_forecast_options *options = &forecast->options;
    char *path;
    double *recorded;

    if (forecast->expectations)
        return true;
    forecast->expectations = parity_calloc(options->count + 1, sizeof *forecast->expectations);
    recorded = parity_calloc(options->count + 1, sizeof *recorded);
    path = options->project ? parity_last_run_path(options->project) : NULL;
    if (forecast->expectations && recorded) {
        read_recorded(options, recorded);
        for (size_t i = 0; i < options->count; i++)
            forecast->expectations[i] = expect(options->cases[i], recorded[i]);
        qsort(forecast->expectations, options->count, sizeof *forecast->expectations, by_id);
        if (path)
            parity_last_run_each(path, note_last, forecast, NULL);
        qsort(forecast->expectations, options->count, sizeof *forecast->expectations, by_test);
        count_left(forecast);
    }
    parity_free(path);
    parity_free(recorded);
    return forecast->expectations && recorded;
}

static const struct expectation *find(struct parity_forecast *forecast,
                                      const struct parity_case *test)
{
    const struct expectation key = {.test = test};

    if (!look(forecast))
        return NULL;
    return bsearch(&key, forecast->expectations, forecast->options.count, sizeof key, by_test);
}

/* --- what happens ------------------------------------------------------------------------------
 */

struct parity_forecast *parity_forecast_new(const struct parity_forecast_options *options)
{
    struct parity_forecast *forecast = parity_calloc(1, sizeof *forecast);

    if (forecast)
        forecast->options = *options;
    return forecast;
}

void parity_forecast_free(struct parity_forecast *forecast)
{
    if (!forecast)
        return;
    parity_free(forecast->expectations);
    parity_free(forecast->running);
    parity_free(forecast);
}

void parity_forecast_start(struct parity_forecast *forecast, size_t workers, double now_s)
{
    forecast->workers = workers;
    forecast->started_s = now_s;
}

void parity_forecast_begin(struct parity_forecast *forecast, const struct parity_case *test,
                           double now_s)
{
    if (parity_grow(&forecast->running, &forecast->running_capacity, forecast->running_count + 1,
                    sizeof *forecast->running) == 0)
        forecast->running[forecast->running_count++] = (struct running){test, now_s};
}

void parity_forecast_end(struct parity_forecast *forecast, const struct parity_case *test,
                         double seconds)
{
    const struct expectation *expectation = find(forecast, test);
    struct share *share = expectation ? &forecast->shares[expectation->source] : NULL;
    size_t kept = 0;

    if (!share)
        return;
    share->done++;
    share->done_actual_s += seconds;
    share->done_expected_s += expectation->seconds;
    share->left -= share->left > 0;
    share->left_expected_s -= expectation->seconds;
    /* All its attempts; of several runs at a time the others begin anew, which is near enough. */
    for (size_t i = 0; i < forecast->running_count; i++)
        if (forecast->running[i].test != test)
            forecast->running[kept++] = forecast->running[i];
    forecast->running_count = kept;
}

/* --- what is left ------------------------------------------------------------------------------
 */

/* How long a test takes whose time is not known: as long as the others. */
static double usual_s(const struct parity_forecast *forecast)
{
    double actual_s = 0;
    size_t done = 0;

    for (int i = 0; i < SOURCES; i++) {
        done += forecast->shares[i].done;
        actual_s += forecast->shares[i].done_actual_s;
    }
    return done ? actual_s / (double)done : 0;
}

/* How much longer or shorter tests take now than it is known of them. */
static double scale_of(const struct share *share)
{
    return share->done_expected_s > 0 ? share->done_actual_s / share->done_expected_s : 1;
}

static double expected_s(const struct parity_forecast *forecast,
                         const struct expectation *expectation)
{
    return expectation->source == UNKNOWN
               ? usual_s(forecast)
               : expectation->seconds * scale_of(&forecast->shares[expectation->source]);
}

static double pace_s(const struct parity_forecast *forecast, double elapsed_s)
{
    const struct share *unknown = &forecast->shares[UNKNOWN];

    return elapsed_s * (double)unknown->left / (double)unknown->done;
}

/* All that is left, by as many workers as it keeps busy; but no sooner than the last of the tests
 * that run now. */
static double sum_s(struct parity_forecast *forecast, size_t left, double now_s)
{
    size_t workers = forecast->workers < left ? forecast->workers : left;
    double sum = (double)forecast->shares[UNKNOWN].left * usual_s(forecast), longest = 0;

    for (int i = 0; i < UNKNOWN; i++)
        sum += forecast->shares[i].left_expected_s * scale_of(&forecast->shares[i]);
    for (size_t i = 0; i < forecast->running_count; i++) {
        const struct expectation *expectation = find(forecast, forecast->running[i].test);
        double whole = expectation ? expected_s(forecast, expectation) : 0;
        double spent = now_s - forecast->running[i].since_s;

        sum -= spent < whole ? spent : whole;
        if (whole - spent > longest)
            longest = whole - spent;
    }
    sum /= (double)(workers ? workers : 1);
    return sum > longest ? sum : longest;
}

double parity_forecast_left_s(struct parity_forecast *forecast, double now_s)
{
    const struct share *shares = forecast->shares;
    double elapsed_s = now_s - forecast->started_s;
    size_t done = 0, left = 0, known = 0;
    bool has_pace;

    if (!look(forecast))
        return 0;
    for (int i = 0; i < SOURCES; i++) {
        done += shares[i].done;
        left += shares[i].left;
        known += i == UNKNOWN ? 0 : shares[i].done + shares[i].left;
    }
    has_pace = done >= FIRST_PACE && elapsed_s >= FIRST_PACE_S;
    if (left == 0 || (shares[UNKNOWN].left > 0 && !has_pace))
        return 0;
    /* A recording on AWS alone says nothing of an emulator, which need not be as slow. */
    if (shares[RECORDED].left > 0 && shares[RECORDED].done == 0 && !has_pace)
        return 0;
    return known ? sum_s(forecast, left, now_s) : pace_s(forecast, elapsed_s);
}
