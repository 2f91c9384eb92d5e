/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call_show.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "client/protocol/event_message.h"
#include "client/protocol/event_stream.h"

/* Text where it is UTF-8, else a byte string. New, or NULL. */
static json_t *text_or_bytes(const char *data, size_t length)
{
    const char *text = data ? data : "";

    return parity_utf8_is_valid(text, length) ? json_stringn_nocheck(text, length)
                                              : parity_json_bytes(text, length);
}

static json_t *headers_to_json(const struct parity_headers *headers)
{
    json_t *object = json_object();

    for (size_t i = 0; object && i < headers->count; i++)
        if (json_object_set_new_nocheck(object, headers->items[i].name,
                                        json_string_nocheck(headers->items[i].value)) < 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

/* --- events ------------------------------------------------------------------------------------
 */

static json_t *messages_to_json(const char *data, size_t length, struct parity_error *err);

/* What is signed is a message, too: it is shown within. */
static json_t *payload_to_json(const struct parity_event_message *message, struct parity_error *err)
{
    json_t *inner, *only;

    if (!json_object_get(message->headers, ":chunk-signature") || message->payload_length == 0)
        return text_or_bytes(message->payload, message->payload_length);
    inner = messages_to_json(message->payload, message->payload_length, err);
    only = json_incref(json_array_get(inner, 0));
    json_decref(inner);
    return only;
}

static json_t *message_to_json(const struct parity_event_message *message, struct parity_error *err)
{
    json_t *object = json_object();

    if (object && json_object_set(object, "headers", message->headers) == 0 &&
        json_object_set_new(object, "payload", payload_to_json(message, err)) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *messages_to_json(const char *data, size_t length, struct parity_error *err)
{
    json_t *list = json_array();

    while (list && length > 0) {
        struct parity_event_message message;
        int rc = parity_event_message_read(&data, &length, &message, err);

        if (rc == 0)
            rc = json_array_append_new(list, message_to_json(&message, err));
        json_decref(message.headers);
        if (rc < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* --- the request -------------------------------------------------------------------------------
 */

static bool has_events(const struct parity_http_request *request)
{
    const char *type = parity_headers_get(&request->headers, "Content-Type");

    return type && strcmp(type, PARITY_EVENT_STREAM_TYPE) == 0;
}

static int add_body(json_t *document, const struct parity_http_request *request,
                    struct parity_error *err)
{
    const struct parity_buffer *body = &request->body;
    json_t *events;

    if (json_object_set_new(document, "body", text_or_bytes(body->data, body->length)) < 0)
        return -1;
    if (!has_events(request))
        return 0;
    events = messages_to_json(body->data, body->length, err);
    return json_object_set_new(document, "events", events);
}

int parity_call_show(const struct parity_http_request *request, struct parity_error *err)
{
    json_t *document = json_object();
    int rc = -1;

    if (document && json_object_set_new(document, "method", json_string(request->method)) == 0 &&
        json_object_set_new(document, "url", json_string(request->url)) == 0 &&
        json_object_set_new(document, "headers", headers_to_json(&request->headers)) == 0 &&
        add_body(document, request, err) == 0)
        rc = parity_command_print(document, err);
    else
        parity_fail_nomem(err);
    json_decref(document);
    return rc;
}
