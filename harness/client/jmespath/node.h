/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_NODE_H
#define PARITY_CLIENT_JMESPATH_NODE_H

/* The tree of a compiled JMESPath expression. Internal to jmespath/. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "client/jmespath.h"
#include "client/jmespath/token.h"

enum parity_jp_node_kind {
    PARITY_JP_CURRENT,
    PARITY_JP_FIELD,    /* value: the name */
    PARITY_JP_CONSTANT, /* value */
    PARITY_JP_INDEX,    /* start */
    PARITY_JP_SLICE,    /* start, stop, step */
    PARITY_JP_CHAIN,    /* right, applied to what left gives: `a.b`, `a | b` */
    PARITY_JP_FLATTENED,
    /* left gives the items, right is applied to each, nulls are dropped */
    PARITY_JP_LIST_PROJECTION,
    PARITY_JP_VALUE_PROJECTION,
    PARITY_JP_FILTER_PROJECTION, /* condition */
    PARITY_JP_NEGATION,
    PARITY_JP_CONJUNCTION,
    PARITY_JP_DISJUNCTION,
    PARITY_JP_COMPARISON,   /* operation */
    PARITY_JP_MULTI_LIST,   /* items */
    PARITY_JP_MULTI_OBJECT, /* items; the key of each is its `key` */
    PARITY_JP_CALL,         /* function, items */
    PARITY_JP_EXPRESSION,   /* `&left`, only as an item of a CALL */
    PARITY_JP_NODE_KINDS
};

struct parity_jp_node {
    enum parity_jp_node_kind kind;
    int depth;     /* of the tree below, itself included */
    size_t offset; /* in the expression */
    const struct parity_jp_node *left, *right, *condition;
    const struct parity_jp_node *items, *next; /* first child of a list; next sibling */
    size_t item_count;
    json_t *value, *key; /* owned */
    long long start, stop, step;
    bool has_start, has_stop;
    enum parity_jp_token_kind operation;
    const struct parity_jp_function *function;
    struct parity_jp_node *made_before; /* chains all nodes of an expression, to free them */
};

enum { PARITY_JP_MAX_DEPTH = 256 };

struct parity_jmespath {
    char *text;
    const struct parity_jp_node *root;
    struct parity_jp_node *nodes; /* all of them, the last made first */
};

/** Fill `expression->root` from `expression->text`. @return 0 or -1 */
int parity_jp_parse(struct parity_jmespath *expression, struct parity_error *err);

/* --- evaluation ------------------------------------------------------------------------------- */

struct parity_jp_run {
    const struct parity_jmespath *expression;
    unsigned long steps_left;
    struct parity_error *err;
};

/** What `node` gives for `value` (borrowed). @return new, or NULL: the run's `err` says why */
json_t *parity_jp_evaluate(struct parity_jp_run *run, const struct parity_jp_node *node,
                           json_t *value);

/** `made`, which is new; when it is NULL, reports that there is no memory. */
json_t *parity_jp_checked(struct parity_jp_run *run, json_t *made);

/** Append `item` (stolen; NULL: failed already). @return 0 or -1 */
int parity_jp_append(struct parity_jp_run *run, json_t *list, json_t *item);

/* --- numbers ---------------------------------------------------------------------------------- */

bool parity_jp_is_number(const json_t *value);

/** -1, 0 or 1; 2 if one is not a number in the sense of IEEE 754 (NaN). */
int parity_jp_compare_numbers(const json_t *a, const json_t *b);

/** By code point. */
int parity_jp_compare_strings(const json_t *a, const json_t *b);

/* Each new; NULL: no memory, or the value that cannot be (the ceiling of NaN): then `*wrong` is
 * set. */
json_t *parity_jp_sum(const json_t *numbers);
json_t *parity_jp_average(const json_t *numbers);
json_t *parity_jp_absolute(const json_t *number);
json_t *parity_jp_round(const json_t *number, bool up, bool *wrong);

#endif
