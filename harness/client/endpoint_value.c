/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_value.h"

#include <stdalign.h>
#include <string.h>

#include "base/memory.h"

enum { BLOCK_BYTES = 4096 };

struct parity_arena_block {
    struct parity_arena_block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

void *parity_arena_get(struct parity_arena *arena, size_t size)
{
    struct parity_arena_block *block = arena->blocks;
    void *memory;

    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!block || block->size - block->used < size) {
        size_t capacity = size > BLOCK_BYTES ? size : BLOCK_BYTES;

        block = parity_malloc(sizeof *block + capacity);
        if (!block)
            return NULL;
        block->next = arena->blocks;
        block->used = 0;
        block->size = capacity;
        arena->blocks = block;
    }
    memory = block->data + block->used;
    block->used += size;
    return memory;
}

void parity_arena_clear(struct parity_arena *arena)
{
    while (arena->blocks) {
        struct parity_arena_block *next = arena->blocks->next;

        parity_free(arena->blocks);
        arena->blocks = next;
    }
}

struct parity_value parity_value_boolean(bool value)
{
    return (struct parity_value){.kind = PARITY_VALUE_BOOLEAN, .as.boolean = value};
}

struct parity_value parity_value_string(const char *text, size_t length)
{
    return (struct parity_value){.kind = PARITY_VALUE_STRING, .as.string = {text, length}};
}

struct parity_value parity_value_field(const struct parity_value *record, const char *name,
                                       size_t length)
{
    if (record->kind == PARITY_VALUE_RECORD)
        for (size_t i = 0; i < record->as.record.count; i++) {
            const struct parity_field *field = &record->as.record.fields[i];

            if (strncmp(field->name, name, length) == 0 && field->name[length] == '\0')
                return field->value;
        }
    return (struct parity_value){.kind = PARITY_VALUE_NONE};
}

bool parity_value_meets(const struct parity_value *value)
{
    return value->kind != PARITY_VALUE_NONE &&
           !(value->kind == PARITY_VALUE_BOOLEAN && !value->as.boolean);
}

bool parity_value_is_true(const struct parity_value *value)
{
    switch (value->kind) {
    case PARITY_VALUE_NONE:
        return false;
    case PARITY_VALUE_BOOLEAN:
        return value->as.boolean;
    case PARITY_VALUE_INTEGER:
        return value->as.integer != 0;
    case PARITY_VALUE_STRING:
        return value->as.string.length > 0;
    case PARITY_VALUE_LIST:
        return value->as.list.count > 0;
    case PARITY_VALUE_RECORD:
        return true;
    }
    return false;
}

const char *parity_value_kind_name(const struct parity_value *value)
{
    static const char *const names[] = {
        [PARITY_VALUE_NONE] = "nothing",     [PARITY_VALUE_BOOLEAN] = "a boolean",
        [PARITY_VALUE_INTEGER] = "a number", [PARITY_VALUE_STRING] = "a string",
        [PARITY_VALUE_LIST] = "a list",      [PARITY_VALUE_RECORD] = "an object",
    };

    return names[value->kind];
}
