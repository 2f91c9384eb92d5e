/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_XML_TREE_H
#define PARITY_CLIENT_PROTOCOL_XML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct parity_xml_attribute {
    const char *name; /* without its namespace */
    bool has_namespace;
    const char *value;
    const struct parity_xml_attribute *next;
};

struct parity_xml_node {
    const char *name;                     /* without its namespace */
    const char *namespace;                /* URI; NULL: none */
    const struct parity_xml_node *parent; /* NULL: the root */
    const char *text;                     /* before the first child; NULL: none */
    size_t text_length;
    const struct parity_xml_attribute *attributes;
    struct parity_xml_node *first_child, *last_child, *next;
};

/** A parsed document; everything in it is freed with it. Zero-initialise, clear. */
struct parity_xml_tree {
    struct parity_xml_node *root;
    struct parity_xml_chunk *chunks;
};

/**
 * Parse XML in UTF-8, whatever its declaration says (as botocore does). Elements nested deeper than
 * 500 and declarations of entities are refused.
 *
 * @param err  PARITY_E_RESPONSE with line and column, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_xml_parse(const char *data, size_t length, struct parity_xml_tree *out,
                     struct parity_error *err);
void parity_xml_tree_clear(struct parity_xml_tree *tree);

/** The first child of that name; NULL: none. */
const struct parity_xml_node *parity_xml_child(const struct parity_xml_node *node,
                                               const char *name);

/** The next sibling with the same name; NULL: none. */
const struct parity_xml_node *parity_xml_next_same(const struct parity_xml_node *node);

#endif
