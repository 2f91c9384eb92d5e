/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_MAILBOX_H
#define PARITY_RUNNER_MAILBOX_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * What a worker notes for the runner without waking it: memory that both share, so that it is there
 * however the worker ends. The runner looks when there is a reason: a message, or a death.
 *
 * A test can overwrite it, so whatever stands there is read with care.
 */
struct parity_mailbox;

/** @return new, shared with processes that are forked from now on; NULL (PARITY_E_NOMEM) */
struct parity_mailbox *parity_mailbox_new(struct parity_error *err);
void parity_mailbox_free(struct parity_mailbox *mailbox);

/**
 * Add an event; for the worker.
 * @return false: there is no room, now and until it is emptied; the event must be sent instead
 */
bool parity_mailbox_put(struct parity_mailbox *mailbox, const json_t *event);

/** The same by its text, or of a buffer that failed, which has no room. */
bool parity_mailbox_put_text(struct parity_mailbox *mailbox, const struct parity_buffer *event);

/** Note that a message is about to be sent: what is put in from now on comes after it. */
void parity_mailbox_mark(struct parity_mailbox *mailbox);

/** Whether such a mark comes next, which is then taken; for the runner. */
bool parity_mailbox_take_mark(const struct parity_mailbox *mailbox, size_t *place);

/**
 * The next event; for the runner.
 * @param place  where to read, 0 at first; moved on
 * @return new, or NULL: there is none, or nothing that can be read
 */
json_t *parity_mailbox_take(const struct parity_mailbox *mailbox, size_t *place);

/** Empty it; for the runner, while the worker has nothing to do. */
void parity_mailbox_empty(struct parity_mailbox *mailbox);

#endif
