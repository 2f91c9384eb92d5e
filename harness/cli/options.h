/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_OPTIONS_H
#define PARITY_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/** One option of a subcommand; a table of them ends with an empty entry. */
struct parity_option {
    const char *heading;  /* in the help, above this option and those after it; NULL: none */
    const char *name;     /* without the dashes */
    char letter;          /* short form; 0: none */
    const char *argument; /* name of its argument in the help; NULL: takes none */
    const char *help;     /* one line */
    bool *flag;           /* set to true (no argument) */
    const char **value;   /* set to the last one given */
    struct parity_option_list {
        const char **items; /* owned, NULL-terminated; the texts are borrowed from argv */
        size_t count;
    } * list; /* for repeatable options */
};

/** A subcommand's words around its option table. */
struct parity_command_usage {
    const char *synopsis; /* "parity sign [OPTIONS] [FILE]" */
    const char *summary;  /* one line */
    const struct parity_option *options;
};

/**
 * Read a subcommand's arguments: `--name value`, `--name=value`, `-x value`, `--` ends options, and
 * options may follow operands.
 *
 * @param argc, argv  argv[0] is the subcommand; operands are moved to argv[1…] and argv[*operands +
 * 1] is NULL
 * @return 0, 1 when `--help` was asked for and printed, or -1 (PARITY_E_USAGE, with the nearest
 * known option)
 */
int parity_options_read(const struct parity_command_usage *usage, int argc, char **argv,
                        int *operands, struct parity_error *err);

void parity_option_list_clear(struct parity_option_list *list);

#endif
