/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_ERROR_H
#define PARITY_BASE_ERROR_H

#include <parity/error.h>

/**
 * Report a failure, unless `err` is NULL or already holds one.
 *
 * @param context  where it happened (file, path, URL); may be NULL; copied, truncated if needed
 * @param format   printf format of the message: one line, no trailing newline
 */
__attribute__((format(printf, 4, 5))) void parity_fail(struct parity_error *err,
                                                       enum parity_errc code, const char *context,
                                                       const char *format, ...);

/** The same with a 1-based position (0: unknown). */
__attribute__((format(printf, 6, 7))) void parity_fail_at(struct parity_error *err,
                                                          enum parity_errc code,
                                                          const char *context, int line, int column,
                                                          const char *format, ...);

/** Report PARITY_E_NOMEM. */
void parity_fail_nomem(struct parity_error *err);

/**
 * Put `prefix` in front of the context ("sqs/test_send.c::fifo" + "CreateQueue" gives
 * "sqs/test_send.c::fifo: CreateQueue"). Does nothing when `err` is NULL or empty.
 */
__attribute__((format(printf, 2, 3))) void parity_error_add_context(struct parity_error *err,
                                                                    const char *format, ...);

/** Empty `err` for reuse. */
void parity_error_clear(struct parity_error *err);

/** Write "context:line:column: message", as far as known, into `out` of `size` bytes; where there
 * is a column and no line, "context: message (column 5)". */
void parity_error_format(const struct parity_error *err, char *out, unsigned long size);

/** The exit code that DESIGN.md gives to this kind of failure: 2 (input) or 3 (environment). */
int parity_error_exit_code(const struct parity_error *err);

#endif
