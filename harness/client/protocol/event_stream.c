/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/event_stream.h"

#include <string.h>

#include "base/json.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/event_message.h"
#include "client/protocol/json_const.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/scalar.h"
#include "client/protocol/xml_shape.h"

/* A message, and where what the model does not know of it is noted. */
struct message {
    struct parity_event_message of;
    struct parity_findings *findings; /* of the response */
};

static int fail(struct parity_error *err, const char *reason)
{
    parity_fail(err, PARITY_E_RESPONSE, NULL, "no usable event stream: %s", reason);
    return -1;
}

static const char *header(const struct message *message, const char *name)
{
    const char *text = json_string_value(json_object_get(message->of.headers, name));

    return text ? text : "";
}

/* --- events ------------------------------------------------------------------------------------
 */

static json_t *read_xml(const struct message *message, const struct parity_shape *shape,
                        struct parity_error *err)
{
    static const struct parity_xml_node nothing = {.name = ""};
    struct parity_xml_reader reader = {
        .error_root = parity_xml_error_root, .findings = message->findings, .err = err};
    struct parity_xml_tree tree = {0};
    json_t *value;

    if (message->of.payload_length > 0 &&
        parity_xml_parse(message->of.payload, message->of.payload_length, &tree, err) < 0)
        return NULL;
    value = parity_xml_read(&reader, shape, tree.root ? tree.root : &nothing, NULL);
    parity_xml_tree_clear(&tree);
    return value;
}

static json_t *read_payload(const struct message *message, const struct parity_shape *shape,
                            enum parity_event_encoding encoding, struct parity_error *err)
{
    json_t *body, *value;

    if (encoding == PARITY_EVENTS_XML)
        return read_xml(message, shape, err);
    if (encoding == PARITY_EVENTS_JSON || message->of.payload_length == 0)
        body = parity_json_read_body(message->of.payload, message->of.payload_length, err);
    else
        body = parity_cbor_decode(message->of.payload, message->of.payload_length, err);
    if (!body)
        return NULL;
    if (encoding == PARITY_EVENTS_JSON)
        value = parity_json_read(shape, body, PARITY_JSON_SCALARS_AS_SENT, message->findings, err);
    else
        value = parity_cbor_read(shape, body, message->findings, err);
    json_decref(body);
    return value;
}

/* Timestamps in headers count milliseconds. */
static json_t *header_value(const struct parity_shape *member, const json_t *value,
                            struct parity_error *err)
{
    json_t *seconds, *result;

    if (parity_shape_type(member) != PARITY_SHAPE_TIMESTAMP || !json_is_integer(value))
        return json_incref(parity_unconst(value));
    seconds = json_real((double)json_integer_value(value) / 1000.0);
    result = seconds ? parity_scalar_timestamp_number(seconds, NULL, err) : NULL;
    json_decref(seconds);
    return result;
}

static int add_event_headers(const struct message *message, const struct parity_shape *shape,
                             json_t *event, struct parity_error *err)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        const json_t *value = json_object_get(message->of.headers, name);

        if (value && parity_shape_has(member, PARITY_TRAIT_EVENT_HEADER) &&
            parity_result_set(event, name, header_value(member, value, err), err) < 0)
            return -1;
    }
    return 0;
}

static const struct parity_shape *find_payload(const struct parity_shape *shape)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++)
        if (parity_shape_has(parity_shape_member_at(shape, i), PARITY_TRAIT_EVENT_PAYLOAD))
            return parity_shape_member_at(shape, i);
    return NULL;
}

static int add_event_payload(const struct message *message, const struct parity_shape *shape,
                             enum parity_event_encoding encoding, json_t *event,
                             struct parity_error *err)
{
    const struct parity_shape *member = find_payload(shape);
    json_t *value;
    int rc;

    if (!member) {
        value = read_payload(message, shape, encoding, err);
        rc = json_is_object(value) ? json_object_update(event, value) : value ? 0 : -1;
        if (rc < 0)
            parity_fail_nomem(err);
        json_decref(value);
        return rc;
    }
    if (parity_shape_type(member) == PARITY_SHAPE_BLOB)
        value = parity_json_bytes(message->of.payload, message->of.payload_length);
    else if (parity_shape_type(member) == PARITY_SHAPE_STRING)
        value = parity_scalar_string(message->of.payload, message->of.payload_length, NULL, err);
    else
        value = read_payload(message, member, encoding, err);
    return parity_result_set(event, parity_shape_member_name(member), value, err);
}

