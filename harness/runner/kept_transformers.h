/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_KEPT_TRANSFORMERS_H
#define PARITY_RUNNER_KEPT_TRANSFORMERS_H

#include <jansson.h>

#include "base/error.h"
#include "transformers/transformer.h"

/**
 * The transformers of presets, made for the first test that names one. There are as many as the
 * tests name different presets; presets with arguments, which are mostly of one test, are not kept.
 * Zero-initialise, clear.
 */
struct parity_kept_transformers {
    struct parity_kept_preset {
        char *spec; /* its text; owned */
        size_t length;
        struct parity_transformers list;
    } * items;
    size_t count, capacity;
};
void parity_kept_transformers_clear(struct parity_kept_transformers *kept);

/**
 * Add what a spec says, as parity_transformers_add_spec(); what was made before is borrowed.
 *
 * @param kept  to be cleared after `list`; NULL: everything is made for `list` alone
 * @return 0 or -1
 */
int parity_kept_transformers_add(struct parity_kept_transformers *kept,
                                 struct parity_transformers *list, const json_t *spec,
                                 struct parity_error *err);

/** Whether what a spec says was made before, and so is right. @param kept  may be NULL */
bool parity_kept_transformers_have(const struct parity_kept_transformers *kept, const json_t *spec);

#endif
