/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/protocol/event_stream.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/output_check.h"
#include "client/protocol/protocols.h"
#include "client/protocol/result.h"

/* --- request -----------------------------------------------------------------------------------
 */

/* "X-Amz-Target: Prefix.Operation". */
static int add_target(const struct parity_operation *operation, struct parity_wire_request *out)
{
    const struct parity_service *service = parity_operation_service(operation);
    const char *prefix = parity_service_metadata(service, "targetPrefix");
    char *target = parity_asprintf("%s.%s", prefix ? prefix : "", parity_operation_name(operation));
    int rc = target ? parity_headers_add(&out->headers, "X-Amz-Target", target) : -1;

    parity_free(target);
    return rc;
}

static int add_content_type(const struct parity_operation *operation,
                            struct parity_wire_request *out)
{
    const struct parity_service *service = parity_operation_service(operation);
    const char *version = parity_service_metadata(service, "jsonVersion");
    char *type = parity_shape_event_stream(parity_operation_input(operation))
                     ? parity_strdup(PARITY_EVENT_STREAM_TYPE)
                     : parity_asprintf("application/x-amz-json-%s", version ? version : "1.0");
    int rc = type ? parity_headers_add(&out->headers, "Content-Type", type) : -1;

    parity_free(type);
    return rc;
}

static int add_headers(const struct parity_operation *operation, struct parity_wire_request *out)
{
    if (add_target(operation, out) < 0 || add_content_type(operation, out) < 0)
        return -1;
    return parity_query_mode_header(operation, &out->headers);
}

static int write_members(const struct parity_shape *shape, const json_t *members,
                         struct parity_buffer *out, struct parity_error *err)
{
    json_t *body = parity_json_write_shape(shape, members, NULL, err);

    if (!body)
        return -1;
    parity_json_write(out, body, PARITY_JSON_LINE);
    json_decref(body);
    return 0;
}

static int serialize(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    static const struct parity_event_codec codec = {PARITY_EVENTS_JSON, "application/json",
                                                    write_members};
    const struct parity_shape *shape = parity_operation_input(operation);

    out->method = parity_operation_http_method(operation);
    parity_buffer_add_char(&out->path, '/');
    if (!shape)
        parity_buffer_add_text(&out->body, "{}");
    else if (parity_event_stream_write_input(&codec, shape, input, &out->body, err) < 0)
        return -1;
    if (!out->body.failed && !out->path.failed && add_headers(operation, out) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* --- response ----------------------------------------------------------------------------------
 */

static int read_body(struct parity_parse *parse, const char *data, size_t length,
                     const struct parity_shape *shape)
{
    json_t *body = parity_json_read_body(data, length, parse->err);
    json_t *members = body ? parity_json_read(shape, body, PARITY_JSON_SCALARS_AS_SENT,
                                              parse->findings, parse->err)
                           : NULL;
    int rc = -1;

    json_decref(body);
    if (json_is_null(members))
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the body is null");
    else if (members && json_object_update(parse->result, members) < 0)
        parity_fail_nomem(parse->err);
    else if (members)
        rc = 0;
    json_decref(members);
    return rc;
}

static void check_content_type(const struct parity_parse *parse, bool is_stream)
{
    const struct parity_service *service = parity_operation_service(parse->operation);
    const char *version = parity_service_metadata(service, "jsonVersion");
    char type[64];

    snprintf(type, sizeof type, "application/x-amz-json-%s", version ? version : "1.0");
    parity_check_content_type(parse, is_stream ? "application/vnd.amazon.eventstream" : type, NULL);
}

static int read_output(struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_shape *stream = parity_shape_event_stream(shape);
    const struct parity_buffer *body = &parse->response->body;

    if (parity_result_copy_header(parse, "x-amzn-requestid", "RequestId") < 0)
        return -1;
    check_content_type(parse, stream != NULL);
    if (stream)
        return parity_event_stream_read(parse, shape, stream, PARITY_EVENTS_JSON, read_body);
    if (!shape)
        return 0;
    if (parity_shape_member_count(shape) == 0)
        return parity_json_check_unread(shape, body->data, body->length, parse->findings,
                                        parse->err);
    return read_body(parse, body->data, body->length, shape);
}

static int read_error(struct parity_parse *parse)
{
    check_content_type(parse, false);
    return parity_json_read_error(parse);
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_buffer *body = &parse->response->body;

    return read_body(parse, body->data, body->length, shape);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_json = {"json", serialize, &reader};
