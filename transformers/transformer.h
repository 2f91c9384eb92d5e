/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TRANSFORMER_H
#define PARITY_TRANSFORMER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/** One transformer; immutable once made. */
struct parity_transformer;

/** What the transformers of one test share while they run: text replacements, counters, known
 * references. */
struct parity_transform_context;

/** Transformers in the order they were added; applied in ascending priority, ties in that order. */
struct parity_transformers {
    struct parity_transformer_entry {
        struct parity_transformer *transformer; /* owned, unless borrowed */
        int priority;
        bool borrowed; /* it belongs to another list */
    } * items;
    size_t count, capacity;
};

void parity_transformers_clear(struct parity_transformers *list);

/** Add those of another list, which must outlive this one. @return 0, or -1 when out of memory */
int parity_transformers_borrow(struct parity_transformers *list,
                               const struct parity_transformers *others);

/** Add one. Steals `transformer`, also when it fails. @return 0, or -1 when out of memory */
int parity_transformers_add(struct parity_transformers *list,
                            struct parity_transformer *transformer, int priority);

/**
 * Add what one entry of the case format (CASES.md) says; a preset adds all its transformers.
 *
 * @param spec  {"type": …, …}; unknown types and members are PARITY_E_INVALID
 * @return 0 or -1 (PARITY_E_INVALID, PARITY_E_PARSE: broken pattern or path, PARITY_E_NOT_FOUND: no
 * such preset)
 */
int parity_transformers_add_spec(struct parity_transformers *list, const json_t *spec,
                                 struct parity_error *err);

/**
 * Find what is wrong with a spec before its test has run, by making the transformers once. The
 * arguments of a preset may still hold `${…}`.
 *
 * @return 0 or -1, as parity_transformers_add_spec()
 */
int parity_transformers_try_spec(const json_t *spec, struct parity_error *err);

/**
 * The same of a spec with `${…}` in it, of which only its type and the names of its members are
 * known. Only the type must have none.
 *
 * @return 0 or -1 (PARITY_E_INVALID)
 */
int parity_transformers_check_names(const json_t *spec, struct parity_error *err);

/** What the default set needs to know about the target. */
struct parity_defaults_options {
    const char *account_id, *region, *partition;
    bool old; /* the preset `basic` instead of `basic_new` */
};

/** Account id, region, partition, and `basic` or `basic_new`, all at priority 2
 * (REFERENCE.md, 4.1). */
int parity_transformers_add_defaults(struct parity_transformers *list,
                                     const struct parity_defaults_options *options,
                                     struct parity_error *err);

/**
 * Bring one match value into the order that numbering relies on: members by code point,
 * `ResponseMetadata` last (REFERENCE.md, 2.1).
 *
 * @return new, an independent copy as parity_json_copy() makes it; NULL when out of memory
 */
json_t *parity_match_order(const json_t *value);

/** The same for a large value that is needed no more: leaves a hollow one behind, which the caller
 * still releases. No container in it may belong to anyone else. @return new */
json_t *parity_match_order_hollow(json_t *value);

/** Called between the transformers and the text replacements (the reference removes skip paths
 * there). */
struct parity_transform_hook {
    int (*run)(json_t *document, void *data, struct parity_error *err); /* NULL: none */
    void *data;
};

/**
 * Transform what a test observed, as it would be stored (REFERENCE.md, 2.2 f and 2.3).
 *
 * @param observed  {match key: value}, each value ordered with parity_match_order(); not changed
 * @param hook      may be NULL
 * @param raw       may be NULL; else new: the state before the first transformer (--snapshot-raw)
 * @param out       new; NULL on failure
 * @param err       PARITY_E_INVALID (a reference value that is no string, text that is no JSON
 * after the replacements, …) with match key or path as context; PARITY_E_LIMIT (a regex)
 * @return 0 or -1
 */
int parity_transform(const struct parity_transformers *list, const json_t *observed,
                     const struct parity_transform_hook *hook, json_t **raw, json_t **out,
                     struct parity_error *err);

/**
 * The same for a caller that needs `observed` no more, so that a large document is not held twice.
 *
 * @param observed  stolen, also on failure; no container in it may belong to anyone else
 * @param warnings  new: array of texts, what is probably a mistake (a path that selects nothing,
 *                  unless a preset names it); NULL on failure
 */
int parity_transform_take(const struct parity_transformers *list, json_t *observed,
                          json_t **warnings, json_t **out, struct parity_error *err);

/* ---- a transformer of one's own ---- */

struct parity_custom_options {
    const char *name; /* for messages; borrowed for as long as the transformer lives; required */

    /**
     * Change the document, {match key: value}, in place, and note replacements (below).
     *
     * @param document  borrowed; containers may be changed, strings and numbers only put in
     *                  another's place, since others share them
     * @return 0, or -1 with `err` filled: the test cannot be judged
     */
    int (*apply)(json_t *document, struct parity_transform_context *context, void *data,
                 struct parity_error *err);
    void *data; /* handed to `apply`; stays the caller's */
};

/** Make a transformer of a C function; `options` are copied. @return new, or NULL (PARITY_E_USAGE,
 * PARITY_E_NOMEM) */
struct parity_transformer *parity_custom_new(const struct parity_custom_options *options,
                                             struct parity_error *err);

/** For custom transformers: `value` becomes `<label:N>` wherever it occurs. @return 0 or -1 */
int parity_transform_note_reference(struct parity_transform_context *context, const char *value,
                                    const char *label, struct parity_error *err);

/** For custom transformers: `text` becomes `replacement` wherever it occurs. @return 0 or -1
 * (PARITY_E_INVALID: `text` is empty) */
int parity_transform_note_text(struct parity_transform_context *context, const char *text,
                               const char *replacement, struct parity_error *err);

#endif
