/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "transformers/presets.h"
#include "transformers/python_regex.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"call", parity_command_call, "call an operation and print the response"},
    {"coverage", parity_command_coverage,
     "tell which operations are tested, validated, implemented"},
    {"diff", parity_command_diff, "compare two transformed documents"},
    {"endpoint", parity_command_endpoint, "turn endpoint parameters into a URL"},
    {"jsonpath", parity_command_jsonpath, "print what a path selects in a JSON document"},
    {"merge", parity_command_merge, "join the results of shards and of several runs"},
    {"parse", parity_command_parse, "read an HTTP response as an SDK would"},
    {"run", parity_command_run, "run suites: verify, or record, against a target"},
    {"scenario", parity_command_scenario, "check tests that are data, print them as suites in C"},
    {"sign", parity_command_sign, "sign a raw HTTP request and print the steps"},
    {"snapshots", parity_command_snapshots, "list, check and tidy recordings, review new ones"},
    {"transform", parity_command_transform,
     "transform an observed document as it would be recorded"},
    {NULL, NULL, NULL},
};

static void print_help(FILE *to)
{
    fputs("Usage: parity COMMAND [ARGUMENTS]\n\nThe neutral judge of AWS emulators.\n\nCommands:\n",
          to);
    for (const struct command *command = commands; command->name; command++)
        fprintf(to, "  %-12s %s\n", command->name, command->summary);
    fputs("\n`parity COMMAND --help` lists the options of a command.\n", to);
}

static int unknown_command(const char *name)
{
    const char *nearest = NULL;

    for (const struct command *command = commands; command->name; command++)
        nearest = parity_suggest(name, nearest, command->name);
    fprintf(stderr, "parity: unknown command '%s'", name);
    if (nearest)
        fprintf(stderr, "; did you mean '%s'?", nearest);
    fputs(" (see 'parity --help')\n", stderr);
    return PARITY_EXIT_USAGE;
}

static int run(const struct command *command, int argc, char **argv)
{
    int code = command->run(argc, argv);

    parity_presets_clear();
    parity_python_regex_forget();
    return code;
}

/* No file that is opened later may get the number of a standard stream that is closed: what is said
 * there would go into it. Reading or writing still fails. */
static void occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return; /* there is no such device here */
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    parity_memory_init();
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_help(stderr);
        return PARITY_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return PARITY_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("parity " PARITY_VERSION);
        return PARITY_EXIT_OK;
    }
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(argv[1], command->name) == 0)
            return run(command, argc - 1, argv + 1);
    return unknown_command(argv[1]);
}
