/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TRANSFORM_CONTEXT_H
#define PARITY_TRANSFORM_CONTEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "replacement.h"
#include "transformer.h"

/* What a kind of transformer is made of; for the files of this room. */

struct parity_transformer_class {
    const char *type; /* as in the case format */

    /** Work on the whole document, {match key: value}, in place. @return 0 or -1 */
    int (*apply)(const struct parity_transformer *self, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err);
    void (*free)(struct parity_transformer *self); /* also the memory of `self` */
};

/* First member of every transformer. */
struct parity_transformer {
    const struct parity_transformer_class *class;
    bool from_preset; /* made for every response of a service: finding nothing is no mistake */
};

void parity_transformer_free(struct parity_transformer *transformer);

struct parity_transform_context {
    struct parity_replacements replacements;
    json_t *references; /* object: every reference value noted so far, as it stands in the text */
    json_t *counters;   /* object: label → last number given */
    json_t *warnings;   /* array of texts, each once */
};

/** @return 0, or -1 (memory) */
int parity_transform_context_init(struct parity_transform_context *context);
void parity_transform_context_clear(struct parity_transform_context *context);

/**
 * Note that `value` is to become `<label:N>` wherever it occurs; nothing happens for a value that
 * is noted already, whatever its label.
 *
 * @param value  borrowed
 * @param err    PARITY_E_INVALID: the value is no string
 * @return 0 or -1
 */
int parity_transform_reference(struct parity_transform_context *context, const json_t *value,
                               const char *label, size_t label_length, struct parity_error *err);

/** Note something that is probably a mistake; a text that is noted already is left out. @return 0,
 * or -1 (memory) */
__attribute__((format(printf, 2, 3))) int
parity_transform_warn(struct parity_transform_context *context, const char *format, ...);

#endif
