/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_OWN_CALL_H
#define PARITY_CLIENT_OWN_CALL_H

#include <stddef.h>

#include "base/embedded.h"
#include "base/error.h"

/** An operation that serves a purpose of parity's own; own_calls.json says which. */
struct parity_own_call {
    char service[32], operation[64];
};

/**
 * @param purpose  a member of own_calls.json ("caller-identity")
 * @param err      PARITY_E_PARSE: there is none, or it is broken; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_own_call(const char *purpose, struct parity_own_call *out, struct parity_error *err);

/** own_calls.json */
extern const struct parity_embedded_file parity_own_calls_files[];
extern const size_t parity_own_calls_file_count;

#endif
