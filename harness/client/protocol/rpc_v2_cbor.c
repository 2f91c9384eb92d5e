/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/event_stream.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/output_check.h"
#include "client/protocol/protocols.h"
#include "client/protocol/result.h"

/* --- request -----------------------------------------------------------------------------------
 */

static int add_headers(const struct parity_operation *operation, struct parity_wire_request *out)
{
    const bool stream_in = parity_shape_event_stream(parity_operation_input(operation)) != NULL;
    /* botocore announces what the response is for the request, too. */
    const char *type = parity_shape_event_stream(parity_operation_output(operation))
                           ? PARITY_EVENT_STREAM_TYPE
                           : "application/cbor";

    if (parity_headers_add(&out->headers, "smithy-protocol", "rpc-v2-cbor") < 0 ||
        parity_query_mode_header(operation, &out->headers) < 0 ||
        parity_headers_add(&out->headers, "Accept", type) < 0)
        return -1;
    if (stream_in)
        type = PARITY_EVENT_STREAM_TYPE;
    return out->body.length ? parity_headers_add(&out->headers, "Content-Type", type) : 0;
}

static const struct parity_event_codec codec = {PARITY_EVENTS_CBOR, "application/cbor",
                                                parity_cbor_write};

static int serialize(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    const struct parity_service *service = parity_operation_service(operation);
    const char *target = parity_service_metadata(service, "targetPrefix");
    const struct parity_shape *shape = parity_operation_input(operation);

    out->method = "POST";
    parity_buffer_printf(&out->path, "/service/%s/operation/%s", target ? target : "",
                         parity_operation_name(operation));
    if (shape && parity_event_stream_write_input(&codec, shape, input, &out->body, err) < 0)
        return -1;
    if (out->path.failed || out->body.failed || add_headers(operation, out) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

/* --- response ----------------------------------------------------------------------------------
 */

static int read_body(struct parity_parse *parse, const char *data, size_t length,
                     const struct parity_shape *shape)
{
    bool nothing = length == 0 && parity_shape_member_count(shape) == 0;
    json_t *body = nothing ? json_object() : parity_cbor_decode(data, length, parse->err);
    json_t *members = body ? parity_cbor_read(shape, body, parse->findings, parse->err) : NULL;
    int rc = members ? json_object_update(parse->result, members) : -1;

    if (rc < 0)
        parity_fail_nomem(parse->err);
    json_decref(body);
    json_decref(members);
    return rc;
}

static int read_output(struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_shape *stream = parity_shape_event_stream(shape);
    const struct parity_buffer *body = &parse->response->body;

    if (!shape)
        return 0; /* then botocore leaves even the request id out */
    if (parity_result_copy_header(parse, "x-amzn-requestid", "RequestId") < 0)
        return -1;
    parity_check_content_type(
        parse, stream ? "application/vnd.amazon.eventstream" : "application/cbor", NULL);
    if (stream)
        return parity_event_stream_read(parse, shape, stream, PARITY_EVENTS_CBOR, read_body);
    return read_body(parse, body->data, body->length, shape);
}

static json_t *short_code(const char *code)
{
    size_t length = strcspn(code, ":"), start = length;

    while (start > 0 && code[start - 1] != '#')
        start--;
    return json_stringn_nocheck(code + start, length - start);
}

static int fill_error(struct parity_parse *parse, const json_t *body)
{
    const json_t *type = json_object_get(body, "__type");
    json_t *error = json_object(), *message = json_object_get(body, "message");

    if (!message)
        message = json_object_get(body, "Message");
    if (parity_result_set(parse->result, "Error", error, parse->err) < 0 ||
        parity_result_set(error, "Message", message ? json_incref(message) : json_string(""),
                          parse->err) < 0)
        return -1;
    if (type && !json_is_string(type)) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error's code is no text");
        return -1;
    }
    if (parity_result_set(error, "Code",
                          type ? short_code(json_string_value(type))
                               : json_sprintf("%d", parse->response->status_code),
                          parse->err) < 0 ||
        parity_query_compatible_error(parse, error) < 0 ||
        parity_result_copy_header(parse, "x-amzn-requestid", "RequestId") < 0)
        return -1;
    return 0;
}

static int read_error(struct parity_parse *parse)
{
    const struct parity_buffer *raw = &parse->response->body;
    json_t *body = parity_cbor_decode(raw->data ? raw->data : "", raw->length, parse->err);
    int rc = -1;

    parity_check_content_type(parse, "application/cbor", NULL);
    if (body && parity_json_kind(body) != PARITY_JSON_OBJECT)
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error is no map");
    else if (body)
        rc = fill_error(parse, body);
    json_decref(body);
    return rc;
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_buffer *body = &parse->response->body;

    return read_body(parse, body->data, body->length, shape);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_rpc_v2_cbor = {"smithy-rpc-v2-cbor", serialize,
                                                            &reader};
