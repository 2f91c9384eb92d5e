/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CALLER_H
#define PARITY_CLIENT_CALLER_H

#include <jansson.h>

#include "base/error.h"
#include "client/client.h"

/** What paginators and waiters make their calls with. Plain data, copied freely. */
struct parity_caller {
    /**
     * As parity_client_call(): an error that the service answers with is a result.
     * @param input  object; borrowed
     * @param out    new, with no part that anything else holds
     * @return 0 or -1
     */
    int (*call)(void *data, const char *operation, const json_t *input, json_t **out,
                struct parity_error *err);
    void *data;
};

/** Calls of one service through a client. All is borrowed. */
struct parity_client_caller {
    struct parity_client *client;
    const char *service;
    const struct parity_call_options *options; /* NULL: the client's settings */
    int attempts;                              /* counted here: requests sent by all calls so far */
    void (*seen)(const struct parity_call_record *record); /* told of each call; NULL: nobody is */
};

/** A caller for `data`, which must live as long. */
struct parity_caller parity_client_caller(struct parity_client_caller *data);

#endif
