/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_XML_TEXT_H
#define PARITY_REPORTERS_XML_TEXT_H

#include "base/buffer.h"

/** Append the text of an element, made plain as by parity_plain_text_add(). NULL is an empty one.
 */
void parity_xml_add_text(struct parity_buffer *out, const char *text);

/** Append ` name="text"`; line ends and tabs survive. @see XML 1.0, 3.3.3 */
void parity_xml_add_attribute(struct parity_buffer *out, const char *name, const char *text);

#endif
