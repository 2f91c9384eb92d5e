/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_ERROR_H
#define PARITY_BASE_ERROR_H

/** What kind of thing went wrong; decides the exit code (see parity_error_exit_code()). */
enum parity_errc {
    PARITY_OK = 0,
    PARITY_E_NOMEM,   /* out of memory */
    PARITY_E_IO,      /* a file could not be read or written */
    PARITY_E_PARSE,   /* a document, path or pattern is not what it claims to be */
    PARITY_E_INVALID, /* well-formed input that breaks a rule (unknown parameter, wrong type, …) */
    PARITY_E_USAGE,   /* the command line or the call of a function is wrong */
    PARITY_E_NOT_FOUND,   /* a named thing does not exist (service, operation, recording, preset) */
    PARITY_E_NETWORK,     /* the target could not be reached or broke off */
    PARITY_E_RESPONSE,    /* the target answered with something that is no valid response */
    PARITY_E_CREDENTIALS, /* no usable credentials */
    PARITY_E_ENVIRONMENT, /* something the machine must provide is missing (models, emulator) */
    PARITY_E_LIMIT        /* a limit on size, depth, time or backtracking was hit */
};

/**
 * The reason why a function failed: zeroed and owned by the caller, filled where the reason is
 * known. The first report wins; callers add context but never overwrite.
 */
struct parity_error {
    enum parity_errc code;
    char message[1024]; /* one line a user can act on, without context */
    char context[256];  /* where: file, JSON path, match key, URL; empty when there is none */
    int line, column;   /* 1-based position in the input; 0 when unknown */
};

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

/** Report PARITY_E_NOMEM. @return -1, for callers that end with it */
int parity_fail_nomem(struct parity_error *err);

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
