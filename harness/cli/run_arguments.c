/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_arguments.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/protocol/protocol.h"

enum { MAX_WORKERS = 256, MOST = 1000000 };

/* --- the options -------------------------------------------------------------------------------
 */

enum { MOST_OPTIONS = 96 };

struct table {
    struct parity_option rows[MOST_OPTIONS + 1];
    size_t count;
};

static void add(struct table *table, const struct parity_option *rows, size_t count)
{
    for (size_t i = 0; i < count && table->count < MOST_OPTIONS; i++)
        table->rows[table->count++] = rows[i];
}

static void add_selection(struct table *table, struct parity_run_arguments *out)
{
    struct parity_run_choice *choice = &out->choice;
    const struct parity_option rows[] = {
        {.heading = "Selection",
         .name = "changed-since",
         .argument = "REV",
         .value = &choice->changed_since,
         .help = "tests that what differs from this commit may have an effect on"},
        {.name = "keyword",
         .letter = 'k',
         .argument = "EXPR",
         .value = &choice->keywords,
         .help = "parts of ids, markers and tags, with and, or, not and parentheses"},
        {.name = "last-failed",
         .flag = &choice->last_failed,
         .help = "tests that did not pass when they ran last; all when there are none"},
        {.name = "list", .flag = &out->list, .help = "print the ids of the selected tests"},
        {.name = "marker",
         .letter = 'm',
         .argument = "EXPR",
         .value = &choice->markers,
         .help = "markers and tags, with and, or, not and parentheses"},
        {.name = "modules",
         .argument = "DIR",
         .value = &out->modules,
         .help = "where the compiled suites are (PARITY_MODULES_DIR)"},
        {.name = "operation",
         .argument = "NAME",
         .list = &choice->operations,
         .help = "tests that called it when they ran last: [SERVICE:]OPERATION (repeatable)"},
        {.name = "service",
         .argument = "NAME",
         .list = &choice->services,
         .help = "tests that called it when they ran last (repeatable)"},
        {.name = "shard",
         .argument = "I/N",
         .value = &choice->shard,
         .help = "the I-th of N parts that take equally long"},
        {.name = "shard-durations",
         .argument = "FILE",
         .value = &choice->shard_durations,
         .help = "how long tests take: a results file, the same for all shards"},
    };

    add(table, rows, sizeof rows / sizeof *rows);
}

static void add_execution(struct table *table, struct parity_run_arguments *out)
{
    const struct parity_option rows[] = {
        {.heading = "Execution",
         .name = "cleanup",
         .flag = &out->cleanup,
         .help = "run nothing: delete what earlier runs left (with --list: show it)"},
        {.name = "fail-fast",
         .letter = 'x',
         .flag = &out->fail_fast,
         .help = "begin no further test when one has not passed"},
        {.name = "failed-first",
         .flag = &out->choice.failed_first,
         .help = "begin with the tests that did not pass when they ran last"},
        {.name = "force",
         .flag = &out->force,
         .help = "with --cleanup: delete also what may be older than the run that left it"},
        {.name = "jobs",
         .letter = 'j',
         .argument = "N",
         .value = &out->workers,
         .help = "worker processes (default: the number of processors)"},
        {.name = "maxfail",
         .argument = "N",
         .value = &out->max_failures,
         .help = "begin no further test when N have not passed"},
        {.name = "repeat", .argument = "N", .value = &out->repeat, .help = "run each test N times"},
        {.name = "retries",
         .argument = "N",
         .value = &out->retries,
         .help = "run a test that does not pass up to N times again"},
        {.name = "shuffle",
         .argument = "SEED",
         .optional = true,
         .value = &out->choice.shuffle,
         .help = "run in another order, the same for the same seed"},
        {.name = "timeout",
         .argument = "SECONDS",
         .value = &out->timeout,
         .help = "for a test that sets none itself (default: 120)"},
    };

    add(table, rows, sizeof rows / sizeof *rows);
}

