/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_CALL_OUTPUT_H
#define PARITY_CLI_CALL_OUTPUT_H

#include <jansson.h>

#include "base/error.h"
#include "client/model.h"

/**
 * The member of an operation's output that is a body of its own, such as an object of S3.
 * @param err  PARITY_E_USAGE: it has none; else as parity_models_service()
 * @return borrowed, or NULL
 */
const char *parity_call_output_member(struct parity_models *models, const char *service,
                                      const char *operation, struct parity_error *err);

/**
 * Write that member to a file and put {"$file": path} in its place. An output without it (an error)
 * writes nothing.
 * @return 0 or -1 (PARITY_E_IO)
 */
int parity_call_output_save(json_t *output, const char *member, const char *path,
                            struct parity_error *err);

#endif
