/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_UNDO_H
#define PARITY_RUNNER_UNDO_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "client/model.h"

/*
 * How to undo a call that may have created something and of which no cleanup is known: by the
 * service model. "CreateQueue" is undone by "DeleteQueue"; what that needs ("QueueUrl") is taken
 * from the response, from the input, or asked for ("GetQueueUrl", "ListQueues").
 *
 * Only what carries the run's id in its name is undone, since a create call may also hand over
 * something that was there before; or what is new for certain: the call had a token of its own
 * against being made twice (`idempotencyToken` of the model), was answered, and the answer has an
 * id that the service chose. Of anything else it can only be said what would undo it, if somebody
 * knows that it was not there before.
 */

struct parity_undo_options {
    struct parity_models *models; /* NULL: nothing is known */
    const char *mark;             /* the part of unique names that says whose they are */
    bool doubtful;                /* find also what would delete a thing that may be older */
    /** Make a call as `call` (packed) was made, but of another operation, as
     * parity_client_call(). NULL: nobody can be asked. */
    int (*ask)(void *data, const json_t *call, const char *operation, const json_t *input,
               json_t **out, struct parity_error *err);
    void *data;
};

enum parity_undo_answer {
    PARITY_UNDO_CALL,     /* this call undoes it */
    PARITY_UNDO_DOUBTFUL, /* so would this one, but the thing may have been there before; only if
                             that was wished for */
    PARITY_UNDO_ABSENT,   /* nothing is there */
    PARITY_UNDO_UNKNOWN   /* it can't be said what would */
};

/** Whether a call may create something that outlives it. @param model  NULL: by the name alone */
bool parity_undo_may_create(const char *operation, const struct parity_operation *model);

/**
 * Find the call that undoes another.
 *
 * @param call    packed; borrowed
 * @param output  that it was answered with; NULL: unknown
 * @param undo    new with PARITY_UNDO_CALL and PARITY_UNDO_DOUBTFUL: packed, with the options of
 *                `call`; else NULL
 * @param err     why it is unknown, if something can be said
 */
enum parity_undo_answer parity_undo_find(const struct parity_undo_options *options,
                                         const json_t *call, const json_t *output, json_t **undo,
                                         struct parity_error *err);

/** Whether an error response says that what it was asked for does not exist. */
bool parity_undo_says_gone(const json_t *response);

/** The operation of a packed call; NULL: no model has it. Borrowed from `models`. */
const struct parity_operation *parity_undo_operation(struct parity_models *models,
                                                     const json_t *call);

#endif
