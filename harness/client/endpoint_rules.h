/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_RULES_H
#define PARITY_CLIENT_ENDPOINT_RULES_H

/*
 * A rule set in compiled form: one block of 32-bit words and one of strings, without pointers.
 *
 * A node is a header word (kind, function, number of words that follow) and its words: links to
 * other nodes (positions in the block), string positions, numbers. Equal nodes are stored once,
 * which shrinks S3's rules, a tree that repeats its branches, from 900 KB of JSON to a fraction.
 * Internal to endpoint*.c.
 */

#include <jansson.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/** What a node is; the comment says which words follow its header. */
enum parity_rule_node {
    PARITY_NODE_NULL,
    PARITY_NODE_FALSE,
    PARITY_NODE_TRUE,
    PARITY_NODE_INTEGER,   /* value */
    PARITY_NODE_TEXT,      /* string */
    PARITY_NODE_VARIABLE,  /* slot */
    PARITY_NODE_ATTRIBUTE, /* slot, strings of the names that lead inwards: "{url#authority}" */
    PARITY_NODE_TEMPLATE,  /* nodes (TEXT, VARIABLE, ATTRIBUTE), whose text is joined */
    PARITY_NODE_CALL,      /* nodes of the arguments; the header names the function */
    PARITY_NODE_LIST,      /* nodes */
    PARITY_NODE_OBJECT,    /* string and node of each member */
    PARITY_NODE_TREE,      /* count of conditions, [node, slot + 1 or 0] each, nodes of the rules */
    PARITY_NODE_ENDPOINT,  /* conditions as above, nodes of url, headers, properties */
    PARITY_NODE_ERROR,     /* conditions as above, node of the message */
    PARITY_NODE_PARAMETER  /* string of the name, slot, enum parity_parameter_type, required,
                              node of the default or 0, string of the builtin or 0 */
};

enum parity_parameter_type {
    PARITY_PARAMETER_STRING,
    PARITY_PARAMETER_BOOLEAN,
    PARITY_PARAMETER_LIST
};

struct parity_rule_set {
    struct parity_buffer words, strings;
    uint32_t root;       /* a TREE without conditions that holds all rules */
    uint32_t parameters; /* a LIST of PARAMETER nodes; the first slots are theirs, in this order */
    uint32_t slots;      /* number of variables */
    uint32_t slot_names; /* a LIST of TEXT nodes, one for each slot */
};

static inline const uint32_t *parity_rule_node(const struct parity_rule_set *rules, uint32_t at)
{
    return (const uint32_t *)(const void *)rules->words.data + at;
}

static inline enum parity_rule_node parity_rule_kind(const uint32_t *node)
{
    return (enum parity_rule_node)(node[0] & 0xFF);
}

static inline unsigned parity_rule_function(const uint32_t *node)
{
    return node[0] >> 8 & 0xFF;
}

/** Number of words behind the header. */
static inline uint32_t parity_rule_count(const uint32_t *node)
{
    return node[0] >> 16;
}

static inline const char *parity_rule_string(const struct parity_rule_set *rules, uint32_t at)
{
    return rules->strings.data + at;
}

/**
 * Compile a document.
 *
 * @param document  content of endpoint-rule-set-1.json; borrowed
 * @param name      of the service, for messages
 * @param out       filled from zero; cleared by the caller in either case
 * @param err       PARITY_E_PARSE with what is wrong and where
 * @see Smithy, "Rules engine specification"; botocore/endpoint_provider.py, RuleSet
 */
int parity_rule_set_compile(const json_t *document, const char *name, struct parity_rule_set *out,
                            struct parity_error *err);

void parity_rule_set_clear(struct parity_rule_set *rules);

struct parity_partitions;

/** Evaluate compiled rules; parameters and result as for parity_endpoint_resolve(). */
int parity_rule_set_evaluate(const struct parity_rule_set *rules,
                             const struct parity_partitions *partitions, const json_t *params,
                             json_t **out, struct parity_error *err);

#endif
