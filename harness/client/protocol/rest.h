/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_REST_H
#define PARITY_CLIENT_PROTOCOL_REST_H

/* HTTP bindings, which rest-json and rest-xml share: labels, query, headers, payload. */

#include <jansson.h>

#include "client/protocol/event_stream.h"
#include "client/protocol/member_path.h"
#include "client/protocol/protocol.h"
#include "client/protocol/result.h"

/** How a protocol writes and reads the structured part of a body. */
struct parity_rest_codec {
    const char *empty_body;   /* for a payload that is absent; "" for none */
    const char *content_type; /* of a structured body; NULL: none is sent */
    bool exact_booleans;      /* in response headers only "true" is true, not "True" */
    enum parity_event_encoding events;

    /** Append the body for a shape. */
    int (*write_body)(const struct parity_shape *shape, const json_t *value,
                      struct parity_buffer *out, struct parity_error *err);

    /** Check the content type of a body. */
    void (*check_content_type)(const struct parity_parse *parse);

    /** Check a body from which nothing is read: `shape` has no members in it. */
    int (*check_unread)(const struct parity_parse *parse, const struct parity_shape *shape);

    /** The value of a shape in the body. New; NULL on failure. */
    json_t *(*read_body)(const struct parity_parse *parse, const struct parity_shape *shape);
};

int parity_rest_serialize(const struct parity_rest_codec *codec,
                          const struct parity_operation *operation, const json_t *input,
                          struct parity_wire_request *out, struct parity_error *err);

/** Fill `parse->result` from status, headers and body. */
int parity_rest_read(const struct parity_rest_codec *codec, struct parity_parse *parse,
                     const struct parity_shape *shape);

/** RequestId and HostId from the headers into ResponseMetadata. */
int parity_rest_read_metadata(struct parity_parse *parse);

#endif
