/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "client/protocol/form.h"
#include "client/protocol/output_check.h"
#include "client/protocol/protocols.h"
#include "client/protocol/query.h"

static int serialize(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    return parity_form_serialize(operation, input, PARITY_FORM_EC2, out, err);
}

/* <Response><Errors><Error>… */
static const struct parity_xml_node *error_root(const struct parity_xml_node *root)
{
    for (const struct parity_xml_node *errors = parity_xml_child(root, "Errors"); errors;
         errors = parity_xml_next_same(errors)) {
        const struct parity_xml_node *error = parity_xml_child(errors, "Error");

        if (error)
            return error;
    }
    return root;
}

static int read_metadata(struct parity_parse *parse, const struct parity_xml_node *root)
{
    const struct parity_xml_node *node = parity_xml_child(root, "requestId");

    if (!node)
        return 0;
    return parity_result_set(
        parse->metadata, "RequestId",
        node->text ? json_stringn_nocheck(node->text, node->text_length) : json_null(), parse->err);
}

static int read_body(struct parity_parse *parse, const struct parity_shape *shape,
                     parity_query_metadata *metadata)
{
    struct parity_xml_reader reader = {.error_root = error_root,
                                       .envelope = "requestId",
                                       .findings = parse->findings,
                                       .err = parse->err};

    return parity_query_read(parse, shape, &reader, metadata);
}

static int read_output(struct parity_parse *parse, const struct parity_shape *shape)
{
    parity_check_xml_content_type(parse);
    return read_body(parse, shape, read_metadata);
}

/* EC2 writes RequestID; emulators also answer in query's form, which botocore reads as well. */
static int read_error(struct parity_parse *parse)
{
    json_t *id;

    if (parity_query_read_error(parse, "RequestId") < 0)
        return -1;
    id = json_incref(json_object_get(parse->result, "RequestID"));
    if (!id)
        return 0;
    json_object_del(parse->result, "RequestID");
    return parity_result_set(parse->metadata, "RequestId", id, parse->err);
}

static int read_error_members(struct parity_parse *parse, const struct parity_shape *shape)
{
    return read_body(parse, shape, NULL);
}

static const struct parity_result_reader reader = {read_output, read_error, read_error_members};

const struct parity_protocol parity_protocol_ec2 = {"ec2", serialize, &reader};
