/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_CALL_OUTPUT_H
#define PARITY_CLI_CALL_OUTPUT_H

#include "base/error.h"
#include "client/model.h"

/**
 * Whether an operation answers with a body of its own, such as an object of S3, that a file can
 * hold.
 *
 * @param err  PARITY_E_USAGE: it does not; else as parity_models_service()
 * @return 0 or -1
 */
int parity_call_check_output(struct parity_models *models, const char *service,
                             const char *operation, struct parity_error *err);

#endif
