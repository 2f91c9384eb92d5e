/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "recorder/compare.h"
#include "recorder/difference_text.h"
#include "recorder/verify.h"

struct arguments {
    const char *recorded, *observed; /* files */
    const char *format, *compat;
    struct parity_option_list skips;
};

static json_t *read_state(const char *path, const struct arguments *arguments,
                          struct parity_error *err)
{
    json_t *state;

    if (parity_json_read_file(path, &state, err) < 0)
        return NULL;
    if (!json_is_object(state))
        parity_fail(err, PARITY_E_INVALID, path,
                    "a state must be an object from match keys to values");
    else if (parity_skip_remove(state, arguments->skips.items, arguments->skips.count, err) == 0)
        return state;
    json_decref(state);
    return NULL;
}

static size_t terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static int print_text(const json_t *differences, struct parity_error *err)
{
    const struct parity_difference_text_options options = {
        .colour = parity_command_has_colour(stdout), .width = terminal_width()};
    size_t count = parity_difference_count(differences);
    struct parity_buffer text = {0};
    int rc = -1;

    parity_difference_text(&text, differences, &options);
    if (count > 0)
        parity_buffer_printf(&text, "\n%zu difference%s\n", count, count == 1 ? "" : "s");
    if (text.failed)
        parity_fail_nomem(err);
    else if (fwrite(text.data ? text.data : "", 1, text.length, stdout) != text.length ||
             fflush(stdout) != 0)
        parity_fail(err, PARITY_E_IO, "standard output", "cannot write: %s", strerror(errno));
    else
        rc = 0;
    parity_buffer_clear(&text);
    return rc;
}

/* The exit code. */
static int run(const struct arguments *arguments, struct parity_error *err)
{
    const struct parity_compare_options options = {.compat_localstack = arguments->compat != NULL};
    json_t *recorded = read_state(arguments->recorded, arguments, err);
    json_t *observed = recorded ? read_state(arguments->observed, arguments, err) : NULL;
    json_t *differences = NULL;
    int code = PARITY_EXIT_USAGE, rc = -1;

    if (observed && parity_compare(recorded, observed, &options, &differences, err) == 0)
        rc = strcmp(arguments->format, "json") == 0 ? parity_command_print(differences, err)
                                                    : print_text(differences, err);
    if (rc < 0)
        code = parity_command_fail(err);
    else
        code = json_array_size(differences) > 0 ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    json_decref(differences);
    json_decref(observed);
    json_decref(recorded);
    return code;
}

static int check(const struct arguments *arguments, int operands,
                 const struct parity_command_usage *usage, struct parity_error *err)
{
    const char *reason = NULL;

    if (operands != 2)
        reason = "give two files";
    else if (strcmp(arguments->recorded, "-") == 0 && strcmp(arguments->observed, "-") == 0)
        reason = "only one of the two can be standard input";
    else if (strcmp(arguments->format, "text") != 0 && strcmp(arguments->format, "json") != 0)
        reason = "--format is 'text' or 'json'";
    else if (arguments->compat && strcmp(arguments->compat, "localstack") != 0)
        reason = "--compat knows only 'localstack'";
    if (!reason)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "%s (usage: %s)", reason, usage->synopsis);
    return -1;
}

int parity_command_diff(int argc, char **argv)
{
    struct arguments arguments = {.format = "text"};
    const struct parity_option options[] = {
        {.name = "compat",
         .argument = "NAME",
         .help = "'localstack': judge as localstack-snapshot does",
         .value = &arguments.compat},
        {.name = "format",
         .argument = "FORMAT",
         .help = "'text' for a reader (the default) or 'json'",
         .value = &arguments.format},
        {.name = "skip",
         .argument = "PATH",
         .help = "leave what this path selects out on both sides; repeatable",
         .list = &arguments.skips},
        {0},
    };
    const struct parity_command_usage usage = {
        "parity diff [OPTIONS] RECORDED OBSERVED",
        "Compare two transformed documents, {\"match key\": value} each.", options};
    struct parity_error err = {0};
    int operands, rc = parity_options_read(&usage, argc, argv, &operands, &err);

    if (rc == 0) {
        arguments.recorded = operands > 0 ? argv[1] : NULL;
        arguments.observed = operands > 1 ? argv[2] : NULL;
        rc = check(&arguments, operands, &usage, &err) < 0 ? parity_command_fail(&err)
                                                           : run(&arguments, &err);
    } else {
        rc = rc > 0 ? PARITY_EXIT_OK : parity_command_fail(&err);
    }
    parity_option_list_clear(&arguments.skips);
    return rc;
}