static void add_target(struct table *table, struct parity_run_arguments *out)
{
    const struct parity_option rows[] = {
        {.heading = "Target",
         .name = "connect-to",
         .argument = "HOST1:PORT1:HOST2:PORT2",
         .list = &out->connect_to,
         .help = "open connections for one host to another (repeatable)"},
        {.name = "emulator",
         .argument = "NAME",
         .value = &out->emulator,
         .help =
             "start this one of parity.json's emulators, or, with --endpoint-url, say which one "
             "runs there"},
        {.name = "endpoint-url",
         .argument = "URL",
         .value = &out->endpoint_url,
         .help = "the emulator that answers here"},
        {.name = "protocol",
         .argument = "NAME",
         .value = &out->protocol,
         .help = "make calls over it, of services that speak it"},
        {.name = "region",
         .argument = "NAME",
         .value = &out->region,
         .help = "region of the target"},
    };

    add(table, rows, sizeof rows / sizeof *rows);
}

static void add_snapshots(struct table *table, struct parity_run_arguments *out)
{
    const struct parity_option rows[] = {
        {.heading = "Recordings",
         .name = "allow",
         .argument = "PATH",
         .list = &out->allow,
         .help = "record what looks like a secret at this JSON path (repeatable)"},
        {.name = "apply-suggestions",
         .flag = &out->apply_suggestions,
         .help = "with --check-stable: add the transformers that settle a test beside its suite"},
        {.name = "check-stable",
         .flag = &out->check_stable,
         .help = "with --snapshot-update: run each test twice, record what does not differ"},
        {.name = "compat",
         .argument = "NAME",
         .value = &out->compat,
         .help = "judge as the reference does: localstack"},
        {.name = "ground-truth",
         .argument = "DIR",
         .list = &out->ground_truth,
         .help = "a further tree of recordings, looked at first (repeatable)"},
        {.name = "replace-aws",
         .flag = &out->replace_aws,
         .help = "let an emulator's recording replace one made on AWS"},
        {.name = "snapshot-raw",
         .flag = &out->raw,
         .help = "also write what came before the transformers (SNAPSHOT_RAW=1)"},
        {.name = "snapshot-review",
         .flag = &out->review,
         .help = "leave results that differ for 'parity snapshots review'"},
        {.name = "snapshot-skip-all", .flag = &out->skip_all, .help = "compare nothing"},
        {.name = "snapshot-update",
         .flag = &out->update,
         .help = "record instead of comparing (SNAPSHOT_UPDATE=1)"},
    };

    add(table, rows, sizeof rows / sizeof *rows);
}

static void add_reports(struct table *table, struct parity_run_arguments *out)
{
    const struct parity_option rows[] = {
        {.heading = "Reports",
         .name = "durations",
         .argument = "N",
         .value = &out->slowest,
         .help = "name the N slowest tests"},
        {.name = "html",
         .argument = "FILE",
         .value = &out->html,
         .help = "write a page for the browser"},
        {.name = "junit", .argument = "FILE", .value = &out->junit, .help = "write JUnit XML"},
        {.name = "quiet", .letter = 'q', .flag = &out->quiet, .help = "report only what is wrong"},
        {.name = "results",
         .argument = "FILE",
         .value = &out->results,
         .help = "write the results as JSON"},
        {.name = "strict-skips",
         .flag = &out->strict_skips,
         .help = "fail when a skip_verify path hides nothing any more"},
        {.name = "suggest-skips",
         .flag = &out->suggest_skips,
         .help = "print the annotations with which the tests that fail would not"},
        {.name = "tap",
         .argument = "FILE",
         .value = &out->tap,
         .help = "write TAP; to standard output for -, as tests end"},
        {.name = "verbose",
         .letter = 'v',
         .flag = &out->verbose,
         .help = "report tests that passed in full, too"},
    };

    add(table, rows, sizeof rows / sizeof *rows);
}

int parity_run_arguments_read(struct parity_run_arguments *out, int argc, char **argv,
                              int *operands, struct parity_error *err)
{
    struct table table = {.count = 0};
    const struct parity_command_usage usage = {
        .synopsis = "parity run [OPTIONS] [PATH|ID]...",
        .summary = "Run suites against an emulator, or with TEST_TARGET=AWS_CLOUD against AWS.",
        .options = table.rows,
    };

    add_selection(&table, out);
    add_execution(&table, out);
    add_target(&table, out);
    add_snapshots(&table, out);
    add_reports(&table, out);
    return parity_options_read(&usage, argc, argv, operands, err);
}

