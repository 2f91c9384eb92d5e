/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/run_reporters.h"
#include "runner/merge.h"

/* Everything that is released at the end. */
struct command {
    struct parity_run_arguments arguments;
    size_t slowest;
    struct parity_project project;
    struct parity_run_reporters reporters;
    struct parity_merge *merge;
};

static int add_files(struct command *command, const char *const *files, struct parity_error *err)
{
    command->merge = parity_merge_new();
    if (!command->merge) {
        parity_fail_nomem(err);
        return -1;
    }
    for (; *files; files++) {
        json_t *document;
        int rc;

        if (parity_json_read_file(*files, &document, err) < 0)
            return -1;
        rc = parity_merge_add(command->merge, document, *files, err);
        json_decref(document);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* A shard whose machine was lost leaves no file; what the others say is worth a report all the
 * same, but not a verdict. */
static int tell_missing(const struct command *command, int code)
{
    struct parity_buffer missing = {0};
    size_t count = parity_merge_missing(command->merge, &missing);

    if (count > 0)
        fprintf(stderr, "parity: there are no results of shard%s %s\n", count == 1 ? "" : "s",
                missing.data ? missing.data : "");
    parity_buffer_clear(&missing);
    return count > 0 && code == PARITY_EXIT_OK ? PARITY_EXIT_ENVIRONMENT : code;
}

static int merge(struct command *command, const char *const *files)
{
    struct parity_error err = {0};
    struct parity_summary summary;

    if (!files[0])
        parity_fail(&err, PARITY_E_USAGE, NULL,
                    "name the files to join (usage: parity merge [OPTIONS] FILE...)");
    if (err.code != PARITY_OK || parity_project_open(NULL, &command->project, &err) < 0 ||
        add_files(command, files, &err) < 0 ||
        parity_run_reporters_make(&command->arguments, command->slowest, &command->project, NULL,
                                  &command->reporters, &err) < 0 ||
        parity_merge_report(command->merge, command->reporters.items, &summary, &err) < 0)
        return parity_command_fail(&err);
    return tell_missing(command, parity_run_reporters_finish(&command->reporters, &summary,
                                                             command->arguments.strict_skips));
}

int parity_command_merge(int argc, char **argv)
{
    struct command command = {.slowest = 0};
    struct parity_error err = {0};
    int operands, rc, code;

    rc = parity_merge_arguments_read(&command.arguments, &command.slowest, argc, argv, &operands,
                                     &err);
    if (rc < 0)
        code = parity_command_fail(&err);
    else if (rc > 0)
        code = PARITY_EXIT_OK;
    else
        code = merge(&command, (const char *const *)(argv + 1));
    parity_run_reporters_clear(&command.reporters);
    parity_merge_free(command.merge);
    parity_project_clear(&command.project);
    parity_run_arguments_clear(&command.arguments);
    return code;
}
