/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_BACKTRACE_H
#define PARITY_RUNNER_BACKTRACE_H

#include <stddef.h>

#include "base/buffer.h"

/**
 * Append "backtrace:" and a line for each address, innermost first:
 *
 *   build/suites/thing/test_thing.so(crashes_with_cleanups+0x1d) [0x7f2b1c0a21d0]
 *
 * The addresses are of a process that was forked from this one, where the same things lie at the
 * same places. Functions are named by the symbol tables of the files, so static ones are, too;
 * what lies in no file of this process, or in a file without symbols, has less in front of the
 * address.
 */
void parity_backtrace_text(struct parity_buffer *out, const unsigned long *addresses, size_t count);

#endif
