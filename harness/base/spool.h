/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_SPOOL_H
#define PARITY_BASE_SPOOL_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

/**
 * Bytes that are put aside until later, however many: in a file without a name in $TMPDIR (/tmp),
 * which is gone with the process, whatever ends that. Zero-initialise, open, close.
 */
struct parity_spool {
    bool open;
    int fd;
    off_t end; /* so many bytes were added */
};

/** @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM) */
int parity_spool_open(struct parity_spool *spool, struct parity_error *err);

/** Forget what was put aside; nothing to do for a spool that is not open. */
void parity_spool_close(struct parity_spool *spool);

/** Append; after a failure `end` is where it was. @return 0 or -1 (PARITY_E_IO) */
int parity_spool_add(struct parity_spool *spool, const void *data, size_t length,
                     struct parity_error *err);

/** Put other bytes in the place of those at `at`, all of which were added. @return as above */
int parity_spool_change(struct parity_spool *spool, off_t at, const void *data, size_t length,
                        struct parity_error *err);

/** Read all of `length` bytes at `at`. @return 0 or -1 (PARITY_E_IO: they are not there) */
int parity_spool_read(const struct parity_spool *spool, off_t at, void *out, size_t length,
                      struct parity_error *err);

/** Copy `length` bytes at `at` to a stream, whose errors are the caller's to look for.
 * @return as above */
int parity_spool_print(const struct parity_spool *spool, off_t at, size_t length, FILE *out,
                       struct parity_error *err);

#endif
