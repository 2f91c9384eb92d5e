/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "client/protocol/json_shape.h"
#include "client/protocol/output_check.h"
#include "client/protocol/protocols.h"
#include "client/protocol/rest.h"

static int write_body(const struct parity_shape *shape, const json_t *value,
                      struct parity_buffer *out, struct parity_error *err)
{
    json_t *body = parity_json_write_shape(shape, value, NULL, err);

    if (!body)
        return -1;
    parity_json_write(out, body, PARITY_JSON_LINE);
    json_decref(body);
    return 0;
}

static json_t *read_body(const struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_buffer *raw = &parse->response->body;
    json_t *body = parity_json_read_body(raw->data, raw->length, parse->err), *value = NULL;

    if (body)
        value = parity_json_read(shape, body, PARITY_JSON_SCALARS_CONVERTED, parse->findings,
                                 parse->err);
    json_decref(body);
    return value;
}

static int check_unread(const struct parity_parse *parse, const struct parity_shape *shape)
{
    const struct parity_buffer *body = &parse->response->body;

    return parity_json_check_unread(shape, body->data, body->length, parse->findings, parse->err);
}

static void check_content_type(const struct parity_parse *parse)
{
    parity_check_content_type(parse, "application/json", NULL);
}

static const struct parity_rest_codec codec = {
    .empty_body = "{}",
    .content_type = "application/json",
    .events = PARITY_EVENTS_JSON,
    .write_body = write_body,
    .check_content_type = check_content_type,
    .check_unread = check_unread,
    .read_body = read_body,
};

static int serialize(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    return parity_rest_serialize(&codec, operation, input, out, err);
}

static int read_output(struct parity_parse *parse, const struct parity_shape *shape)
{
    if (parity_rest_read_metadata(parse) < 0)
        return -1;
    return parity_rest_read(&codec, parse, shape);
}

/* The code may stand in a header, or in the body as "code": "Name:http://…" or "ns#Name". */
static json_t *find_code(const struct parity_parse *parse)
{
    const struct parity_buffer *body = &parse->response->body;
    const char *header = parity_headers_get(&parse->response->headers, "x-amzn-errortype");
    json_t *document, *code;

    if (header)
        return json_string(header);
    document = parity_json_read_body(body->data, body->length, NULL);
    code = json_object_get(document, "code");
    if (!code)
        code = json_object_get(document, "Code");
    json_incref(code);
    json_decref(document);
    return code;
}

static int read_error(struct parity_parse *parse)
{
    json_t *code, *error;
    int rc = 0;

    check_content_type(parse);
    if (parity_json_read_error(parse) < 0)
        return -1;
    error = json_object_get(parse->result, "Error");
    code = find_code(parse);
    if (json_is_string(code)) {
        const char *text = json_string_value(code);
        size_t length = strcspn(text, ":"), start = length;

        while (start > 0 && text[start - 1] != '#')
            start--;
        rc = parity_result_set(error, "Code", json_stringn_nocheck(text + start, length - start),
                               parse->err);
    } else if (code && !json_is_null(code)) {
        rc = parity_result_set(error, "Code", json_incref(code), parse->err);
    }
    json_decref(code);
    return rc;
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    return parity_rest_read(&codec, parse, shape);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_rest_json = {"rest-json", serialize, &reader};
