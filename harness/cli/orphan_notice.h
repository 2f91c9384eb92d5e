/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_ORPHAN_NOTICE_H
#define PARITY_CLI_ORPHAN_NOTICE_H

#include "runner/registry.h"

/**
 * Tell on standard error of recordings, in the files of the suites of a collection, that none of
 * its tests has. A file that cannot be read is left to those who need it.
 *
 * @param collection  must hold all tests of its suites
 */
void parity_orphan_notice(const struct parity_registry *registry, const char *snapshots);

#endif
