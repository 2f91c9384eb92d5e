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

/* Read the arguments and load the files that they name; if that ends the command, `code` says how.
 */
static bool begin(const struct parity_command_usage *usage, int argc, char **argv,
                  struct parity_scenarios *scenarios, struct parity_scenario_report *report,
                  int *code)
{
    struct parity_error err = {0};
    int operands, rc = parity_options_read(usage, argc, argv, &operands, &err);

    if (rc > 0) {
        *code = PARITY_EXIT_OK;
        return false;
    }
    if (rc == 0 && operands == 0) {
        parity_fail(&err, PARITY_E_USAGE, NULL, "which files? (usage: %s)", usage->synopsis);
        rc = -1;
    }
    if (rc == 0 && parity_command_add_presets(&err) == 0 &&
        load(scenarios, (const char *const *)(argv + 1), (size_t)operands, report, &err) == 0)
        return true;
    *code = parity_command_fail(&err);
    return false;
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

/* --- subcommands -------------------------------------------------------------------------------
 */

static int say_count(const struct parity_scenarios *scenarios, struct parity_models *models)
{
    (void)models;
    printf("%zu scenario%s, no problem\n", scenarios->count, scenarios->count == 1 ? "" : "s");
    return PARITY_EXIT_OK;
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

static const struct subcommand {
    const char *name, *synopsis, *summary;
    /* With scenarios in which there is no problem. @return the exit code */
    int (*finish)(const struct parity_scenarios *scenarios, struct parity_models *models);
} subcommands[] = {
    {"check", "parity scenario check PATH...",
     "Check files of scenarios, or folders of them, against the service models.", say_count},
    {"to-c", "parity scenario to-c PATH...",
     "Print scenarios as a suite in C, for a file below the suites folder.", print_as_c},
};

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

static int run(const struct subcommand *subcommand, int argc, char **argv)
{
    const struct parity_option options[] = {{.name = NULL}};
    const struct parity_command_usage usage = {
        .synopsis = subcommand->synopsis, .summary = subcommand->summary, .options = options};
    struct parity_scenarios scenarios = {0};
    struct parity_scenario_report report = {.tell = tell};
    struct parity_models *models = NULL;
    int code;

    if (begin(&usage, argc, argv, &scenarios, &report, &code))
        models = check_all(&scenarios, &report, &code);
    if (models)
        code = subcommand->finish(&scenarios, models);
    parity_models_free(models);
    parity_scenarios_clear(&scenarios);
    return code;
}

int parity_command_scenario(int argc, char **argv)
{
    const char *nearest = NULL;

    for (size_t i = 0; argc > 1 && i < SUBCOMMANDS; i++) {
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return run(&subcommands[i], argc - 1, argv + 1);
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
