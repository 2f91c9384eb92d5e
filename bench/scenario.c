/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_scenario ROUNDS FILE: load a file of scenarios again and again, and check it against the
 * models; prints how long each takes, in milliseconds of wall and processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "client/model.h"
#include "scenario/scenario.h"

struct moment {
    double wall_ms, cpu_ms;
};

static double milliseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct moment now(void)
{
    return (struct moment){milliseconds(CLOCK_MONOTONIC), milliseconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static void tell(void *data, const struct parity_error *problem)
{
    char text[1024];

    (void)data;
    parity_error_format(problem, text, sizeof text);
    fprintf(stderr, "%s\n", text);
}

/* One round, added to what the rounds before took; -1 when there is a problem. */
static int measure(const char *path, struct parity_models *models, struct moment *load,
                   struct moment *check, size_t *count)
{
    struct parity_scenarios scenarios = {0};
    struct parity_scenario_report report = {.tell = tell};
    struct parity_error err = {0};
    struct moment start = now(), loaded, checked;
    int rc = parity_scenarios_load(&scenarios, path, path, false, &report, &err);

    loaded = now();
    for (size_t i = 0; i < scenarios.count; i++)
        parity_scenario_check(scenarios.items[i], models, &report);
    checked = now();
    load->wall_ms += loaded.wall_ms - start.wall_ms;
    load->cpu_ms += loaded.cpu_ms - start.cpu_ms;
    check->wall_ms += checked.wall_ms - loaded.wall_ms;
    check->cpu_ms += checked.cpu_ms - loaded.cpu_ms;
    *count = scenarios.count;
    parity_scenarios_clear(&scenarios);
    return rc < 0 || report.problems > 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct parity_models *models;
    struct moment load = {0}, check = {0};
    int rounds = argc == 3 ? atoi(argv[1]) : 0; /* a number that somebody typed */
    size_t count = 0;
    int rc = 0;

    if (rounds <= 0) {
        fprintf(stderr, "usage: %s ROUNDS FILE\n", argv[0]);
        return 2;
    }
    parity_memory_init();
    models = parity_models_new(NULL, NULL);
    for (int i = 0; rc == 0 && i < rounds; i++)
        rc = measure(argv[2], models, &load, &check, &count);
    parity_models_free(models);
    printf("{\"scenarios\": %zu, \"load_ms\": {\"wall\": %.3f, \"cpu\": %.3f}, "
           "\"check_ms\": {\"wall\": %.3f, \"cpu\": %.3f}}\n",
           count, load.wall_ms / rounds, load.cpu_ms / rounds, check.wall_ms / rounds,
           check.cpu_ms / rounds);
    return rc < 0;
}
