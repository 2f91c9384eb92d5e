/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_UNDO_VALUES_H
#define PARITY_RUNNER_UNDO_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Finding in one document what a member of another call's input needs, by the names of members.
 */

/** Names that a value may stand under, the best first: "restApiId", then "Id", "Arn", "Name". */
struct parity_undo_keys {
    const char *names[8];
    size_t exact; /* how many of them say just what is wanted */
    size_t count;
};

/**
 * The names for a member of the input of what undoes.
 *
 * @param member  "restApiId"; borrowed by `out`
 * @param noun    of the operation, "RestApi"
 */
void parity_undo_keys_make(const char *member, const char *noun, struct parity_undo_keys *out);

/**
 * The value under one of the first `count` names, of the outermost structure that has one: text or
 * number. Names compare without case. Borrowed; NULL: there is none.
 */
const json_t *parity_undo_value(const json_t *document, const struct parity_undo_keys *keys,
                                size_t count);

/** All texts that stand under `name` at any depth, in their order, added to an array. @return 0 or
 * -1 (no memory) */
int parity_undo_values(const json_t *document, const char *name, json_t *out);

/**
 * The value, of the structure or list of texts in which `thing` is named: as a whole, or in an ARN
 * or URL. Borrowed; NULL.
 */
const json_t *parity_undo_value_beside(const json_t *document, const struct parity_undo_keys *keys,
                                       const char *thing);

/**
 * The same for a name that may be any word: only where `thing` is what a structure is called by, or
 * stands at the end of an ARN or URL.
 *
 * @param noun   as above
 * @param count  how many such structures and texts there are is added to it
 */
const json_t *parity_undo_value_called(const json_t *document, const struct parity_undo_keys *keys,
                                       const char *noun, const char *thing, size_t *count);

/** The name of the thing that an input describes: a text in it that holds `mark` (which "" stands
 * in every text). Borrowed; NULL: there is none, or more than one and none looks like the name. */
const char *parity_undo_thing(const json_t *input, const char *noun, const char *mark);

/** Whether any text at any depth holds `mark`. */
bool parity_undo_is_marked(const json_t *document, const char *mark);

/** Whether two documents have a text of at least ten characters in common. */
bool parity_undo_share_text(const json_t *a, const json_t *b);

/** Whether something of the run, a word that holds `mark`, is named in both: by itself, in an ARN
 * or in a URL. */
bool parity_undo_share_thing(const json_t *a, const json_t *b, const char *mark);

/** Whether an input names something that belongs to one of `things`, which are inputs: an item
 * {"TableName", "Item"} to a table {"TableName"}. */
bool parity_undo_is_part(const json_t *input, const json_t *things);

#endif
