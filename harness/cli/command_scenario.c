/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/commands.h"
#include "cli/models.h"
#include "cli/options.h"
#include "scenario/files.h"

static void tell(void *data, const struct parity_error *problem)
{
    (void)data;
    parity_command_fail(problem);
}

static int load(struct parity_scenarios *scenarios, const char *const *paths, size_t count,
                struct parity_scenario_report *report, struct parity_error *err)
{
    for (size_t i = 0; i < count; i++) {
        char *path = parity_path_absolute(paths[i]);
        int rc = -1;

        if (path)
            rc = parity_scenarios_load_path(scenarios, path, paths[i], report, err);
        else
            parity_fail_nomem(err);
        parity_free(path);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int check_all(const struct parity_scenarios *scenarios,
                     struct parity_scenario_report *report, struct parity_error *err)
{
    struct parity_models *models = parity_command_models(NULL, err);
    int rc = models ? parity_models_check(models, err) : -1;

    for (size_t i = 0; rc == 0 && i < scenarios->count; i++)
        parity_scenario_check(scenarios->items[i], models, false, report);
    parity_models_free(models);
    return rc;
}

static int check(int argc, char **argv)
{
    const struct parity_option options[] = {{.name = NULL}};
    const struct parity_command_usage usage = {
        .synopsis = "parity scenario check PATH...",
        .summary = "Check files of scenarios, or folders of them, against the service models.",
        .options = options};
    struct parity_scenarios scenarios = {0};
    struct parity_scenario_report report = {.tell = tell};
    struct parity_error err = {0};
    int operands, rc = parity_options_read(&usage, argc, argv, &operands, &err);
    int code = PARITY_EXIT_OK;

    if (rc > 0)
        return PARITY_EXIT_OK;
    if (rc == 0 && operands == 0) {
        parity_fail(&err, PARITY_E_USAGE, NULL, "which files? (usage: %s)", usage.synopsis);
        rc = -1;
    }
    if (rc < 0)
        return parity_command_fail(&err);
    if (load(&scenarios, (const char *const *)(argv + 1), (size_t)operands, &report, &err) < 0 ||
        (scenarios.count > 0 && check_all(&scenarios, &report, &err) < 0))
        code = parity_command_fail(&err);
    else if (report.problems > 0)
        code = PARITY_EXIT_USAGE;
    else if (scenarios.count == 0) {
        fprintf(stderr, "parity: there is no scenario in what was named\n");
        code = PARITY_EXIT_NOTHING_SELECTED;
    } else
        printf("%zu scenario%s, no problem\n", scenarios.count, scenarios.count == 1 ? "" : "s");
    parity_scenarios_clear(&scenarios);
    return code;
}

int parity_command_scenario(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "check") == 0)
        return check(argc - 1, argv + 1);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        puts("Usage: parity scenario check PATH...\n\n"
             "Check files of scenarios, or folders of them, against the service models.");
        return PARITY_EXIT_OK;
    }
    if (argc > 1)
        fprintf(stderr, "parity: 'parity scenario' knows 'check', not '%s'\n", argv[1]);
    else
        fprintf(stderr, "parity: usage: parity scenario check PATH...\n");
    return PARITY_EXIT_USAGE;
}
