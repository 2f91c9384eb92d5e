/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/settling.h"
#include "cli/snapshots.h"

/* --- for the commands --------------------------------------------------------------------------
 */

const char *parity_snapshots_text(const json_t *object, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : otherwise;
}

int parity_snapshots_tell_broken(const struct parity_inventory *inventory)
{
    int code = PARITY_EXIT_OK;

    for (size_t i = 0; i < inventory->count; i++) {
        const struct parity_inventory_suite *suite = &inventory->suites[i];

        if (suite->snapshot.failure.code)
            code = parity_command_fail(&suite->snapshot.failure);
        if (suite->validation.failure.code)
            code = parity_command_fail(&suite->validation.failure);
    }
    return code;
}

/* --- the table ---------------------------------------------------------------------------------
 */

/* Which options a subcommand takes. */
enum { FORMAT = 1, MODULES = 2, ALLOW = 4, OPERANDS = 8 };

static const struct subcommand {
    const char *name;
    int (*run)(struct parity_snapshots_work *work,
               struct parity_error *err); /* an exit code, or -1 */
    int takes;
    const char *synopsis, *summary;
} subcommands[] = {
    {"check", parity_snapshots_check, FORMAT | MODULES | ALLOW | OPERANDS,
     "parity snapshots check [OPTIONS] [SCENARIOS]...",
     "Report files that are not valid or canonical, entries with secrets or of no test."},
    {"format", parity_snapshots_format, 0, "parity snapshots format [--check]",
     "Rewrite all files in the canonical form."},
    {"list", parity_snapshots_list, FORMAT, "parity snapshots list [OPTIONS]",
     "List what is recorded: tests, match keys, age, where from."},
    {"orphans", parity_snapshots_orphans, FORMAT | MODULES | OPERANDS,
     "parity snapshots orphans [OPTIONS] [SCENARIOS]...",
     "List recordings without a test, and tests without a recording."},
    {"review", parity_snapshots_review, ALLOW | OPERANDS,
     "parity snapshots review [OPTIONS] [PATH|ID]...",
     "Show what 'parity run --snapshot-review' left, and accept, reject or skip it."},
    {"stale", parity_snapshots_stale, FORMAT, "parity snapshots stale --older-than DAYS|DATE",
     "List tests that were last validated on AWS before a date, or never."},
    {NULL, NULL, 0, NULL, NULL},
};

static void add(struct parity_option *options, size_t *count, struct parity_option option)
{
    options[(*count)++] = option;
}

/* The table of one subcommand, in alphabetical order. */
static void make_options(const struct subcommand *command, struct parity_snapshots_arguments *out,
                         struct parity_option *options)
{
    size_t n = 0;

    if (command->run == parity_snapshots_review)
        add(options, &n,
            (struct parity_option){
                .name = "accept", .flag = &out->accept, .help = "accept all of them"});
    if (command->takes & ALLOW)
        add(options, &n,
            (struct parity_option){.name = "allow",
                                   .argument = "PATH",
                                   .list = &out->allow,
                                   .help = "let what looks like a secret stand at this JSON path "
                                           "(repeatable)"});
    if (command->run == parity_snapshots_format)
        add(options, &n,
            (struct parity_option){.name = "check",
                                   .flag = &out->check,
                                   .help = "only print the files that would change"});
    if (command->run == parity_snapshots_orphans)
        add(options, &n,
            (struct parity_option){.name = "delete",
                                   .flag = &out->delete_them,
                                   .help = "remove the recordings that no test has"});
    if (command->takes & FORMAT)
        add(options, &n,
            (struct parity_option){.name = "format",
                                   .argument = "FORMAT",
                                   .value = &out->format,
                                   .help = "'text' for a reader (the default) or 'json'"});
    if (command->takes & MODULES)
        add(options, &n,
            (struct parity_option){.name = "modules",
                                   .argument = "DIR",
                                   .value = &out->modules,
                                   .help = "where the compiled suites are (PARITY_MODULES_DIR)"});
    if (command->run == parity_snapshots_stale)
        add(options, &n,
            (struct parity_option){.name = "older-than",
                                   .argument = "DAYS|DATE",
                                   .value = &out->older_than,
                                   .help = "days, YYYY-MM-DD or DD-MM-YYYY"});
    if (command->run == parity_snapshots_review) {
        add(options, &n,
            (struct parity_option){
                .name = "reject", .flag = &out->reject, .help = "reject all of them"});
        add(options, &n,
            (struct parity_option){.name = "replace-aws",
                                   .flag = &out->replace_aws,
                                   .help = "let an emulator's result replace one of AWS"});
    }
}

static int check_arguments(const struct subcommand *command,
                           struct parity_snapshots_arguments *arguments, struct parity_error *err)
{
    if (arguments->operand_count > 0 && !(command->takes & OPERANDS)) {
        parity_fail(err, PARITY_E_USAGE, NULL, "unexpected '%s' (usage: %s)",
                    arguments->operands[0], command->synopsis);
        return -1;
    }
    if (!arguments->format || strcmp(arguments->format, "text") == 0)
        return 0;
    arguments->json = strcmp(arguments->format, "json") == 0;
    if (arguments->json)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "--format is 'text' or 'json', not '%s'",
                arguments->format);
    return -1;
}

static void clear(struct parity_snapshots_work *work)
{
    parity_option_list_clear(&work->arguments.allow);
    parity_inventory_clear(&work->inventory);
    parity_project_clear(&work->project);
}

static int run(const struct subcommand *command, int argc, char **argv)
{
    struct parity_snapshots_work work = {0};
    struct parity_option options[10] = {{0}};
    const struct parity_command_usage usage = {command->synopsis, command->summary, options};
    struct parity_error err = {0};
    int operands, code, rc;

    make_options(command, &work.arguments, options);
    rc = parity_options_read(&usage, argc, argv, &operands, &err);
    work.arguments.operands = (const char *const *)(argv + 1);
    work.arguments.operand_count = rc == 0 ? (size_t)operands : 0;
    code = PARITY_EXIT_OK;
    if (rc == 0 && (check_arguments(command, &work.arguments, &err) < 0 ||
                    parity_project_open(NULL, &work.project, &err) < 0 ||
                    parity_command_settle(work.project.snapshots, &err) < 0 ||
                    parity_inventory_read(work.project.snapshots, &work.inventory, &err) < 0))
        rc = -1;
    if (rc == 0)
        code = command->run(&work, &err);
    if (rc < 0 || code < 0)
        code = parity_command_fail(&err);
    clear(&work);
    return code;
}

static void print_help(FILE *to)
{
    fputs("Usage: parity snapshots COMMAND [OPTIONS]\n\nCommands:\n", to);
    for (const struct subcommand *command = subcommands; command->name; command++)
        fprintf(to, "  %-10s %s\n", command->name, command->summary);
}

int parity_command_snapshots(int argc, char **argv)
{
    struct parity_error err = {0};
    const char *nearest = NULL;

    if (argc < 2) {
        print_help(stderr);
        return PARITY_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return PARITY_EXIT_OK;
    }
    for (const struct subcommand *command = subcommands; command->name; command++) {
        if (strcmp(argv[1], command->name) == 0)
            return run(command, argc - 1, argv + 1);
        nearest = parity_suggest(argv[1], nearest, command->name);
    }
    parity_fail(&err, PARITY_E_USAGE, NULL, "unknown command 'snapshots %s'%s%s%s", argv[1],
                nearest ? "; did you mean '" : " (see 'parity snapshots --help')",
                nearest ? nearest : "", nearest ? "'?" : "");
    return parity_command_fail(&err);
}
