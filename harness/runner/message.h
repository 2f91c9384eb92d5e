/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_MESSAGE_H
#define PARITY_RUNNER_MESSAGE_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * What the runner and its workers say to each other: JSON objects over a stream socket, each behind
 * its length (four bytes, most significant first).
 */

/**
 * Send one message, waiting until it is taken.
 * @return 0 or -1 (PARITY_E_IO: the other side is gone; PARITY_E_NOMEM)
 */
int parity_message_send(int fd, const json_t *message, struct parity_error *err);

/** The same of a message's text, or of a buffer that failed. */
int parity_message_send_text(int fd, const struct parity_buffer *message, struct parity_error *err);

/** Whether a message can be sent: the descriptor is still that of a stream socket. */
bool parity_message_can_send(int fd);

/** What has arrived of messages so far. Zero-initialise; parity_buffer_clear(&inbox.bytes). */
struct parity_inbox {
    struct parity_buffer bytes;
    bool ended; /* the other side is gone */
};

/**
 * Wait for one message. What came behind it stays in the inbox.
 * @param out  new; NULL at the end of the stream
 * @return 0, also at the end, or -1 (PARITY_E_IO, PARITY_E_PARSE)
 */
int parity_message_receive(struct parity_inbox *inbox, int fd, json_t **out,
                           struct parity_error *err);

/**
 * Read what is there without waiting.
 * @return 0, or -1 (PARITY_E_IO)
 */
int parity_inbox_fill(struct parity_inbox *inbox, int fd, struct parity_error *err);

/**
 * Take the next whole message.
 * @param out  new; NULL: none is complete
 * @return 0, or -1 (PARITY_E_PARSE: what arrived is no message)
 */
int parity_inbox_take(struct parity_inbox *inbox, json_t **out, struct parity_error *err);

#endif
