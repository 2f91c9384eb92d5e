/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/models.h"
#include "cli/options.h"
#include "scenario/files.h"
#include "scenario/to_c.h"

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

/* Read the arguments and load the files that they name.
 * @return 0, or the exit code that ends the command, + 1 */
static int begin(const struct parity_command_usage *usage, int argc, char **argv,
                 struct parity_scenarios *scenarios, struct parity_scenario_report *report)
{
    struct parity_error err = {0};
    int operands, rc = parity_options_read(usage, argc, argv, &operands, &err);

    if (rc > 0)
        return PARITY_EXIT_OK + 1;
    if (rc == 0 && operands == 0) {
        parity_fail(&err, PARITY_E_USAGE, NULL, "which files? (usage: %s)", usage->synopsis);
        rc = -1;
    }
    if (rc < 0 || parity_command_add_presets(&err) < 0 ||
        load(scenarios, (const char *const *)(argv + 1), (size_t)operands, report, &err) < 0)
        return parity_command_fail(&err) + 1;
    return 0;
}

/* Check what was loaded; the models, or NULL with the exit code of the command. */
static struct parity_models *check_all(const struct parity_scenarios *scenarios,
                                       struct parity_scenario_report *report, int *code)
{
    struct parity_error err = {0};
    struct parity_models *models = NULL;

    if (scenarios->count > 0) {
        models = parity_command_models(NULL, &err);
        if (!models || parity_models_check(models, &err) < 0) {
            parity_models_free(models);
            *code = parity_command_fail(&err);
            return NULL;
        }
    }
    for (size_t i = 0; i < scenarios->count; i++)
        parity_scenario_check(scenarios->items[i], models, report);
    if (report->problems == 0 && models)
        return models;
    *code = PARITY_EXIT_USAGE;
    if (report->problems == 0) {
        fprintf(stderr, "parity: there is no scenario in what was named\n");
        *code = PARITY_EXIT_NOTHING_SELECTED;
    }
    parity_models_free(models);
    return NULL;
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
    struct parity_models *models;
    int code = begin(&usage, argc, argv, &scenarios, &report) - 1;

    if (code < 0 && (models = check_all(&scenarios, &report, &code))) {
        printf("%zu scenario%s, no problem\n", scenarios.count, scenarios.count == 1 ? "" : "s");
        parity_models_free(models);
        code = PARITY_EXIT_OK;
    }
    parity_scenarios_clear(&scenarios);
    return code;
}

static int print_as_c(const struct parity_scenarios *scenarios, struct parity_models *models)
{
    struct parity_buffer text = {0};
    struct parity_error err = {0};
    int code = PARITY_EXIT_OK;

    if (parity_scenarios_to_c(scenarios, models, &text, &err) < 0)
        code = parity_command_fail(&err);
    else
        fwrite(text.data, 1, text.length, stdout);
    parity_buffer_clear(&text);
    return code;
}

static int to_c(int argc, char **argv)
{
    const struct parity_option options[] = {{.name = NULL}};
    const struct parity_command_usage usage = {
        .synopsis = "parity scenario to-c PATH...",
        .summary = "Print scenarios as a suite in C, for a file below the suites folder.",
        .options = options};
    struct parity_scenarios scenarios = {0};
    struct parity_scenario_report report = {.tell = tell};
    struct parity_models *models;
    int code = begin(&usage, argc, argv, &scenarios, &report) - 1;

    if (code < 0 && (models = check_all(&scenarios, &report, &code))) {
        code = print_as_c(&scenarios, models);
        parity_models_free(models);
    }
    parity_scenarios_clear(&scenarios);
    return code;
}

static const struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
} subcommands[] = {{"check", check}, {"to-c", to_c}};

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

int parity_command_scenario(int argc, char **argv)
{
    const char *nearest = NULL;

    for (size_t i = 0; argc > 1 && i < SUBCOMMANDS; i++) {
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
        nearest = parity_suggest(argv[1], nearest, subcommands[i].name);
    }
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        puts("Usage: parity scenario check PATH...\n"
             "       parity scenario to-c PATH...\n\n"
             "  check   check files of scenarios, or folders of them, against the service models\n"
             "  to-c    print scenarios as a suite in C");
        return PARITY_EXIT_OK;
    }
    if (argc > 1)
        fprintf(stderr, "parity: 'parity scenario' knows 'check' and 'to-c', not '%s'%s%s%s\n",
                argv[1], nearest ? "; did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?" : "");
    else
        fprintf(stderr, "parity: usage: parity scenario check|to-c PATH...\n");
    return PARITY_EXIT_USAGE;
}
