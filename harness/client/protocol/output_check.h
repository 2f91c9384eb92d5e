/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_OUTPUT_CHECK_H
#define PARITY_CLIENT_PROTOCOL_OUTPUT_CHECK_H

/*
 * What the readers of all protocols look at in a response besides what they hand over. All of these
 * do nothing when nobody asks for findings.
 */

#include "client/findings.h"
#include "client/protocol/result.h"
#include "client/protocol/timestamp.h"
#include "client/protocol/xml_tree.h"

/**
 * The content type of a body, parameters ("; charset=…") left aside. An empty body needs none.
 *
 * @param wanted     the protocol's ("application/json")
 * @param or_wanted  another that does as well; NULL: none
 */
void parity_check_content_type(const struct parity_parse *parse, const char *wanted,
                               const char *or_wanted);

/** The same for XML, which is "text/xml" or "application/xml". */
void parity_check_xml_content_type(const struct parity_parse *parse);

/**
 * The XML namespace of a document's root against the model's: that of `shape`, else that of the
 * service, else the one that inputs of its operations have. Nothing is looked at where the model
 * names none, nor in errors, for which services differ. A slash at the end does not count, since
 * EC2's model has none and EC2 sends one.
 *
 * @param shape  of the document; may be NULL
 */
void parity_check_namespace(const struct parity_parse *parse, const struct parity_shape *shape,
                            const struct parity_xml_tree *tree);

/**
 * The same for an element below the root: it is in the namespace of the element around it, or in
 * one that the model has for its shape. Which of the two services send differs, where a structure
 * has one.
 *
 * @param or_shape  another shape whose namespace does as well, such as the flattened list of an
 *                  item; NULL: none
 */
void parity_check_inner_namespace(struct parity_findings *findings,
                                  const struct parity_shape *shape,
                                  const struct parity_shape *or_shape,
                                  const struct parity_xml_node *node,
                                  const struct parity_member_path *path);

/** A member of a structure that is absent from a body. Members that stand elsewhere in the response
 * or nowhere (a stream of events) are passed over. */
void parity_check_absent(struct parity_findings *findings, const struct parity_shape *structure,
                         const struct parity_shape *member, const struct parity_member_path *path);

/**
 * The text of a timestamp against its format.
 *
 * @param otherwise  the format of its place, where the model names none
 */
void parity_check_timestamp_text(struct parity_findings *findings, const struct parity_shape *shape,
                                 enum parity_timestamp_format otherwise, const char *text,
                                 size_t length, const struct parity_member_path *path);

/** Whether a structure's members may be judged as unknown: not those of an error, to which services
 * add what is not modelled. */
bool parity_check_knows_members(const struct parity_shape *structure);

#endif
