/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/query.h"

#include <string.h>

#include "client/protocol/form.h"
#include "client/protocol/output_check.h"
#include "client/protocol/protocols.h"

/* --- shared with ec2 ---------------------------------------------------------------------------
 */

/* Models that do not name the wrapper come with the usual one, <OperationResult>. */
static const struct parity_xml_node *unnamed_wrapper(const struct parity_parse *parse,
                                                     const struct parity_xml_node *root)
{
    const char *operation = parity_operation_name(parse->operation);
    size_t length = strlen(operation);

    for (const struct parity_xml_node *child = root->first_child; child; child = child->next)
        if (strncmp(child->name, operation, length) == 0 &&
            strcmp(child->name + length, "Result") == 0)
            return child;
    return root;
}

/* The element that holds the members: <XResult> inside <XResponse>, or the document itself. */
static const struct parity_xml_node *find_start(struct parity_parse *parse,
                                                const struct parity_shape *shape,
                                                const struct parity_xml_node *root)
{
    const char *wrapper = parity_shape_text(shape, PARITY_TEXT_RESULT_WRAPPER);
    const struct parity_xml_node *start = wrapper ? parity_xml_child(root, wrapper) : NULL;

    if (!wrapper)
        return unnamed_wrapper(parse, root);
    if (!start)
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "<%s> has no element <%s>", root->name,
                    wrapper);
    return start;
}

int parity_query_read(struct parity_parse *parse, const struct parity_shape *shape,
                      const struct parity_xml_reader *reader, parity_query_metadata *metadata)
{
    const struct parity_buffer *body = &parse->response->body;
    struct parity_xml_tree tree = {0};
    int rc = -1;

    if (body->length == 0 && (!shape || parity_shape_member_count(shape) == 0))
        return 0; /* nothing was to be read from it */
    if (parity_xml_parse(body->data, body->length, &tree, parse->err) < 0)
        return -1;
    if (!shape || parity_check_knows_members(shape))
        parity_check_namespace(parse, NULL, &tree); /* the outermost element is the service's */
    if (shape) {
        const struct parity_xml_node *start = find_start(parse, shape, tree.root);
        json_t *members = start ? parity_xml_read(reader, shape, start, NULL) : NULL;

        if (!members)
            goto out;
        rc = json_object_update(parse->result, members);
        json_decref(members);
        if (rc < 0) {
            parity_fail_nomem(parse->err);
            goto out;
        }
    }
    rc = metadata ? metadata(parse, tree.root) : 0;
out:
    parity_xml_tree_clear(&tree);
    return rc;
}

/* {"Errors": {"Error": {…}}} becomes {"Error": {…}}. */
static int lift_errors(struct parity_parse *parse)
{
    json_t *errors = json_incref(json_object_get(parse->result, "Errors"));
    int rc = 0;

    if (!errors)
        return 0;
    json_object_del(parse->result, "Errors");
    if (!json_is_object(errors)) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "<Errors> has no element <Error>");
        rc = -1;
    } else if (json_object_update(parse->result, errors) < 0) {
        parity_fail_nomem(parse->err);
        rc = -1;
    }
    json_decref(errors);
    return rc;
}

int parity_query_read_error(struct parity_parse *parse, const char *request_id)
{
    const struct parity_buffer *body = &parse->response->body;
    struct parity_xml_tree tree = {0};
    json_t *members, *id;
    int rc;

    parity_check_xml_content_type(parse);
    if (parity_xml_parse(body->data, body->length, &tree, parse->err) < 0)
        return -1;
    members = parity_xml_read_plain(tree.root);
    rc = members ? json_object_update(parse->result, members) : -1;
    json_decref(members);
    parity_xml_tree_clear(&tree);
    if (rc < 0) {
        parity_fail_nomem(parse->err);
        return -1;
    }
    if (lift_errors(parse) < 0)
        return -1;
    id = json_incref(json_object_get(parse->result, request_id));
    if (id) {
        json_object_del(parse->result, request_id);
        if (parity_result_set(parse->metadata, "RequestId", id, parse->err) < 0)
            return -1;
    }
    if (!json_is_object(json_object_get(parse->result, "Error"))) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error has no element <Error>");
        return -1;
    }
    return 0;
}

/* --- query -------------------------------------------------------------------------------------
 */

static int serialize(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    return parity_form_serialize(operation, input, PARITY_FORM_QUERY, out, err);
}

/* The texts in <ResponseMetadata>. */
static int read_metadata(struct parity_parse *parse, const struct parity_xml_node *root)
{
    const struct parity_xml_node *node = parity_xml_child(root, "ResponseMetadata");

    for (node = node ? node->first_child : NULL; node; node = node->next) {
        json_t *text =
            node->text ? json_stringn_nocheck(node->text, node->text_length) : json_null();

        if (parity_result_set(parse->metadata, node->name, text, parse->err) < 0)
            return -1;
    }
    return 0;
}

static int read_body(struct parity_parse *parse, const struct parity_shape *shape,
                     parity_query_metadata *metadata)
{
    struct parity_xml_reader reader = {.error_root = parity_xml_error_root,
                                       .envelope = "ResponseMetadata",
                                       .findings = parse->findings,
                                       .err = parse->err};

    return parity_query_read(parse, shape, &reader, metadata);
}

static int read_output(struct parity_parse *parse, const struct parity_shape *shape)
{
    parity_check_xml_content_type(parse);
    return read_body(parse, shape, read_metadata);
}

static int read_error(struct parity_parse *parse)
{
    return parity_query_read_error(parse, "RequestId");
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    return read_body(parse, shape, NULL);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_query = {"query", serialize, &reader};
