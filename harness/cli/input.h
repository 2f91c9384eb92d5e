/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_INPUT_H
#define PARITY_CLI_INPUT_H

#include <jansson.h>

#include "base/error.h"

/**
 * A JSON object given as an argument: its text, `@FILE`, or `-` for standard input.
 *
 * @param text  NULL: an empty object
 * @param name  what the usage calls it, for messages
 * @param out   new
 * @param err   PARITY_E_PARSE, PARITY_E_INVALID (no object), PARITY_E_NOT_FOUND, PARITY_E_IO
 */
int parity_command_input(const char *text, const char *name, json_t **out,
                         struct parity_error *err);

#endif
