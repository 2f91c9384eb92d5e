/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_FUNCTION_H
#define PARITY_CLIENT_JMESPATH_FUNCTION_H

/* The functions of JMESPath. Internal to jmespath/. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/jmespath/node.h"

/** One call that is being evaluated. */
struct parity_jp_call {
    struct parity_jp_run *run;
    const struct parity_jp_node *node;
    json_t *arguments;                       /* list; null in place of an expression */
    const struct parity_jp_node *expression; /* what `&…` refers to; NULL: no such argument */
};

enum parity_jp_type {
    PARITY_JP_NULL_TYPE = 1u << 0,
    PARITY_JP_BOOLEAN_TYPE = 1u << 1,
    PARITY_JP_NUMBER_TYPE = 1u << 2,
    PARITY_JP_STRING_TYPE = 1u << 3,
    PARITY_JP_LIST_TYPE = 1u << 4,
    PARITY_JP_OBJECT_TYPE = 1u << 5,
    PARITY_JP_OTHER_TYPE = 1u << 6, /* timestamps and byte strings */
    PARITY_JP_ANY_TYPE = (1u << 7) - 1,
    PARITY_JP_NUMBERS_TYPE = 1u << 7,   /* a list of numbers only */
    PARITY_JP_STRINGS_TYPE = 1u << 8,   /* a list of strings only */
    PARITY_JP_EXPRESSION_TYPE = 1u << 9 /* `&…` */
};

struct parity_jp_function {
    const char *name;
    size_t arguments;                                 /* at least one; exactly, unless `variadic` */
    bool variadic;                                    /* any number more of the last one's type */
    unsigned types[2];                                /* of enum parity_jp_type, for each */
    json_t *(*evaluate)(struct parity_jp_call *call); /* new, or NULL (reported) */
};

/** By name; NULL: there is none, and `*nearest` is what may have been meant, or NULL. */
const struct parity_jp_function *parity_jp_function_find(const char *name, const char **nearest);

unsigned parity_jp_type_of(const json_t *value);

/** "null", "boolean", "number", "string", "array", "object", "timestamp or byte string" */
const char *parity_jp_type_name(unsigned type);

/** Evaluate the arguments, check their types, call. @return new, or NULL (reported) */
json_t *parity_jp_call_function(struct parity_jp_run *run, const struct parity_jp_node *node,
                                json_t *value);

/* Functions in files of their own, see function_order.c. */
json_t *parity_jp_sort(struct parity_jp_call *call);
json_t *parity_jp_sort_by(struct parity_jp_call *call);
json_t *parity_jp_min(struct parity_jp_call *call);
json_t *parity_jp_max(struct parity_jp_call *call);
json_t *parity_jp_min_by(struct parity_jp_call *call);
json_t *parity_jp_max_by(struct parity_jp_call *call);

/* See function_text.c. */
json_t *parity_jp_contains(struct parity_jp_call *call);
json_t *parity_jp_starts_with(struct parity_jp_call *call);
json_t *parity_jp_ends_with(struct parity_jp_call *call);
json_t *parity_jp_join(struct parity_jp_call *call);
json_t *parity_jp_reverse(struct parity_jp_call *call);
json_t *parity_jp_to_string(struct parity_jp_call *call);
json_t *parity_jp_to_number(struct parity_jp_call *call);
json_t *parity_jp_length(struct parity_jp_call *call);

#endif
