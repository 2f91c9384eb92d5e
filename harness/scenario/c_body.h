/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_C_BODY_H
#define PARITY_SCENARIO_C_BODY_H

/*
 * What the files that print a scenario as C share: to_c.c, c_body.c, c_transformers.c, c_values.c,
 * c_reference.c.
 */

#include "scenario/check.h"
#include "scenario/c_layout.h"

/** The body of a test on its way to C. All members but the first are owned. */
struct parity_c_body {
    struct parity_scenario_checking checking;
    json_t *names;     /* object: names of variables that are taken */
    json_t *uses;      /* object: how often a reference, or the name it begins with, occurs */
    json_t *variables; /* object: what is kept in a variable → its name */
    json_t *statics;   /* array: constant texts, as `items` */
    json_t *items;     /* array: {"type", "name", "expression"}, {"expression"}, or {"condition",
                          "expression"} */
    json_t *pending;   /* array: statements that wait for the first one behind the declarations */
    size_t constants;  /* items before this one are made of nothing that a call answers */
    size_t static_transformers; /* so many of the test's stand in its head */
    bool failed;                /* out of memory */
};

/** Fill an empty body with what its test does. */
void parity_c_fill_body(struct parity_c_body *body);

/** Add a statement. */
void parity_c_add_statement(struct parity_c_body *body, json_t *expression);

/** The same for one that matters to the matches behind it alone: it may stand behind declarations
 * that come after it. */
void parity_c_add_declarative(struct parity_c_body *body, json_t *expression);

/** Add those that were held back for that. */
void parity_c_flush(struct parity_c_body *body);

/* --- transformers ------------------------------------------------------------------------------
 */

/** A transformer that can stand in the head of a test, as an expression: preset("sqs_api"). */
json_t *parity_c_transformer(const json_t *spec);

/** Whether it can: it has no references, and only what the structure of suites has. */
bool parity_c_transformer_is_static(const json_t *spec);

/** Add a statement for one that cannot. */
void parity_c_add_transform(struct parity_c_body *body, const json_t *spec);

/* --- values ------------------------------------------------------------------------------------
 */

/**
 * What a reference stands for.
 *
 * @param path  appended: the JSON path behind the name it begins with ("$.Messages[0].Body")
 * @return whether it is certainly a text, so that it can be a `const char *`
 */
bool parity_c_look(const struct parity_scenario_checking *checking,
                   const struct parity_reference *reference, struct parity_buffer *path);

/** Count the uses of all references in a value, and in what `let` says about them. */
void parity_c_count_uses(struct parity_c_body *body, const json_t *value);

/**
 * Add a variable.
 *
 * @param key         what it keeps, for parity_c_variable(); NULL: nothing that is looked up
 * @param name        wanted, in any style
 * @param type        "json_t *", "const char *"; "static const char" is an array
 * @param expression  stolen
 * @return its name, borrowed; NULL when out of memory (body->failed)
 */
const char *parity_c_declare(struct parity_c_body *body, const char *key, const char *name,
                             const char *type, json_t *expression);

/** The same for a value that `let` alone makes: it comes before the first call. */
const char *parity_c_declare_constant(struct parity_c_body *body, const char *key, const char *name,
                                      const char *type, json_t *expression);

/** The variable that keeps something; NULL: there is none. */
const char *parity_c_variable(const struct parity_c_body *body, const char *key);

/** Declare the variable of a value of `let`, after those that it needs. */
void parity_c_declare_let(struct parity_c_body *body, const char *name);

/** A text of the scenario as an expression of type `const char *`.
 * @param hint  names the variable if it is worth one */
json_t *parity_c_text(struct parity_c_body *body, const json_t *text, const char *hint);

/** A value of the scenario as an expression of type `json_t *`. */
json_t *parity_c_value(struct parity_c_body *body, const json_t *value);

/** A literal without references. */
json_t *parity_c_literal(const char *text);

/** Add a template for a value, and its arguments, to a call. */
json_t *parity_c_add_template(struct parity_c_body *body, json_t *expression, const json_t *value);

#endif
