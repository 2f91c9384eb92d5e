/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_FUZZ_WALK_MODEL_H
#define PARITY_FUZZ_WALK_MODEL_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/model_blob.h"

/** Read everything that accessors can reach in a valid model, shapes down to a depth. */
static inline void walk_text(const char *text)
{
    if (text && strlen(text) == SIZE_MAX)
        abort();
}

static inline void walk_shape(const struct parity_shape *shape, int depth)
{
    if (!shape || depth > 4)
        return;
    walk_text(parity_shape_name(shape));
    walk_text(parity_shape_member_name(shape));
    walk_text(parity_shape_location_name(shape));
    for (int i = 0; i < PARITY_TEXT_COUNT; i++)
        walk_text(parity_shape_text(shape, (enum parity_text_trait)i));
    for (size_t i = 0; i < parity_shape_enum_count(shape); i++)
        walk_text(parity_shape_enum_at(shape, i));
    for (size_t i = 0; i < parity_shape_member_count(shape); i++)
        walk_shape(parity_shape_member_at(shape, i), depth + 1);
    if (parity_shape_type(shape) == PARITY_SHAPE_LIST)
        walk_shape(parity_shape_list_member(shape), depth + 1);
    if (parity_shape_type(shape) == PARITY_SHAPE_MAP) {
        walk_shape(parity_shape_map_key(shape), depth + 1);
        walk_shape(parity_shape_map_value(shape), depth + 1);
    }
}

static inline void walk_blob(const struct parity_blob *blob)
{
    const struct parity_blob_operation *operations = parity_blob_at(&blob->operations.start);
    const struct parity_blob_error *errors = parity_blob_at(&blob->errors.start);

    walk_text(parity_blob_at(&blob->source));
    walk_text(parity_blob_at(&blob->traits));
    for (uint32_t i = 0; i < blob->operations.count; i++) {
        walk_text(parity_blob_at(&operations[i].name));
        walk_text(parity_blob_at(&operations[i].wire_name));
        walk_text(parity_blob_at(&operations[i].method));
        walk_text(parity_blob_at(&operations[i].uri));
        walk_text(parity_blob_at(&operations[i].traits));
        walk_shape(parity_blob_at(&operations[i].input), 0);
        walk_shape(parity_blob_at(&operations[i].output), 0);
    }
    for (uint32_t i = 0; i < blob->errors.count; i++) {
        walk_text(parity_blob_at(&errors[i].code));
        walk_shape(parity_blob_at(&errors[i].shape), 0);
    }
}

#endif
