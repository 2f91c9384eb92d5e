/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/known_tests.h"
#include "cli/loading.h"
#include "cli/modules.h"
#include "cli/run_arguments.h"
#include "cli/run_cleanup.h"
#include "cli/run_reporters.h"
#include "cli/run_selection.h"
#include "cli/settling.h"
#include "recorder/settle.h"
#include "runner/habits.h"
#include "runner/collection.h"
#include "runner/project_presets.h"
#include "runner/run.h"
#include "runner/target.h"
#include "runner/worker_process.h"
#include "scenario/files.h"
#include "scenario/source.h"

enum { WIRE_BODY_BYTES = 16 * 1024 };

/* Everything a run holds, released by clear(). */
struct command {
    struct parity_run_arguments arguments;
    struct parity_run_numbers numbers;
    struct parity_project project;
    struct parity_selection selection;
    struct parity_collection collection;
    struct parity_run_selection chosen;
    struct parity_scenario_collection scenarios;
    struct parity_models *models;
    struct parity_run_target target;
    const char **ground_truth; /* of the command line, then of parity.json */
    json_t *orphans;           /* recordings that no test has; NULL: not looked for */
    struct parity_run_reporters reporters;
};

/* --- tests -------------------------------------------------------------------------------------
 */

static void tell(const struct parity_error *what)
{
    parity_command_fail(what);
}

static void tell_problem(void *data, const struct parity_error *problem)
{
    (void)data;
    tell(problem);
}

static int load_tests(struct command *command, const char *const *operands, size_t count,
                      struct parity_error *err)
{
    char *folder = parity_modules_folder(command->arguments.modules, &command->project);
    const struct parity_collection_options options = {.modules = folder,
                                                      .suites = command->project.suites,
                                                      .models = command->models,
                                                      .protocol = command->arguments.protocol,
                                                      .notice = tell,
                                                      .loading = parity_loading_note,
                                                      .load_more = parity_scenarios_collect,
                                                      .data = &command->scenarios};
    int rc = -1;

    command->scenarios.suites = command->project.suites;
    command->scenarios.report.tell = tell_problem;

    parity_loading_begin();
    if (!folder)
        parity_fail_nomem(err);
    else if (parity_selection_make(operands, count, command->project.suites, &command->selection,
                                   err) == 0)
        rc = parity_collect(&options, &command->selection, &command->collection, err);
    parity_loading_end();
    parity_free(folder);
    return rc;
}

/* --- the run -----------------------------------------------------------------------------------
 */

/* The trees of the command line, then those of parity.json. */
static int list_ground_truth(struct command *command, struct parity_error *err)
{
    size_t count = command->arguments.ground_truth.count, further = 0;
    char **of_project = command->project.ground_truth;

    while (of_project && of_project[further])
        further++;
    command->ground_truth = parity_calloc(count + further + 1, sizeof *command->ground_truth);
    if (!command->ground_truth) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        command->ground_truth[i] = command->arguments.ground_truth.items[i];
    for (size_t i = 0; i < further; i++)
        command->ground_truth[count + i] = of_project[i];
    return 0;
}

static int open_models(struct command *command, struct parity_error *err)
{
    const struct parity_models_options options = {.further =
                                                      (const char *const *)command->project.models};

    command->models = parity_models_new(&options, err);
    return command->models ? 0 : -1;
}

/* An hour of recording must not end in a folder that cannot be written. */
static int check_snapshots(const struct command *command, struct parity_error *err)
{
    if (!command->arguments.update && !command->arguments.review && !command->arguments.raw)
        return 0;
    if (parity_file_make_folders(command->project.snapshots, err) < 0)
        return -1;
    if (access(command->project.snapshots, W_OK) == 0)
        return 0;
    parity_fail(err, PARITY_E_IO, command->project.snapshots, "cannot record here: %s",
                strerror(errno));
    return -1;
}

static void make_run_id(char out[9])
{
    unsigned char bytes[4];

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        memset(bytes, 0, sizeof bytes);
    parity_hex(bytes, sizeof bytes, out);
}

static void describe_worker(const struct command *command, const char *run_id,
                            struct parity_worker_options *out)
{
    const struct parity_run_arguments *arguments = &command->arguments;
    const struct parity_run_target *target = &command->target;

    *out = (struct parity_worker_options){
        .cases = command->collection.cases,
        .case_count = command->collection.count,
        .target = target->client,
        .emulator = target->emulator_name,
        .emulator_version = target->emulator_version,
        .account_id = target->account_id,
        .primary_credentials = &target->primary_credentials,
        .secondary_credentials = target->has_secondary ? &target->secondary_credentials : NULL,
        .secondary_account_id = target->secondary_account_id,
        .secondary_region = target->secondary_region,
        .run_id = run_id,
        .protocol = arguments->protocol,
        .snapshots = command->project.snapshots,
        .ground_truth = command->ground_truth,
        .models = command->models,
        .suites = command->project.suites,
        .update = arguments->update,
        .review = arguments->review,
        .check_stable = arguments->check_stable,
        .apply_suggestions = arguments->apply_suggestions,
        .raw = arguments->raw,
        .skip_all = arguments->skip_all,
        .suggest_skips = arguments->suggest_skips,
        .compat_localstack = arguments->compat != NULL,
    };
}

