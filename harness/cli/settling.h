/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_SETTLING_H
#define PARITY_CLI_SETTLING_H

#include "base/error.h"

/**
 * Before recordings are read: put into their files what other runs have recorded and not put there,
 * and say so on standard error.
 *
 * @param folder  the project's recordings
 * @return 0 or -1, as parity_settle_folder()
 */
int parity_command_settle(const char *folder, struct parity_error *err);

#endif
