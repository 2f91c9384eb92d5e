/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a model that is compiled, and its strings, each of which is there once. */
#include "client/model_builder.h"

#include <string.h>

#include "base/memory.h"

void parity_model_builder_clear(struct parity_model_builder *b)
{
    json_decref(b->positions);
    parity_free(b->bodies.items);
    parity_free(b->refs.items);
    parity_free(b->extras.items);
    parity_free(b->operations.items);
    parity_free(b->errors.items);
    parity_free(b->enum_values.items);
    parity_free(b->interned);
    parity_buffer_clear(&b->strings);
}

uint32_t parity_model_add(struct parity_model_builder *b, struct parity_model_table *table,
                          size_t count, size_t size)
{
    size_t first = table->count;

    if (parity_grow(&table->items, &table->capacity, first + count, size) < 0) {
        parity_fail_nomem(b->err);
        return 0;
    }
    memset((char *)table->items + first * size, 0, count * size);
    table->count += count;
    return (uint32_t)first + 1;
}

struct parity_shape *parity_model_ref_at(struct parity_model_builder *b, uint32_t position)
{
    return (struct parity_shape *)b->refs.items + (position - 1);
}

static uint32_t hash_text(const char *text)
{
    uint32_t hash = 2166136261u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

static int grow_interned(struct parity_model_builder *b)
{
    size_t capacity = b->interned_capacity ? 2 * b->interned_capacity : 1024;
    uint32_t *slots = parity_calloc(capacity, sizeof *slots);

    if (!slots)
        return -1;
    for (size_t i = 0; i < b->interned_capacity; i++) {
        uint32_t entry = b->interned[i];
        size_t slot;

        if (entry == 0)
            continue;
        slot = hash_text(b->strings.data + entry - 1) & (capacity - 1);
        while (slots[slot])
            slot = (slot + 1) & (capacity - 1);
        slots[slot] = entry;
    }
    parity_free(b->interned);
    b->interned = slots;
    b->interned_capacity = capacity;
    return 0;
}

int parity_model_add_text(struct parity_model_builder *b, const char *text, parity_blob_link *link)
{
    size_t slot;

    if (2 * b->interned_count >= b->interned_capacity && grow_interned(b) < 0) {
        parity_fail_nomem(b->err);
        return -1;
    }
    slot = hash_text(text) & (b->interned_capacity - 1);
    for (; b->interned[slot]; slot = (slot + 1) & (b->interned_capacity - 1)) {
        if (strcmp(b->strings.data + b->interned[slot] - 1, text) == 0) {
            *link = (parity_blob_link)b->interned[slot];
            return 0;
        }
    }
    b->interned[slot] = (uint32_t)b->strings.length + 1;
    b->interned_count++;
    *link = (parity_blob_link)b->interned[slot];
    parity_buffer_add(&b->strings, text, strlen(text) + 1);
    if (b->strings.failed) {
        parity_fail_nomem(b->err);
        return -1;
    }
    return 0;
}

int parity_model_add_json_text(struct parity_model_builder *b, const json_t *value,
                               parity_blob_link *link)
{
    return json_is_string(value) ? parity_model_add_text(b, json_string_value(value), link) : 0;
}