/* What is left to be put into its files after an interruption, or since a disk was full.
 * @return the exit code */
static int settle(const struct command *command, int code)
{
    struct parity_error err = {0};
    json_t *settled;

    if (parity_settle_folder(command->project.snapshots, &settled, &err) < 0)
        code = parity_command_fail(&err);
    json_decref(settled);
    return code;
}

static int run(struct command *command, struct parity_error *err)
{
    const struct parity_run_target *target = &command->target;
    const struct parity_run_arguments *arguments = &command->arguments;
    size_t wanted = command->numbers.workers;
    size_t tests = command->collection.count * command->numbers.repeat;
    size_t workers = wanted < tests ? wanted : tests;
    struct parity_run_info info = {
        .aws = target->client.aws,
        .emulator = target->emulator_name,
        .version = target->emulator_version,
        .endpoint_url = target->client.endpoint_url,
        .region = target->client.region,
        .mode = arguments->update     ? "record"
                : arguments->review   ? "review"
                : arguments->skip_all ? "run"
                                      : "verify",
        .selected = tests,
        .workers = workers,
        .shard = command->chosen.shard,
        .orphans = command->orphans,
    };
    char run_id[9];
    struct parity_worker_options worker;
    const struct parity_run_options options = {
        .worker = &worker,
        .workers = workers,
        .timeout_s = command->numbers.timeout_s,
        .retries = command->numbers.retries_given ? &command->numbers.retries : NULL,
        .repeat = command->numbers.repeat,
        .max_failures = command->numbers.max_failures,
        .emulator = target->emulator,
        .reporters = command->reporters.items,
        .info = &info,
        .registry = &command->collection.registry,
        .provenance_target = target->provenance,
        .replace_aws = arguments->replace_aws,
        .allow = arguments->allow.items,
    };
    char *habits = parity_habits_path(command->project.folder);
    const struct parity_habit_tests tests_there_are = {.registry = &command->collection.registry,
                                                       .suites = command->project.suites,
                                                       .all = command->selection.count == 0};
    struct parity_summary summary;
    int code;

    make_run_id(run_id);
    describe_worker(command, run_id, &worker);
    worker.habits = habits;
    worker.target.exchange_body_bytes = arguments->html ? WIRE_BODY_BYTES : 0;
    if (parity_run_journal_begin(target, &command->project, run_id, &worker.journal, err) < 0 ||
        parity_run(&options, &summary, err) < 0)
        code = parity_command_fail(err);
    else
        code = parity_run_reporters_finish(&command->reporters, &summary, arguments->strict_skips);
    parity_run_journal_end(worker.journal, habits, &tests_there_are);
    parity_free(habits);
    return settle(command, code);
}

/* --- all of it ---------------------------------------------------------------------------------
 */

/* A file that is there, but not called as files of scenarios are. */
static bool is_misnamed(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && !parity_scenario_is_named(path);
}

static int nothing_selected(const struct command *command)
{
    const char *operand = parity_selection_unfound(&command->selection);
    const char *nearest = NULL;

    if (operand && is_misnamed(operand)) {
        fprintf(stderr,
                "parity: nothing selected: '%s' is no file of scenarios by its name: those end in "
                ".json, .yaml or .yml, and are no recordings\n",
                operand);
        return PARITY_EXIT_NOTHING_SELECTED;
    }
    for (size_t i = 0; operand && i < command->collection.registry.count; i++)
        nearest = parity_suggest(operand, nearest, command->collection.registry.cases[i].id);
    fprintf(stderr, "parity: nothing selected%s%s%s%s%s%s\n",
            operand ? ": no test matches '" : ": there are no suites", operand ? operand : "",
            operand ? "'" : "", nearest ? "; did you mean '" : "", nearest ? nearest : "",
            nearest ? "'?" : "");
    return PARITY_EXIT_NOTHING_SELECTED;
}

/* The operands found tests, and the options then left none. */
static int nothing_chosen(const struct command *command)
{
    fprintf(stderr, "parity: nothing selected: %s\n", command->chosen.steps.data);
    return PARITY_EXIT_NOTHING_SELECTED;
}

