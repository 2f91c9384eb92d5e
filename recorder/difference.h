/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_DIFFERENCE_H
#define PARITY_RECORDER_DIFFERENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* How a comparison notes what it finds; for the files of this room. */

/** The way to a value: one step, and the ones before it. Lives on the stack of the walk. */
struct parity_place {
    const struct parity_place *parent; /* NULL: this is a step from the match value */
    bool enters_text; /* no step: the value so far is a string, what follows is inside its JSON */
    const char *key;  /* NULL: a list position */
    size_t key_length;
    size_t index; /* on the recorded side; of what was added, on the observed side */
};

/** Where differences are collected. */
struct parity_difference_list {
    json_t *array; /* new */
    const char *key;
    size_t key_length; /* of the current match key */
    bool failed;       /* out of memory: later notes do nothing */
    int texts;         /* how many JSON texts, one in the other, are being compared */
};

/**
 * Note one difference in the form of `parity diff --format json`.
 *
 * @param recorded  borrowed; NULL: only observed
 * @param observed  borrowed; NULL: only recorded
 * @param kind      "changed" or "type"; where one side is NULL it is "added" or "removed"
 */
void parity_difference_note(struct parity_difference_list *list, const struct parity_place *place,
                            const char *kind, json_t *recorded, json_t *observed);

/** Say of the difference noted last that it is one half of a move: where in the other side's list
 * the item stands. */
void parity_difference_moved(struct parity_difference_list *list, size_t position);

/** Compare two match values by deepdiff's rules (REFERENCE.md, 2.5). */
void parity_compare_as_reference(struct parity_difference_list *list, json_t *recorded,
                                 json_t *observed, const struct parity_place *place);

/** Compare two match values: every member, strict types, lists aligned, JSON in strings as JSON. */
void parity_compare_strictly(struct parity_difference_list *list, json_t *recorded,
                             json_t *observed, const struct parity_place *place);

#endif
