/* SPDX-License-Identifier: Apache-2.0 */
/* From tables and positions to one block of memory with distances. */
#include <string.h>

#include "client/model_builder.h"

struct layout {
    char *start;
    uint32_t bodies, refs, extras, operations, errors, enum_values, strings, size;
};

static uint32_t place(uint64_t *size, size_t count, size_t item_size)
{
    uint32_t start = (uint32_t)*size;

    *size = (*size + count * item_size + 7) & ~(uint64_t)7;
    return start;
}

/* Turns a 1-based position into the distance to the item. */
static void resolve(const struct layout *layout, parity_blob_link *link, uint32_t table,
                    size_t item_size)
{
    int64_t target;

    if (*link == 0)
        return;
    target = (int64_t)table + (int64_t)(*link - 1) * (int64_t)item_size;
    *link = (parity_blob_link)(target - ((char *)link - layout->start));
}

static void resolve_text(const struct layout *layout, parity_blob_link *link)
{
    resolve(layout, link, layout->strings, 1);
}

static void resolve_ref(const struct layout *layout, parity_blob_link *link)
{
    resolve(layout, link, layout->refs, sizeof(struct parity_shape));
}

static void resolve_shapes(const struct layout *layout, const struct parity_model_builder *b)
{
    struct parity_blob_body *bodies = (void *)(layout->start + layout->bodies);
    struct parity_shape *refs = (void *)(layout->start + layout->refs);

    for (size_t i = 0; i < b->bodies.count; i++) {
        resolve_text(layout, &bodies[i].name);
        resolve_ref(layout, &bodies[i].members);
    }
    for (size_t i = 0; i < b->refs.count; i++) {
        resolve(layout, &refs[i].body, layout->bodies, sizeof *bodies);
        resolve_text(layout, &refs[i].member_name);
        resolve_text(layout, &refs[i].location_name);
        resolve(layout, &refs[i].extra, layout->extras, sizeof(struct parity_blob_extra));
    }
}

static void resolve_others(const struct layout *layout, const struct parity_model_builder *b)
{
    struct parity_blob_extra *extras = (void *)(layout->start + layout->extras);
    struct parity_blob_operation *operations = (void *)(layout->start + layout->operations);
    struct parity_blob_error *errors = (void *)(layout->start + layout->errors);
    parity_blob_link *enum_values = (void *)(layout->start + layout->enum_values);

    for (size_t i = 0; i < b->extras.count; i++) {
        for (size_t j = 0; j < PARITY_TEXT_COUNT; j++)
            resolve_text(layout, &extras[i].texts[j]);
        resolve(layout, &extras[i].enum_values, layout->enum_values, sizeof *enum_values);
    }
    for (size_t i = 0; i < b->enum_values.count; i++)
        resolve_text(layout, &enum_values[i]);
    for (size_t i = 0; i < b->operations.count; i++) {
        resolve_text(layout, &operations[i].name);
        resolve_text(layout, &operations[i].wire_name);
        resolve_text(layout, &operations[i].method);
        resolve_text(layout, &operations[i].uri);
        resolve_text(layout, &operations[i].traits);
        resolve_ref(layout, &operations[i].input);
        resolve_ref(layout, &operations[i].output);
    }
    for (size_t i = 0; i < b->errors.count; i++) {
        resolve_text(layout, &errors[i].code);
        resolve_ref(layout, &errors[i].shape);
    }
}

static void copy_table(const struct layout *layout, uint32_t start,
                       const struct parity_model_table *table, size_t item_size)
{
    if (table->count)
        memcpy(layout->start + start, table->items, table->count * item_size);
}

static struct parity_blob_table describe(const struct layout *layout,
                                         const struct parity_blob_table *field, uint32_t start,
                                         size_t count)
{
    return (struct parity_blob_table){
        (parity_blob_link)(start - (uint32_t)((const char *)field - layout->start)),
        (uint32_t)count};
}

static void fill_block(const struct layout *layout, const struct parity_model_builder *b,
                       parity_blob_link source, parity_blob_link traits)
{
    struct parity_blob *blob = (void *)layout->start;

    copy_table(layout, layout->bodies, &b->bodies, sizeof(struct parity_blob_body));
    copy_table(layout, layout->refs, &b->refs, sizeof(struct parity_shape));
    copy_table(layout, layout->extras, &b->extras, sizeof(struct parity_blob_extra));
    copy_table(layout, layout->operations, &b->operations, sizeof(struct parity_blob_operation));
    copy_table(layout, layout->errors, &b->errors, sizeof(struct parity_blob_error));
    copy_table(layout, layout->enum_values, &b->enum_values, sizeof(parity_blob_link));
    memcpy(layout->start + layout->strings, b->strings.data, b->strings.length);
    memcpy(blob->magic, PARITY_BLOB_MAGIC, sizeof blob->magic);
    blob->version = PARITY_BLOB_VERSION;
    blob->size = layout->size;
    blob->source = source;
    blob->traits = traits;
    resolve_text(layout, &blob->source);
    resolve_text(layout, &blob->traits);
    blob->bodies = describe(layout, &blob->bodies, layout->bodies, b->bodies.count);
    blob->refs = describe(layout, &blob->refs, layout->refs, b->refs.count);
    blob->extras = describe(layout, &blob->extras, layout->extras, b->extras.count);
    blob->operations = describe(layout, &blob->operations, layout->operations, b->operations.count);
    blob->errors = describe(layout, &blob->errors, layout->errors, b->errors.count);
    blob->enum_values =
        describe(layout, &blob->enum_values, layout->enum_values, b->enum_values.count);
    blob->strings = describe(layout, &blob->strings, layout->strings, b->strings.length);
    resolve_shapes(layout, b);
    resolve_others(layout, b);
    blob->checksum = parity_blob_checksum(blob, layout->size);
}

int parity_model_lay_out(struct parity_model_builder *b, parity_blob_link source,
                         parity_blob_link traits, struct parity_buffer *out)
{
    uint64_t size = (sizeof(struct parity_blob) + 7) & ~(uint64_t)7;
    struct layout layout = {0};

    layout.bodies = place(&size, b->bodies.count, sizeof(struct parity_blob_body));
    layout.refs = place(&size, b->refs.count, sizeof(struct parity_shape));
    layout.extras = place(&size, b->extras.count, sizeof(struct parity_blob_extra));
    layout.operations = place(&size, b->operations.count, sizeof(struct parity_blob_operation));
    layout.errors = place(&size, b->errors.count, sizeof(struct parity_blob_error));
    layout.enum_values = place(&size, b->enum_values.count, sizeof(parity_blob_link));
    layout.strings = place(&size, b->strings.length, 1);
    if (size > INT32_MAX) {
        parity_fail(b->err, PARITY_E_LIMIT, b->name, "the model is too large");
        return -1;
    }
    layout.size = (uint32_t)size;
    if (parity_buffer_reserve(out, layout.size) < 0) {
        parity_fail_nomem(b->err);
        return -1;
    }
    layout.start = out->data;
    memset(layout.start, 0, layout.size + (size_t)1);
    out->length = layout.size;
    fill_block(&layout, b, source, traits);
    return 0;
}
