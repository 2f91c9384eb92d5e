/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_EVENT_STREAM_H
#define PARITY_CLIENT_PROTOCOL_EVENT_STREAM_H

#include "client/model.h"
#include "client/protocol/result.h"

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

#endif
