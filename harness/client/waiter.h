/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_WAITER_H
#define PARITY_CLIENT_WAITER_H

#include <jansson.h>

#include "base/error.h"
#include "client/caller.h"
#include "client/model.h"

/* Waiting for a state, as waiters-2.json describes it: repeat a call until an acceptor decides. */

/** One waiter of one service. Immutable. */
struct parity_waiter;

/**
 * @param file  content of a waiters-2.json; borrowed for the call
 * @param name  as in the file ("BucketExists"); case and underscores do not count, so that Python's
 *              "bucket_exists" is the same
 * @param err   PARITY_E_NOT_FOUND (no such waiter; with the nearest one), PARITY_E_PARSE,
 *              PARITY_E_INVALID (the file, with waiter and acceptor)
 * @return new, or NULL
 */
struct parity_waiter *parity_waiter_new(const json_t *file, const char *name,
                                        struct parity_error *err);
void parity_waiter_free(struct parity_waiter *waiter);

/** The same for an installed service. Also PARITY_E_NOT_FOUND (service) and PARITY_E_ENVIRONMENT.
 */
struct parity_waiter *parity_waiter_load(struct parity_models *models, const char *service,
                                         const char *name, struct parity_error *err);

/** The waiter's name in the file, and the operation that it calls. Borrowed. */
const char *parity_waiter_name(const struct parity_waiter *waiter);
const char *parity_waiter_operation(const struct parity_waiter *waiter);

struct parity_wait_options {
    double delay_s;   /* between two calls; 0: the waiter's own, negative: none */
    int max_attempts; /* 0: the waiter's own */
    int (*sleep)(void *data, double seconds); /* NULL: sleeps; -1 ends the wait, as after the last
                                                 attempt */
    void *data;
};

/**
 * Call until the state is there.
 *
 * Acceptors are asked in their order, the first that matches decides. None does, and the service
 * answered with an error: that is a failure.
 *
 * @param input    of each call; borrowed
 * @param options  NULL: all zero
 * @param last     may be NULL; new: the last response, or NULL if there is none
 * @param err      with 1: PARITY_E_RESPONSE (the failure state) or PARITY_E_LIMIT (attempts used
 *                 up): which waiter, after how many attempts, what was seen last. With -1: what a
 *                 call failed with; PARITY_E_INVALID (a response that an acceptor can't look at)
 * @return 0: reached, 1: not reached, -1: can't be told
 * @see botocore, Waiter.wait()
 */
int parity_wait(const struct parity_waiter *waiter, struct parity_caller caller,
                const json_t *input, const struct parity_wait_options *options, json_t **last,
                struct parity_error *err);

#endif
