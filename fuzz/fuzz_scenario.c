/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever JSON stands in a file of scenarios: its structure is checked, and what has no problem
 * there is printed as C, without harm. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "client/model.h"
#include "fuzz.h"
#include "scenario/to_c.h"

static void take(void *data, const struct parity_error *problem)
{
    (void)data;
    if (problem->code == PARITY_OK || !problem->message[0])
        abort();
}

/* Without models nothing is known about answers, and all is printed as values. */
static void print(const struct parity_scenarios *scenarios)
{
    const struct parity_models_options options = {.data_path = ""};
    struct parity_models *models = parity_models_new(&options, NULL);
    struct parity_buffer out = {0};

    if (models && parity_scenarios_to_c(scenarios, models, &out, NULL) < 0)
        abort();
    parity_buffer_clear(&out);
    parity_models_free(models);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_scenarios scenarios = {0};
    struct parity_scenario_report report = {.tell = take};
    char path[64];
    int file = memfd_create("scenario", 0);

    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (parity_scenarios_load(&scenarios, path, "fuzz", false, &report, NULL) < 0)
        abort();
    if (report.problems == 0 && scenarios.count > 0)
        print(&scenarios);
    parity_scenarios_clear(&scenarios);
    close(file);
    return 0;
}
