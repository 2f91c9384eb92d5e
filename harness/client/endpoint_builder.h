/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_BUILDER_H
#define PARITY_CLIENT_ENDPOINT_BUILDER_H

/*
 * A set of endpoint rules while it is compiled: its block of words and its block of strings, in
 * which everything stands once. Internal to endpoint_builder.c and endpoint_compile.c. All
 * functions return 0, or -1 with the reason in `err` of the builder.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "client/endpoint_rules.h"

/** Grows the two blocks and finds out what is in them already. */
struct parity_rule_builder {
    struct parity_rule_set *out;
    const char *name; /* of the service */
    struct parity_error *err;
    /* Open hash tables of positions plus one; 0 is free. */
    struct parity_rule_table {
        uint32_t *slots;
        uint32_t size, used;
    } nodes, strings;
    uint32_t *variables; /* TEXT nodes of the names, by slot */
    size_t variable_count, variable_capacity;
};

/** A list of words under construction. */
struct parity_rule_words {
    uint32_t *items;
    size_t count, capacity;
};

int parity_rule_fail_nomem(struct parity_rule_builder *c);
__attribute__((format(printf, 2, 3))) int parity_rule_fail(struct parity_rule_builder *c,
                                                           const char *format, ...);

int parity_rule_add_word(struct parity_rule_builder *c, struct parity_rule_words *words,
                         uint32_t word);
int parity_rule_add_string(struct parity_rule_builder *c, const char *text, uint32_t *at);

/** Store a node; `words` is emptied, also on failure. */
int parity_rule_add_node(struct parity_rule_builder *c, enum parity_rule_node kind,
                         unsigned function, struct parity_rule_words *words, uint32_t *at);

/** Nodes with one word, with none, and texts. */
int parity_rule_add_leaf(struct parity_rule_builder *c, enum parity_rule_node kind, uint32_t word,
                         uint32_t *at);
int parity_rule_add_bare(struct parity_rule_builder *c, enum parity_rule_node kind, uint32_t *at);
int parity_rule_add_text(struct parity_rule_builder *c, const char *text, uint32_t *at);
int parity_rule_add_text_part(struct parity_rule_builder *c, const char *text, size_t length,
                              uint32_t *at);

/** The slot of a variable, which gets one when it is new. */
int parity_rule_find_variable(struct parity_rule_builder *c, const char *name, size_t length,
                              uint32_t *slot);

#endif
