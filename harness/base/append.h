/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_APPEND_H
#define PARITY_BASE_APPEND_H

#include <stddef.h>

#include "base/error.h"

/**
 * Add a line to a file, which is made if there is none, and flush it to disk.
 *
 * When this fails, the file ends as it did before. What a process left behind the last line when
 * it was killed in here goes first. For callers that keep other writers out.
 *
 * @param line    with the line break at its end
 * @param length  with that of the line break
 * @param err     PARITY_E_NOT_FOUND: there is no such folder; PARITY_E_IO
 * @return 0 or -1
 */
int parity_append_line(const char *path, const char *line, size_t length, struct parity_error *err);

#endif
