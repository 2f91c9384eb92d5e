/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_ERROR_H
#define PARITY_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
