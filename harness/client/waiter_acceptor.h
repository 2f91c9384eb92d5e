/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_WAITER_ACCEPTOR_H
#define PARITY_CLIENT_WAITER_ACCEPTOR_H

/* One acceptor of a waiter. Internal to waiter*.c. */

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/jmespath.h"

enum parity_acceptor_state {
    PARITY_ACCEPTOR_SUCCESS,
    PARITY_ACCEPTOR_FAILURE,
    PARITY_ACCEPTOR_RETRY
};

enum parity_acceptor_matcher {
    PARITY_ACCEPTOR_PATH,
    PARITY_ACCEPTOR_PATH_ALL,
    PARITY_ACCEPTOR_PATH_ANY,
    PARITY_ACCEPTOR_STATUS,
    PARITY_ACCEPTOR_ERROR
};

/** Zero-initialise, read, clear. */
struct parity_acceptor {
    enum parity_acceptor_state state;
    enum parity_acceptor_matcher matcher;
    struct parity_jmespath *argument; /* owned; of the path matchers */
    json_t *expected;                 /* owned */
};

/** @return 0 or -1 (PARITY_E_PARSE, PARITY_E_INVALID, PARITY_E_NOMEM) */
int parity_acceptor_read(const json_t *given, struct parity_acceptor *out,
                         struct parity_error *err);
void parity_acceptor_clear(struct parity_acceptor *acceptor);

/** Whether a response is one that the acceptor is for: 1, 0, or -1 (PARITY_E_INVALID, …). */
int parity_acceptor_matches(const struct parity_acceptor *acceptor, const json_t *response,
                            struct parity_error *err);

/** `Error` of a response if it has a code, else NULL. Borrowed. */
const json_t *parity_acceptor_error(const json_t *response);

/** Append what the acceptor is for: `Table.TableStatus is "ACTIVE"`. */
void parity_acceptor_describe(const struct parity_acceptor *acceptor, struct parity_buffer *out);

/** Append `value` as JSON, at most some 120 bytes of it. */
void parity_acceptor_write(struct parity_buffer *out, const json_t *value);

#endif