void parity_run_arguments_clear(struct parity_run_arguments *arguments)
{
    parity_option_list_clear(&arguments->ground_truth);
    parity_option_list_clear(&arguments->connect_to);
    parity_option_list_clear(&arguments->allow);
    parity_option_list_clear(&arguments->choice.services);
    parity_option_list_clear(&arguments->choice.operations);
}

/* --- what they say together --------------------------------------------------------------------
 */

static bool is_on(const char *name)
{
    const char *value = getenv(name);

    return value && strcmp(value, "1") == 0;
}

/* "CI runs never record", so that no pipeline makes its own ground truth by mistake. */
static int check_recording(struct parity_run_arguments *arguments, struct parity_error *err)
{
    const char *ci = getenv("CI");
    bool in_ci = ci && ci[0] && strcmp(ci, "false") != 0 && strcmp(ci, "0") != 0;

    arguments->update |= is_on("SNAPSHOT_UPDATE");
    arguments->raw |= is_on("SNAPSHOT_RAW");
    if (arguments->update && arguments->skip_all) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "--snapshot-update and --snapshot-skip-all contradict each other");
        return -1;
    }
    if (arguments->review && (arguments->update || arguments->skip_all)) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "--snapshot-review contradicts --snapshot-update and --snapshot-skip-all");
        return -1;
    }
    if ((arguments->check_stable && !arguments->update && !arguments->review) ||
        (arguments->apply_suggestions && !arguments->check_stable)) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "--check-stable goes with --snapshot-update or --snapshot-review, and "
                    "--apply-suggestions with --check-stable");
        return -1;
    }
    if (arguments->update && in_ci && !is_on("PARITY_RECORD_IN_CI")) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "refusing to record in CI (CI=%s); a job that is meant to record sets "
                    "PARITY_RECORD_IN_CI=1",
                    ci);
        return -1;
    }
    return 0;
}

static int check_compat(const char *compat, struct parity_error *err)
{
    if (!compat || strcmp(compat, "localstack") == 0)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "--compat knows 'localstack', not '%s'", compat);
    return -1;
}

static int check_protocol(const char *protocol, struct parity_error *err)
{
    struct parity_error unknown = {0};

    if (!protocol || parity_protocol_find(protocol, &unknown))
        return 0;
    parity_fail(err, PARITY_E_USAGE, "--protocol", "%s", unknown.message);
    return -1;
}

/* What would be passed over without a word: a cleanup knows no tests. */
static int check_cleanup(const struct parity_run_arguments *arguments, struct parity_error *err)
{
    const struct parity_run_choice *choice = &arguments->choice;
    const struct {
        const char *option;
        bool given;
    } others[] = {
        {"--keyword", choice->keywords},
        {"--marker", choice->markers},
        {"--changed-since", choice->changed_since},
        {"--shard", choice->shard},
        {"--service", choice->services.count},
        {"--operation", choice->operations.count},
        {"--last-failed", choice->last_failed},
        {"--snapshot-update", arguments->update},
        {"--results", arguments->results},
        {"--junit", arguments->junit},
        {"--tap", arguments->tap},
        {"--html", arguments->html},
    };

    if (arguments->force && !arguments->cleanup) {
        parity_fail(err, PARITY_E_USAGE, NULL, "--force goes with --cleanup");
        return -1;
    }
    for (size_t i = 0; arguments->cleanup && i < sizeof others / sizeof *others; i++)
        if (others[i].given) {
            parity_fail(err, PARITY_E_USAGE, NULL,
                        "--cleanup deletes what is left of all tests; it takes no %s",
                        others[i].option);
            return -1;
        }
    return 0;
}

int parity_run_arguments_check(struct parity_run_arguments *arguments, struct parity_error *err)
{
    if (check_cleanup(arguments, err) < 0 || check_recording(arguments, err) < 0 ||
        check_compat(arguments->compat, err) < 0)
        return -1;
    return check_protocol(arguments->protocol, err);
}

