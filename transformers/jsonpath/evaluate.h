/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_EVALUATE_H
#define PARITY_JSONPATH_EVALUATE_H

/* How a path is looked up; shared by the files of this folder only. */

#include "transformers/jsonpath/path.h"

/** The way from the root to a node; NULL is the root itself. */
struct parity_path_trail {
    const struct parity_path_trail *before;
    json_t *container; /* that the step is taken in */
    struct parity_jsonpath_step step;
    size_t length;
};

struct parity_path_found {
    json_t *value; /* borrowed */
    const struct parity_path_trail *trail;
};

/** What was found so far. Zero-initialise it. */
struct parity_path_set {
    struct parity_path_found *items;
    size_t count, capacity;
};

struct parity_path_chunk;

/** One look-up. */
struct parity_path_evaluation {
    const struct parity_jsonpath *path;
    json_t *root;
    json_t *made;                     /* values that the look-up made; NULL: none yet */
    struct parity_path_chunk *chunks; /* memory of the trails */
    size_t work;                      /* steps taken */
    size_t in_filter;                 /* filters that are being decided */
    struct parity_error *err;
};

void parity_path_set_clear(struct parity_path_set *set);
void parity_path_evaluation_clear(struct parity_path_evaluation *evaluation);

/** Report that a look-up does not fit the value it meets. @return -1 */
__attribute__((format(printf, 3, 4))) int
parity_path_misfit(struct parity_path_evaluation *evaluation, const struct parity_path_trail *at,
                   const char *format, ...);

/** Add a node as it is. @return 0 or -1 (PARITY_E_NOMEM, PARITY_E_LIMIT) */
int parity_path_push(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                     struct parity_path_found found);

/** Add the node that one step leads to; a NULL `step.key` is a position. */
int parity_path_push_step(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                          const struct parity_path_found *from, json_t *value,
                          struct parity_jsonpath_step step);

/** Add all members of an object, or all items of a list. */
int parity_path_push_children(struct parity_path_evaluation *evaluation, struct parity_path_set *to,
                              const struct parity_path_found *from);

/** Take what is found from `from` on through the first `count` steps of a sequence. */
int parity_path_run(struct parity_path_evaluation *evaluation,
                    const struct parity_path_sequence *sequence, size_t count,
                    const struct parity_path_found *from, struct parity_path_set *to);

/** One step, of either dialect's own kinds: name, wildcard, index, slice, filter. */
int parity_path_select_localstack(struct parity_path_evaluation *evaluation,
                                  const struct parity_path_step *step,
                                  const struct parity_path_found *from, struct parity_path_set *to);
int parity_path_select_rfc9535(struct parity_path_evaluation *evaluation,
                               const struct parity_path_step *step,
                               const struct parity_path_found *from, struct parity_path_set *to);

/** Whether an item fulfils a filter's condition. @return 1, 0, or -1 */
int parity_path_holds(struct parity_path_evaluation *evaluation,
                      const struct parity_path_condition *condition, json_t *item);
int parity_path_holds_localstack(struct parity_path_evaluation *evaluation,
                                 const struct parity_path_condition *condition, json_t *item);
int parity_path_holds_rfc9535(struct parity_path_evaluation *evaluation,
                              const struct parity_path_condition *condition, json_t *item);

/** A slice of a list of `size` items, as Python and RFC 9535 count: from `first`, `count` items. */
void parity_path_slice_bounds(const struct parity_path_slice *slice, size_t size, long long *first,
                              size_t *count);

/** Two numbers of any kind. @return -1, 0, 1, or 2 where NaN is none of these */
int parity_path_compare_numbers(const json_t *a, const json_t *b);

/** Two strings, by code point. @return -1, 0 or 1 */
int parity_path_compare_strings(const json_t *a, const json_t *b);

/** True for an object that is no typed value. */
bool parity_path_is_object(const json_t *value);

#endif
