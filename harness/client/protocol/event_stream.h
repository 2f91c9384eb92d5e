/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_EVENT_STREAM_H
#define PARITY_CLIENT_PROTOCOL_EVENT_STREAM_H

#include "base/buffer.h"
#include "client/model.h"
#include "client/protocol/result.h"

#define PARITY_EVENT_STREAM_TYPE "application/vnd.amazon.eventstream"

/** What the payloads of events are written in. */
enum parity_event_encoding { PARITY_EVENTS_JSON, PARITY_EVENTS_XML, PARITY_EVENTS_CBOR };

/**
 * Read a body of events (application/vnd.amazon.eventstream), checking both checksums of each
 * message.
 *
 * The result's member for `stream` becomes a list of the events in their order, each an object with
 * the event's name as its only member. Where an SDK raises an error while the events are read, the
 * list has {"Error": {"Code", "Message"}}. Events that the model does not know are left out.
 *
 * @param initial  reads the payload of the first message, the initial response, into the result;
 *                 NULL: the protocol has none
 * @return 0 or -1: PARITY_E_RESPONSE (damaged, cut off, of the wrong form)
 * @see botocore/eventstream.py; botocore/parsers.py, BaseEventStreamParser
 */
int parity_event_stream_read(struct parity_parse *parse, const struct parity_shape *shape,
                             const struct parity_shape *stream, enum parity_event_encoding encoding,
                             int (*initial)(struct parity_parse *parse, const char *data,
                                            size_t length, const struct parity_shape *shape));

/**
 * Append the events of an input, one message each, unsigned.
 *
 * @param events  a list of objects with the event's name as their only member; NULL: none
 * @return 0 or -1: PARITY_E_INVALID with the path of what no event can hold
 * @see Smithy specification, "Event streams", "Event message serialization"
 */
int parity_event_stream_write(const struct parity_shape *stream, const json_t *events,
                              enum parity_event_encoding encoding, struct parity_buffer *out,
                              struct parity_error *err);

/** How a protocol without HTTP bindings writes the members of an input. */
struct parity_event_codec {
    enum parity_event_encoding encoding;
    const char *content_type; /* of the members that are no events */
    int (*write)(const struct parity_shape *shape, const json_t *members, struct parity_buffer *out,
                 struct parity_error *err);
};

/**
 * Append a body: the members, or, where one of them is a stream, an initial message with the others
 * and then the events.
 * @return 0 or -1
 */
int parity_event_stream_write_input(const struct parity_event_codec *codec,
                                    const struct parity_shape *shape, const json_t *input,
                                    struct parity_buffer *out, struct parity_error *err);

#endif
