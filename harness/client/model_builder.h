/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_BUILDER_H
#define PARITY_CLIENT_MODEL_BUILDER_H

/*
 * A model while it is compiled. Two passes over the records: while the tables grow, a link holds
 * the 1-based position of its target in the target's table (strings: offset + 1).
 * parity_model_lay_out() then lays the tables out and turns positions into distances. Internal to
 * model_builder.c, model_compile.c, model_layout.c and model_use.c.
 */

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/model_blob.h"

struct parity_model_table {
    void *items;
    size_t count, capacity;
};

/** Zero-initialise, set the first members, clear. */
struct parity_model_builder {
    const char *name; /* of the model, for messages */
    struct parity_error *err;
    json_t *shapes;    /* borrowed */
    json_t *positions; /* owned: shape name to position in `bodies` */
    struct parity_model_table bodies, refs, extras, operations, errors, enum_values;
    struct parity_buffer strings;
    uint32_t *interned; /* open addressing: offset + 1 in `strings` */
    size_t interned_count, interned_capacity;
};

void parity_model_builder_clear(struct parity_model_builder *b);

/** Append `count` zeroed items. @return the first's 1-based position; 0: out of memory */
uint32_t parity_model_add(struct parity_model_builder *b, struct parity_model_table *table,
                          size_t count, size_t size);

/** Valid until the next one is added. */
struct parity_shape *parity_model_ref_at(struct parity_model_builder *b, uint32_t position);

/** Put a text into the string table, once. @return 0, with `*link` set, or -1 */
int parity_model_add_text(struct parity_model_builder *b, const char *text, parity_blob_link *link);

/** The same for a JSON value: sets nothing unless it is a string. */
int parity_model_add_json_text(struct parity_model_builder *b, const json_t *value,
                               parity_blob_link *link);

/** A shape and the reference to it, which may be NULL: the reference's traits win. */
struct parity_model_use {
    const json_t *shape, *reference;
};

/** Python's idea of a true value. */
bool parity_model_is_true(const json_t *value);

/** model_use.c: what a use of a shape has besides its body: traits, location and what is rare. */
int parity_model_read_use(struct parity_model_builder *b, const struct parity_model_use *use,
                          struct parity_shape *out);

/** model_layout.c: the block that all of it becomes. @return 0 or -1 (PARITY_E_LIMIT: too large) */
int parity_model_lay_out(struct parity_model_builder *b, parity_blob_link source,
                         parity_blob_link traits, struct parity_buffer *out);

#endif
