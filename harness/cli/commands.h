/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COMMANDS_H
#define PARITY_CLI_COMMANDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "client/findings.h"

/* Exit codes, DESIGN.md, "The command line". */
enum {
    PARITY_EXIT_OK = 0,
    PARITY_EXIT_DIFFERENCE = 1,
    PARITY_EXIT_USAGE = 2,
    PARITY_EXIT_ENVIRONMENT = 3,
    PARITY_EXIT_NOTHING_SELECTED = 4,
    PARITY_EXIT_SIGNAL = 128 /* and the signal's number, as shells report them */
};

/* One file each: reads arguments, calls the library, prints. argv[0] is the subcommand's name. */
int parity_command_call(int argc, char **argv);
int parity_command_coverage(int argc, char **argv);
int parity_command_diff(int argc, char **argv);
int parity_command_endpoint(int argc, char **argv);
int parity_command_jsonpath(int argc, char **argv);
int parity_command_merge(int argc, char **argv);
int parity_command_parse(int argc, char **argv);
int parity_command_run(int argc, char **argv);
int parity_command_scenario(int argc, char **argv);
int parity_command_sign(int argc, char **argv);
int parity_command_snapshots(int argc, char **argv);
int parity_command_transform(int argc, char **argv);

/** Whether a stream is a terminal that moves its cursor: not where TERM is "dumb". */
bool parity_command_is_terminal(FILE *out);

/** Whether what is written to a stream may have colours: on such a terminal, unless NO_COLOR is set
 * (no-color.org). */
bool parity_command_has_colour(FILE *out);

/** Print "parity: <context>: <message>" on standard error. @return the exit code for it */
int parity_command_fail(const struct parity_error *err);

/** Print a document on standard output, indented, with a final newline. @return 0, or -1
 * (PARITY_E_IO) */
int parity_command_print(const json_t *document, struct parity_error *err);

/** Make the presets of the project that the command was started in known, for a command that makes
 * transformers and needs nothing else of the project. @return 0 or -1 */
int parity_command_add_presets(struct parity_error *err);

/** Print what `--check-output` found on standard error, "parity: output: KIND: PATH: MESSAGE" each.
 */
void parity_command_print_findings(const struct parity_findings *findings);

#endif