static void tell_notices(const struct command *command)
{
    const struct parity_buffer *notices = &command->chosen.notices;

    for (size_t at = 0; at < notices->length;) {
        size_t length = strcspn(notices->data + at, "\n");

        fprintf(stderr, "parity: %.*s\n", (int)length, notices->data + at);
        at += length + 1;
    }
}

static int list_tests(const struct command *command)
{
    for (size_t i = 0; i < command->collection.count; i++)
        puts(command->collection.cases[i]->id);
    return fflush(stdout) == 0 ? PARITY_EXIT_OK : PARITY_EXIT_USAGE;
}

static void clear(struct command *command)
{
    parity_run_reporters_clear(&command->reporters);
    parity_run_target_clear(&command->target);
    parity_models_free(command->models);
    parity_free(command->ground_truth);
    parity_run_selection_clear(&command->chosen);
    json_decref(command->orphans);
    parity_selection_clear(&command->selection);
    parity_collection_clear(&command->collection);
    parity_scenarios_clear(&command->scenarios.scenarios);
    parity_project_clear(&command->project);
    parity_run_arguments_clear(&command->arguments);
}

static int make_reporters(struct command *command, struct parity_error *err)
{
    const struct parity_forecast_options forecast = {
        .cases = command->collection.cases,
        .count = command->collection.count,
        .repeat = command->numbers.repeat,
        .project = command->project.folder,
        .ground_truth = command->ground_truth,
        .snapshots = command->project.snapshots,
    };

    return parity_run_reporters_make(&command->arguments, command->numbers.slowest,
                                     &command->project, &forecast, &command->reporters, err);
}

static int run_command(struct command *command, const char *const *operands, size_t count)
{
    struct parity_run_target_options target = {.project = &command->project};
    struct parity_error err = {0};

    if (parity_run_arguments_check(&command->arguments, &err) < 0 ||
        parity_project_open(NULL, &command->project, &err) < 0)
        return parity_command_fail(&err);
    if (command->arguments.cleanup && count > 0)
        parity_fail(&err, PARITY_E_USAGE, NULL,
                    "--cleanup deletes what is left of all tests; it takes no '%s'", operands[0]);
    if (command->arguments.cleanup)
        return count > 0 ? parity_command_fail(&err)
                         : parity_run_cleanup(&command->arguments, &command->project);
    if (parity_command_settle(command->project.snapshots, &err) < 0 ||
        parity_project_add_presets(&command->project, &err) < 0 ||
        parity_run_arguments_numbers(&command->arguments, &command->project, &command->numbers,
                                     &err) < 0 ||
        list_ground_truth(command, &err) < 0 || open_models(command, &err) < 0 ||
        load_tests(command, operands, count, &err) < 0)
        return parity_command_fail(&err);
    if (command->collection.count == 0 || parity_selection_unfound(&command->selection))
        return nothing_selected(command);
    if (parity_run_select(&command->arguments, &command->project, command->ground_truth,
                          &command->collection, &command->chosen, &err) < 0)
        return parity_command_fail(&err);
    tell_notices(command);
    /* A shard may be empty; what was divided was not. */
    if (command->collection.count == 0 && command->chosen.shard.plan == 0)
        return nothing_chosen(command);
    if (command->arguments.list)
        return list_tests(command);
    /* A part of the tests says nothing about the others' recordings. */
    if (count == 0 && !command->arguments.protocol &&
        command->collection.count == command->collection.registry.count)
        command->orphans = parity_find_orphans(&command->project, command->arguments.modules,
                                               &command->collection);
    target.endpoint_url = command->arguments.endpoint_url;
    target.emulator = command->arguments.emulator;
    target.region = command->arguments.region;
    target.connect_to = command->arguments.connect_to.items;
    if (make_reporters(command, &err) < 0 ||
        parity_run_reporters_add_last_run(&command->project,
                                          count == 0 ? &command->collection.registry : NULL,
                                          &command->reporters, &err) < 0 ||
        check_snapshots(command, &err) < 0 ||
        parity_models_check(command->models, &err) < 0) /* one message, not one for each test */
        return parity_command_fail(&err);
    target.models = command->models;
    if (parity_run_target_open(&target, &command->target, &err) < 0)
        return parity_command_fail(&err);
    return run(command, &err);
}

int parity_command_run(int argc, char **argv)
{
    struct command command = {0};
    struct parity_error err = {0};
    int operands, rc, code;

    /* What OpenSSL holds goes with the process; it need not be taken apart first, name by name. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    rc = parity_run_arguments_read(&command.arguments, argc, argv, &operands, &err);
    if (rc < 0)
        code = parity_command_fail(&err);
    else if (rc > 0)
        code = PARITY_EXIT_OK;
    else
        code = run_command(&command, (const char *const *)(argv + 1), (size_t)operands);
    clear(&command);
    /* By now everything that was started is to have ended. */
    parity_worker_process_sweep(0);
    return code;
}
