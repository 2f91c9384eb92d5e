/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/event_message.h"
#include "client/protocol/event_stream.h"
#include "client/protocol/json_const.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/member_path.h"
#include "client/protocol/scalar.h"
#include "client/protocol/xml_write.h"

/* One event in the making. */
struct event {
    const struct parity_shape *shape;
    const json_t *value;
    const struct parity_member_path *path;
    enum parity_event_encoding encoding;
    struct parity_buffer headers, payload;
    struct parity_error *err;
};

static int fail_value(const struct event *event, const struct parity_member_path *path,
                      const char *wanted)
{
    parity_member_path_fail(event->err, PARITY_E_INVALID, path, "input", "cannot be sent as %s",
                            wanted);
    return -1;
}

static int set_text(struct event *event, const char *name, const char *text)
{
    return parity_event_header_text(&event->headers, name, text, strlen(text));
}

/* --- members in headers ------------------------------------------------------------------------
 */

static int write_timestamp(struct parity_buffer *out, const char *name, const json_t *value)
{
    struct parity_timestamp moment;

    if (parity_input_timestamp(value, &moment) < 0)
        return -1;
    return parity_event_header_timestamp(out, name,
                                         moment.seconds * 1000 + moment.microsecond / 1000);
}

static int write_bytes(struct parity_buffer *out, const char *name, const json_t *value)
{
    struct parity_buffer bytes = {0};
    int rc = parity_input_bytes(value, &bytes);

    if (rc == 0)
        rc = parity_event_header_bytes(out, name, bytes.data, bytes.length);
    parity_buffer_clear(&bytes);
    return rc;
}

/* Returns -1 when the value is none of the member's type. */
static int write_header(struct parity_buffer *out, const struct parity_shape *member,
                        const json_t *value)
{
    const char *name = parity_shape_member_name(member);
    enum parity_shape_type type = parity_shape_type(member);

    switch (type) {
    case PARITY_SHAPE_BOOLEAN:
        return json_is_boolean(value) ? parity_event_header_boolean(out, name, json_is_true(value))
                                      : -1;
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        if (!json_is_integer(value) ||
            (type == PARITY_SHAPE_INTEGER &&
             (json_integer_value(value) > INT32_MAX || json_integer_value(value) < INT32_MIN)))
            return -1;
        return parity_event_header_integer(out, name, json_integer_value(value),
                                           type == PARITY_SHAPE_LONG);
    case PARITY_SHAPE_BLOB:
        return write_bytes(out, name, value);
    case PARITY_SHAPE_TIMESTAMP:
        return write_timestamp(out, name, value);
    default:
        return json_is_string(value) ? parity_event_header_text(out, name, json_string_value(value),
                                                                json_string_length(value))
                                     : -1;
    }
}

static int write_headers(struct event *event)
{
    size_t count = parity_shape_member_count(event->shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(event->shape, i);
        const char *name = parity_shape_member_name(member);
        const json_t *value = json_object_get(event->value, name);
        struct parity_member_path path = {event->path, name, 0};

        if (value && !json_is_null(value) && parity_shape_has(member, PARITY_TRAIT_EVENT_HEADER) &&
            write_header(&event->headers, member, value) < 0)
            return fail_value(event, &path, "a header of an event");
    }
    return 0;
}

/* --- payload -----------------------------------------------------------------------------------
 */

static int write_json(const struct parity_shape *shape, const json_t *value, struct event *event)
{
    json_t *body = parity_json_write_shape(shape, value, event->path, event->err);

    if (!body)
        return -1;
    parity_json_write(&event->payload, body, PARITY_JSON_LINE);
    json_decref(body);
    return 0;
}

static int write_document(const struct parity_shape *shape, const json_t *value,
                          struct event *event)
{
    static const char *const types[] = {[PARITY_EVENTS_JSON] = "application/json",
                                        [PARITY_EVENTS_XML] = "application/xml",
                                        [PARITY_EVENTS_CBOR] = "application/cbor"};
    int rc;

    if (event->encoding == PARITY_EVENTS_JSON)
        rc = write_json(shape, value, event);
    else if (event->encoding == PARITY_EVENTS_XML)
        rc = parity_xml_write(shape, value, &event->payload, event->err);
    else
        rc = parity_cbor_write(shape, value, &event->payload, event->err);
    return rc < 0 ? -1 : set_text(event, ":content-type", types[event->encoding]);
}

/* The member that is the whole payload: bytes and texts as they are. */
static int write_payload_member(const struct parity_shape *member, struct event *event)
{
    const char *name = parity_shape_member_name(member);
    const json_t *value = json_object_get(event->value, name);
    enum parity_shape_type type = parity_shape_type(member);
    struct parity_member_path path = {event->path, name, 0};

    if (!value || json_is_null(value))
        return 0;
    if (type != PARITY_SHAPE_BLOB && type != PARITY_SHAPE_STRING)
        return write_document(member, value, event);
    if (parity_input_bytes(value, &event->payload) < 0)
        return fail_value(event, &path, "the payload of an event");
    return set_text(event, ":content-type",
                    type == PARITY_SHAPE_BLOB ? "application/octet-stream" : "text/plain");
}