static json_t *read_event(const struct message *message, const struct parity_shape *member,
                          enum parity_event_encoding encoding, struct parity_error *err)
{
    json_t *event = json_object();

    if (!event) {
        parity_fail_nomem(err);
        return NULL;
    }
    if (add_event_headers(message, member, event, err) < 0 ||
        (parity_shape_has(member, PARITY_TRAIT_EVENT) &&
         add_event_payload(message, member, encoding, event, err) < 0)) {
        json_decref(event);
        return NULL;
    }
    return event;
}

/* Takes over `message`. */
static json_t *make_error(const char *code, json_t *message, struct parity_error *err)
{
    json_t *error = json_object();

    if (parity_result_set(error, "Message", message, err) < 0 ||
        parity_result_set(error, "Code", json_string_nocheck(code), err) < 0) {
        json_decref(error);
        return NULL;
    }
    return error;
}

/* A modelled exception, or an error of the stream itself. */
static json_t *read_error(const struct message *message, const struct parity_shape *stream,
                          enum parity_event_encoding encoding, struct parity_error *err)
{
    const char *type = header(message, ":exception-type");
    const struct parity_shape *shape = parity_shape_member(stream, type);
    json_t *members, *text;

    if (!shape)
        return make_error(header(message, ":error-code"),
                          json_string_nocheck(header(message, ":error-message")), err);
    members = read_payload(message, shape, encoding, err);
    if (!members)
        return NULL;
    text = json_object_get(members, "Message");
    if (!text)
        text = json_object_get(members, "message");
    text = text ? json_incref(text) : json_string("");
    json_decref(members);
    return make_error(type, text, err);
}

/* Adds what a message says to the list. */
static int add_entry(struct parity_parse *parse, const struct message *message,
                     const struct parity_shape *stream, enum parity_event_encoding encoding,
                     json_t *list)
{
    const char *type = header(message, ":message-type"), *name;
    const struct parity_shape *member;
    json_t *event, *entry;

    if (strcmp(type, "error") == 0 || strcmp(type, "exception") == 0) {
        name = "Error";
        event = read_error(message, stream, encoding, parse->err);
    } else {
        name = header(message, ":event-type");
        member = parity_shape_member(stream, name);
        if (!member) {
            parity_findings_add(parse->findings, PARITY_FINDING_UNKNOWN, NULL,
                                "the model has no event '%.80s'", name);
            return 0;
        }
        event = read_event(message, member, encoding, parse->err);
    }
    entry = json_object();
    if (!event || json_object_set_new_nocheck(entry, name, event) < 0) {
        json_decref(entry);
        entry = NULL;
    }
    if (!entry || json_array_append_new(list, entry) < 0) {
        parity_fail_nomem(parse->err);
        return -1;
    }
    return 0;
}

/* The same, with the place of the event for what is found in it. */
static int add_message(struct parity_parse *parse, const struct message *message,
                       const struct parity_shape *stream, enum parity_event_encoding encoding,
                       json_t *list)
{
    const struct parity_member_path all = {NULL, parity_shape_member_name(stream), 0};
    const struct parity_member_path place = {&all, NULL, json_array_size(list)};
    int rc;

    if (parse->findings)
        parse->findings->base = &place;
    rc = add_entry(parse, message, stream, encoding, list);
    if (parse->findings)
        parse->findings->base = NULL;
    return rc;
}

int parity_event_stream_read(struct parity_parse *parse, const struct parity_shape *shape,
                             const struct parity_shape *stream, enum parity_event_encoding encoding,
                             int (*initial)(struct parity_parse *parse, const char *data,
                                            size_t length, const struct parity_shape *shape))
{
    const char *at = parse->response->body.data;
    size_t left = parse->response->body.length;
    bool first = initial != NULL;
    json_t *list = json_array();

    if (first && left == 0) {
        json_decref(list);
        return fail(parse->err, "the initial response is missing");
    }
    while (list && left > 0) {
        struct message message = {.findings = parse->findings};
        int rc = parity_event_message_read(&at, &left, &message.of, parse->err);

        if (rc == 0 && first && strcmp(header(&message, ":event-type"), "initial-response") != 0)
            rc = fail(parse->err, "it does not begin with the initial response");
        else if (rc == 0 && first)
            rc = initial(parse, message.of.payload, message.of.payload_length, shape);
        else if (rc == 0)
            rc = add_message(parse, &message, stream, encoding, list);
        first = false;
        json_decref(message.of.headers);
        if (rc < 0) {
            json_decref(list);
            return -1;
        }
    }
    return parity_result_set(parse->result, parity_shape_member_name(stream), list, parse->err);
}
