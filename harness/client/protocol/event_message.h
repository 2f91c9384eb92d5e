/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_EVENT_MESSAGE_H
#define PARITY_CLIENT_PROTOCOL_EVENT_MESSAGE_H

/*
 * The messages that an event stream (application/vnd.amazon.eventstream) consists of: headers with
 * typed values, a payload, and checksums of both.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct parity_event_message {
    json_t *headers;     /* new; timestamps as milliseconds, byte strings as typed values */
    const char *payload; /* borrowed from the stream */
    size_t payload_length;
};

/**
 * Take a message off the front of `*data`.
 *
 * @param message  its headers are released by the caller, also after a failure
 * @return 0 or -1 (PARITY_E_RESPONSE: cut off, damaged, out of range)
 * @see botocore/eventstream.py
 */
int parity_event_message_read(const char **data, size_t *left, struct parity_event_message *message,
                              struct parity_error *err);

/*
 * Append a header to the block of headers in `out`. Each returns 0, or -1 when its name has not 1
 * to 255 bytes or its value more than 32,767.
 */
int parity_event_header_text(struct parity_buffer *out, const char *name, const char *text,
                             size_t length);
int parity_event_header_bytes(struct parity_buffer *out, const char *name, const void *data,
                              size_t length);
int parity_event_header_boolean(struct parity_buffer *out, const char *name, bool value);
int parity_event_header_integer(struct parity_buffer *out, const char *name, int64_t value,
                                bool is_long);
int parity_event_header_timestamp(struct parity_buffer *out, const char *name, int64_t ms);

/**
 * Append a message.
 * @return 0, or -1 when headers or payload are larger than a message may be (128 KiB and 24 MiB)
 */
int parity_event_message_write(struct parity_buffer *out, const struct parity_buffer *headers,
                               const void *payload, size_t payload_length);

#endif