/* Members that are neither header nor payload are a document together; it is also sent when none of
 * them is given, but not when the event can have none. */
static int write_other_members(struct event *event)
{
    size_t count = parity_shape_member_count(event->shape), others = 0;
    json_t *body = json_copy(parity_unconst(event->value));
    int rc = 0;

    if (!body)
        return parity_fail_nomem(event->err);
    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(event->shape, i);

        if (parity_shape_has(member, PARITY_TRAIT_EVENT_HEADER))
            json_object_del(body, parity_shape_member_name(member));
        else
            others++;
    }
    if (others > 0 || count == 0)
        rc = write_document(event->shape, body, event);
    json_decref(body);
    return rc;
}

static int write_payload(struct event *event)
{
    size_t count = parity_shape_member_count(event->shape);

    for (size_t i = 0; i < count; i++)
        if (parity_shape_has(parity_shape_member_at(event->shape, i), PARITY_TRAIT_EVENT_PAYLOAD))
            return write_payload_member(parity_shape_member_at(event->shape, i), event);
    return write_other_members(event);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* The size of what a header holds is all that can go wrong here. */
static int write_message(struct event *event, struct parity_buffer *out)
{
    if (parity_event_message_write(out, &event->headers, event->payload.data,
                                   event->payload.length) < 0)
        return fail_value(event, event->path, "an event: it is too large");
    return out->failed || event->payload.failed ? parity_fail_nomem(event->err) : 0;
}

static int write_event(struct event *event, const char *name, struct parity_buffer *out)
{
    int rc = -1;

    if (set_text(event, ":message-type", "event") == 0 &&
        set_text(event, ":event-type", name) == 0 && write_payload(event) == 0 &&
        write_headers(event) == 0)
        rc = write_message(event, out);
    parity_buffer_clear(&event->headers);
    parity_buffer_clear(&event->payload);
    return rc;
}

int parity_event_stream_write(const struct parity_shape *stream, const json_t *events,
                              enum parity_event_encoding encoding, struct parity_buffer *out,
                              struct parity_error *err)
{
    struct parity_member_path list = {NULL, parity_shape_member_name(stream), 0};
    size_t count = json_array_size(events);

    if (events && !json_is_null(events) && !json_is_array(events)) {
        parity_member_path_fail(err, PARITY_E_INVALID, &list, "input", "must be a list of events");
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *entry = json_array_get(events, i);
        const char *name = json_object_iter_key(json_object_iter(entry));
        struct parity_member_path item = {&list, NULL, i}, path = {&item, name, 0};
        struct event event = {.shape = name ? parity_shape_member(stream, name) : NULL,
                              .value = json_object_get(entry, name ? name : ""),
                              .path = name ? &path : &item,
                              .encoding = encoding,
                              .err = err};

        if (!event.shape || !json_is_object(event.value))
            return fail_value(&event, event.path, "an event");
        if (write_event(&event, name, out) < 0)
            return -1;
    }
    return out->failed ? parity_fail_nomem(err) : 0;
}

static int write_initial(const struct parity_event_codec *codec, const struct parity_shape *shape,
                         const json_t *members, struct parity_buffer *out, struct parity_error *err)
{
    struct event event = {.err = err};
    int rc = -1;

    if (set_text(&event, ":message-type", "event") == 0 &&
        set_text(&event, ":event-type", "initial-request") == 0 &&
        set_text(&event, ":content-type", codec->content_type) == 0 &&
        codec->write(shape, members, &event.payload, err) == 0)
        rc = write_message(&event, out);
    parity_buffer_clear(&event.headers);
    parity_buffer_clear(&event.payload);
    return rc;
}

int parity_event_stream_write_input(const struct parity_event_codec *codec,
                                    const struct parity_shape *shape, const json_t *input,
                                    struct parity_buffer *out, struct parity_error *err)
{
    const struct parity_shape *stream = parity_shape_event_stream(shape);
    const char *name = stream ? parity_shape_member_name(stream) : NULL;
    json_t *members;
    int rc;

    if (!stream)
        return codec->write(shape, input, out, err);
    members = json_copy(parity_unconst(input));
    if (!members)
        return parity_fail_nomem(err);
    json_object_del(members, name);
    rc = write_initial(codec, shape, members, out, err);
    if (rc == 0)
        rc = parity_event_stream_write(stream, json_object_get(input, name), codec->encoding, out,
                                       err);
    json_decref(members);
    return rc;
}