/* --- numbers -----------------------------------------------------------------------------------
 */

/* Those that this process may use: a container or a job may have few of the machine's. */
static long count_processors(void)
{
    cpu_set_t usable;

    if (sched_getaffinity(0, sizeof usable, &usable) == 0)
        return CPU_COUNT(&usable);
    return sysconf(_SC_NPROCESSORS_ONLN);
}

static int read_workers(const char *text, long of_project, size_t *out, struct parity_error *err)
{
    long workers = of_project ? of_project : count_processors();
    char *end;

    if (text) {
        workers = strtol(text, &end, 10);
        if (*end || end == text || workers < 1 || workers > MAX_WORKERS) {
            parity_fail(err, PARITY_E_USAGE, NULL, "-j takes a number from 1 to %d, not '%s'",
                        MAX_WORKERS, text);
            return -1;
        }
    }
    *out = workers < 1 ? 1 : (size_t)workers;
    return 0;
}

static int read_timeout(const char *text, double of_project, double *out, struct parity_error *err)
{
    char *end;

    *out = of_project;
    if (!text)
        return 0;
    *out = strtod(text, &end);
    if (*end || end == text || !(*out > 0) || *out > 1e6) {
        parity_fail(err, PARITY_E_USAGE, NULL, "--timeout takes a number of seconds, not '%s'",
                    text);
        return -1;
    }
    return 0;
}

/* A count; `out` stays as it is where there is none. */
static int read_count(const char *text, const char *option, unsigned least, unsigned most,
                      unsigned *out, struct parity_error *err)
{
    unsigned long number;
    char *end;

    if (!text)
        return 0;
    number = strtoul(text, &end, 10);
    if (*end || text[0] < '0' || text[0] > '9' || number < least || number > most) {
        parity_fail(err, PARITY_E_USAGE, NULL, "%s takes a number from %u to %u, not '%s'", option,
                    least, most, text);
        return -1;
    }
    *out = (unsigned)number;
    return 0;
}

static int read_counts(const struct parity_run_arguments *arguments, struct parity_run_numbers *out,
                       struct parity_error *err)
{
    enum { MOST_REPEATS = 100000, MOST_RETRIES = 1000 };
    unsigned max_failures = 0, slowest = 0;

    out->repeat = 1;
    out->retries_given = arguments->retries != NULL;
    if (read_count(arguments->retries, "--retries", 0, MOST_RETRIES, &out->retries, err) < 0 ||
        read_count(arguments->repeat, "--repeat", 1, MOST_REPEATS, &out->repeat, err) < 0 ||
        read_count(arguments->max_failures, "--maxfail", 1, MOST, &max_failures, err) < 0 ||
        read_count(arguments->slowest, "--durations", 1, MOST, &slowest, err) < 0)
        return -1;
    out->max_failures = arguments->fail_fast ? 1 : max_failures;
    out->slowest = slowest;
    return 0;
}

int parity_run_arguments_numbers(const struct parity_run_arguments *arguments,
                                 const struct parity_project *project,
                                 struct parity_run_numbers *out, struct parity_error *err)
{
    *out = (struct parity_run_numbers){.workers = 1};
    if (read_workers(arguments->workers, project->workers, &out->workers, err) < 0 ||
        read_counts(arguments, out, err) < 0)
        return -1;
    return read_timeout(arguments->timeout, project->timeout_s, &out->timeout_s, err);
}

int parity_merge_arguments_read(struct parity_run_arguments *out, size_t *slowest, int argc,
                                char **argv, int *operands, struct parity_error *err)
{
    struct table table = {.count = 0};
    const struct parity_command_usage usage = {
        .synopsis = "parity merge [OPTIONS] FILE...",
        .summary = "Join results files: of the shards of a run, and of runs one after the other.",
        .options = table.rows,
    };
    unsigned number = 0;
    int rc;

    add_reports(&table, out);
    rc = parity_options_read(&usage, argc, argv, operands, err);
    if (rc == 0)
        rc = read_count(out->slowest, "--durations", 1, MOST, &number, err);
    *slowest = number;
    return rc;
}
