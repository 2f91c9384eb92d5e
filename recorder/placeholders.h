/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_PLACEHOLDERS_H
#define PARITY_RECORDER_PLACEHOLDERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Numbered placeholders, `<name:1>`, say which values are the same one. Their numbers depend on the
 * order in which the values were met, so one surplus item shifts all later ones. What counts is
 * that the same value has the same number everywhere: the comparison takes them up to a renaming
 * that is one to one for each label and holds for the whole test.
 */

/** Which observed number stands for which recorded one. Zero-initialise, clear. */
struct parity_renaming {
    json_t *to_recorded; /* "label:observed" → recorded number */
    json_t *to_observed; /* "label:recorded" → observed number */
    bool needed;         /* some number differs */
};

void parity_renaming_clear(struct parity_renaming *renaming);

/**
 * Find the renaming under which two states, {match key: value} each, agree best: pairs of numbers
 * that stand at the same place most often, of several the one met first.
 *
 * @param out  filled from zero
 * @return 0, or -1 when out of memory
 */
int parity_renaming_find(json_t *recorded, json_t *observed, struct parity_renaming *out);

/** `value` with its numbers changed by `map`, one of those above. New; NULL: out of memory. */
json_t *parity_renaming_apply(const json_t *map, json_t *value);

#endif
