/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_XML_SHAPE_H
#define PARITY_CLIENT_PROTOCOL_XML_SHAPE_H

#include <jansson.h>

#include "base/error.h"
#include "client/findings.h"
#include "client/model.h"
#include "client/protocol/member_path.h"
#include "client/protocol/xml_tree.h"

/** What distinguishes the XML protocols from one another when they read a body. */
struct parity_xml_reader {
    /** The element inside an error's document that holds its members. */
    const struct parity_xml_node *(*error_root)(const struct parity_xml_node *root);
    const char *envelope; /* what stands beside the members of the whole; NULL: nothing */
    struct parity_findings *findings; /* what leaves the model and is read; NULL: nobody asks */
    struct parity_error *err;
};

/** error_root of query and rest-xml: <ErrorResponse><Error>…; else the document itself. */
const struct parity_xml_node *parity_xml_error_root(const struct parity_xml_node *root);

/**
 * The value of a shape in an element.
 *
 * @return new, or NULL: PARITY_E_RESPONSE with the path of what does not fit the shape
 * @see botocore/parsers.py, BaseXMLResponseParser
 */
json_t *parity_xml_read(const struct parity_xml_reader *reader, const struct parity_shape *shape,
                        const struct parity_xml_node *node, const struct parity_member_path *path);

/**
 * An element without a model, as botocore shows error documents: texts, objects of them, null for
 * an empty element. Of repeated elements the first counts.
 * @return new, or NULL: no memory
 */
json_t *parity_xml_read_plain(const struct parity_xml_node *node);

#endif
