/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "client/protocol/protocols.h"
#include "client/protocol/json_const.h"
#include "client/protocol/output_check.h"
#include "client/protocol/rest.h"
#include "client/protocol/xml_shape.h"
#include "client/protocol/xml_write.h"

static json_t *read_body(const struct parity_parse *parse, const struct parity_shape *shape)
{
    static const struct parity_xml_node nothing = {.name = ""};
    const struct parity_buffer *body = &parse->response->body;
    struct parity_xml_reader reader = {
        .error_root = parity_xml_error_root, .findings = parse->findings, .err = parse->err};
    struct parity_xml_tree tree = {0};
    json_t *value;

    if (body->length > 0 && parity_xml_parse(body->data, body->length, &tree, parse->err) < 0)
        return NULL;
    if (tree.root && parity_check_knows_members(shape))
        parity_check_namespace(parse, shape, &tree);
    value = parity_xml_read(&reader, shape, tree.root ? tree.root : &nothing, NULL);
    parity_xml_tree_clear(&tree);
    return value;
}

static int check_unread(const struct parity_parse *parse, const struct parity_shape *shape)
{
    json_t *nothing = parse->response->body.length > 0 ? read_body(parse, shape) : json_object();

    json_decref(nothing);
    return nothing ? 0 : -1;
}

static const struct parity_rest_codec codec = {
    .empty_body = "",
    .exact_booleans = true,
    .events = PARITY_EVENTS_XML,
    .write_body = parity_xml_write,
    .check_content_type = parity_check_xml_content_type,
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

/* --- errors ------------------------------------------------------------------------------------
 */

/* Without a body (an answer to HEAD) or with one that is no XML: what status and headers tell. */
static int read_bare_error(struct parity_parse *parse)
{
    static const char *const headers[][2] = {{"x-amz-request-id", "RequestId"},
                                             {"x-amz-id-2", "HostId"}};

    for (size_t i = 0; i < 2; i++) {
        int found = parity_result_copy_header(parse, headers[i][0], headers[i][1]);

        if (found < 0 || (found == 0 && parity_result_set(parse->metadata, headers[i][1],
                                                          json_string(""), parse->err) < 0))
            return -1;
    }
    return parity_result_status_error(parse);
}

/* <Error><Code>…: S3's form. Its RequestId and HostId are those of the headers. */
static int use_root_as_error(struct parity_parse *parse, json_t *members)
{
    json_object_del(members, "RequestId");
    json_object_del(members, "HostId");
    if (parity_result_set(parse->result, "Error", json_incref(members), parse->err) < 0)
        return -1;
    return parity_rest_read_metadata(parse);
}

static int set_missing(json_t *error, const char *name, struct parity_error *err)
{
    return json_object_get(error, name) ? 0 : parity_result_set(error, name, json_string(""), err);
}

/* <ErrorResponse><Error>…</Error><RequestId>…: the form of the other services. */
static int use_members(struct parity_parse *parse, const json_t *members)
{
    json_t *id = json_incref(json_object_get(members, "RequestId")), *error;
    int rc = json_object_update(parse->result, parity_unconst(members));

    if (rc < 0)
        parity_fail_nomem(parse->err);
    if (rc == 0 && id) {
        json_object_del(parse->result, "RequestId");
        rc = parity_result_set(parse->metadata, "RequestId", json_incref(id), parse->err);
    }
    json_decref(id);
    if (rc < 0)
        return -1;
    if (!json_object_get(parse->result, "Error") &&
        parity_result_set(parse->result, "Error", json_object(), parse->err) < 0)
        return -1;
    error = json_object_get(parse->result, "Error");
    if (!json_is_object(error)) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the element <Error> is empty");
        return -1;
    }
    if (set_missing(error, "Code", parse->err) < 0)
        return -1;
    return set_missing(error, "Message", parse->err);
}

static int read_error(struct parity_parse *parse)
{
    const struct parity_buffer *body = &parse->response->body;
    struct parity_error ignored = {0};
    struct parity_xml_tree tree = {0};
    json_t *members;
    int rc = -1;

    if (body->length == 0)
        return read_bare_error(parse);
    parity_check_xml_content_type(parse);
    if (parity_xml_parse(body->data, body->length, &tree, &ignored) < 0) {
        if (ignored.code != PARITY_E_NOMEM)
            return read_bare_error(parse);
        parity_fail_nomem(parse->err);
        return -1;
    }
    members = parity_xml_read_plain(tree.root);
    if (!members)
        parity_fail_nomem(parse->err);
    else if (strcmp(tree.root->name, "Error") == 0 && !tree.root->namespace)
        rc = use_root_as_error(parse, members);
    else
        rc = use_members(parse, members);
    json_decref(members);
    parity_xml_tree_clear(&tree);
    return rc;
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    return parity_rest_read(&codec, parse, shape);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_rest_xml = {"rest-xml", serialize, &reader};
