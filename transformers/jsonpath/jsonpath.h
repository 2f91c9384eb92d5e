/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_H
#define PARITY_JSONPATH_H

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

enum parity_jsonpath_dialect {
    PARITY_JSONPATH_LOCALSTACK, /* what the paths of existing snapshot tests use, with jsonpath-ng's
                                   meaning */
    PARITY_JSONPATH_RFC9535     /* strict */
};

/** A compiled path; immutable, so it may be shared. */
struct parity_jsonpath;

/** @param err PARITY_E_PARSE with the 1-based column of the offending character */
struct parity_jsonpath *parity_jsonpath_compile(const char *path,
                                                enum parity_jsonpath_dialect dialect,
                                                struct parity_error *err);
void parity_jsonpath_free(struct parity_jsonpath *path);

/** One step from the root to a node. */
struct parity_jsonpath_step {
    const char *key; /* member name, borrowed from the document; NULL: a list position */
    size_t key_length;
    long index; /* as the path said: may be negative */
};

struct parity_jsonpath_node {
    json_t *value; /* borrowed from the document */
    struct parity_jsonpath_step *steps;
    size_t step_count;
};

struct parity_jsonpath_nodes {
    struct parity_jsonpath_node *items;
    size_t count, capacity;
};

void parity_jsonpath_nodes_clear(struct parity_jsonpath_nodes *nodes);

/**
 * The nodes that a path selects, in document order of the selectors.
 *
 * @param nodes  filled from zero; valid while `document` lives unchanged
 * @param err    PARITY_E_INVALID where the reference's look-up fails in this document (an index on
 *               an object), PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_jsonpath_find(const struct parity_jsonpath *path, json_t *document,
                         struct parity_jsonpath_nodes *nodes, struct parity_error *err);

/** Append a node's normalized path, `$['a'][0]` (RFC 9535, 2.7). */
void parity_jsonpath_normalized(const struct parity_jsonpath_node *node, struct parity_buffer *out);

#endif
