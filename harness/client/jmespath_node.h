/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_NODE_H
#define PARITY_CLIENT_JMESPATH_NODE_H

/* The tree of a parsed JMESPath expression. Internal to jmespath*.c. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum parity_jmespath_kind {
    PARITY_JP_CURRENT,
    PARITY_JP_FIELD,   /* text */
    PARITY_JP_LITERAL, /* value */
    PARITY_JP_INDEX,   /* slice[0] */
    PARITY_JP_SLICE,   /* slice, given */
    PARITY_JP_CHAIN,   /* left, then right on its result: "a.b", "a | b" */
    PARITY_JP_FLATTEN, /* one level of lists in the list that the child gives */
    /* Projections: left gives a list, right is applied to each item, nulls are dropped. */
    PARITY_JP_LIST_PROJECTION,
    PARITY_JP_VALUE_PROJECTION,  /* left gives an object, whose values count */
    PARITY_JP_FILTER_PROJECTION, /* third child: the condition */
    PARITY_JP_AND,
    PARITY_JP_OR,
    PARITY_JP_NOT,
    PARITY_JP_EQ,
    PARITY_JP_NE,
    PARITY_JP_LT,
    PARITY_JP_LE,
    PARITY_JP_GT,
    PARITY_JP_GE,
    PARITY_JP_LIST,     /* [a, b] */
    PARITY_JP_OBJECT,   /* {x: a}: children are FIELDs that hold the key, with one child */
    PARITY_JP_FUNCTION, /* text: its name; children: arguments */
};

struct parity_jmespath_node {
    enum parity_jmespath_kind kind;
    char *text;    /* owned */
    json_t *value; /* owned */
    long slice[3]; /* start, stop, step */
    bool given[3];
    struct parity_jmespath_node **children; /* owned, and each */
    size_t count, capacity;
};

/** @param err PARITY_E_PARSE with the column. @return new, or NULL */
struct parity_jmespath_node *parity_jmespath_parse(const char *expression,
                                                   struct parity_error *err);
void parity_jmespath_node_free(struct parity_jmespath_node *node);

/** What counts as true: everything but null, false, and empty texts, lists and objects. */
bool parity_jmespath_is_true(const json_t *value);

/**
 * Call a function with evaluated arguments.
 * @param out  new
 * @return 0 or -1 (PARITY_E_INVALID, PARITY_E_NOMEM)
 */
int parity_jmespath_call(const char *name, json_t *const *arguments, size_t count, json_t **out,
                         struct parity_error *err);

#endif
