/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMULATOR_ENTRY_H
#define PARITY_EMULATOR_ENTRY_H

#include <jansson.h>

#include "base/error.h"

/** What `{…}` in an entry's texts stands for. */
struct parity_entry_values {
    const char *project; /* {project}: folder of parity.json */
    const char *python;  /* {python}: an interpreter that has the project's packages */
    int port; /* {port}: the free port that was chosen; 0: none, and {port} is an error */
};

/**
 * Replace `{project}`, `{python}` and `{port}`. Other braces stay.
 *
 * @return new, released with parity_free(); NULL with PARITY_E_INVALID or PARITY_E_NOMEM
 */
char *parity_entry_expand(const char *text, const struct parity_entry_values *values,
                          struct parity_error *err);

/**
 * An array of texts, expanded, as `execve` takes it.
 *
 * @return new, NULL-terminated, released with parity_entry_arguments_free(); NULL on failure
 */
char **parity_entry_arguments(const json_t *command, const struct parity_entry_values *values,
                              struct parity_error *err);

/**
 * This process's environment without the variables that begin with `AWS_`, so that an emulator
 * cannot pass a developer's identity on, and with the members of `environment`, expanded.
 *
 * @param environment  object of texts; NULL: none
 * @return as parity_entry_arguments()
 */
char **parity_entry_environment(const json_t *environment, const struct parity_entry_values *values,
                                struct parity_error *err);

void parity_entry_arguments_free(char **arguments);

/** The value that a JSON pointer (RFC 6901) names, borrowed; NULL when there is none. */
const json_t *parity_entry_pointer(const json_t *document, const char *pointer);

#endif
