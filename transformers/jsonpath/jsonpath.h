/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_H
#define PARITY_JSONPATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * Paths into JSON documents. Typed values (base/json.h) are scalars to a path. docs/jsonpath.md
 * says how the dialects differ.
 */

enum parity_jsonpath_dialect {
    PARITY_JSONPATH_LOCALSTACK, /* what the paths of existing snapshot tests use, with jsonpath-ng's
                                   meaning */
    PARITY_JSONPATH_RFC9535     /* strict */
};

/** A compiled path; immutable, so it may be shared. */
struct parity_jsonpath;

/**
 * @param err  PARITY_E_PARSE with the path as context and the 1-based column (in characters) of the
 *             offending character; PARITY_E_LIMIT (nested too deep); PARITY_E_NOMEM
 * @return new, released with parity_jsonpath_free(), or NULL
 */
struct parity_jsonpath *parity_jsonpath_compile(const char *path,
                                                enum parity_jsonpath_dialect dialect,
                                                struct parity_error *err);
void parity_jsonpath_free(struct parity_jsonpath *path);

/** One step from the root to a node. */
struct parity_jsonpath_step {
    const char *key; /* member name, borrowed from document or path; NULL: a list position */
    size_t key_length;
    long long index; /* as the path said: may be negative */
};

struct parity_jsonpath_node {
    json_t *value; /* borrowed from the document, or from `made` */
    struct parity_jsonpath_step *steps;
    size_t step_count;
};

/** What a path selected. Zero-initialise it. */
struct parity_jsonpath_nodes {
    struct parity_jsonpath_node *items;
    size_t count, capacity;
    json_t *made; /* values that are none of the document: characters of a string */
};

void parity_jsonpath_nodes_clear(struct parity_jsonpath_nodes *nodes);

/**
 * The nodes that a path selects, in the order found.
 *
 * @param nodes  filled from zero; valid while `path` lives and `document` does unchanged
 * @param err    PARITY_E_INVALID where the reference's look-up fails in this document (an index on
 *               an object), PARITY_E_LIMIT (more nodes or steps than a sane path needs, a regular
 *               expression that does not come to an end), PARITY_E_NOMEM
 * @return 0 or -1 (then `nodes` is empty)
 */
int parity_jsonpath_find(const struct parity_jsonpath *path, json_t *document,
                         struct parity_jsonpath_nodes *nodes, struct parity_error *err);

/**
 * Set what a path selects to `value`, the way jsonpath-ng's update() goes (REFERENCE.md, 5.4): what
 * is missing is not made, what lies below a replaced value is gone, and a path whose last step
 * does not fit the value that it meets (a member of a string that contains its name) is an error.
 *
 * @param document  owned by the caller; changed in place, and replaced if the path selects the root
 * @param value     a scalar, borrowed; shared by the places it goes to
 * @param err       PARITY_E_INVALID (the document is then changed in part), as
 *                  parity_jsonpath_find()
 * @return 0 or -1
 */
int parity_jsonpath_update(const struct parity_jsonpath *path, json_t **document, json_t *value,
                           struct parity_error *err);

/**
 * The steps with which a path begins, as far as each goes to the one member or the one item that it
 * names, counted from the front.
 *
 * @param steps  valid while `path` lives
 * @return how many of the `most` there is room for
 */
size_t parity_jsonpath_beginning(const struct parity_jsonpath *path,
                                 struct parity_jsonpath_step *steps, size_t most);

/** Append a node's normalized path, `$['a'][0]` (RFC 9535, 2.7). */
void parity_jsonpath_normalized(const struct parity_jsonpath_node *node, struct parity_buffer *out);

/**
 * Whether the reference follows this step when it takes a skip path out of a document: it goes
 * there by the step's text, which is another than the name or position if that has a sign of the
 * grammar in it (REFERENCE.md, 2.6). Where it does not, nothing is removed.
 *
 * @param last  it is the node's last step
 */
bool parity_jsonpath_step_is_followed(const struct parity_jsonpath_step *step, bool last);

#endif
