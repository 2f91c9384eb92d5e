/* SPDX-License-Identifier: Apache-2.0 */
#include "transformer.h"

#include <string.h>

#include "base/memory.h"
#include "context.h"

void parity_transformer_free(struct parity_transformer *transformer)
{
    if (transformer)
        transformer->class->free(transformer);
}

void parity_transformers_clear(struct parity_transformers *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list->items[i].borrowed)
            parity_transformer_free(list->items[i].transformer);
    parity_free(list->items);
    memset(list, 0, sizeof *list);
}

int parity_transformers_borrow(struct parity_transformers *list,
                               const struct parity_transformers *others)
{
    if (parity_grow(&list->items, &list->capacity, list->count + others->count,
                    sizeof *list->items) < 0)
        return -1;
    for (size_t i = 0; i < others->count; i++) {
        list->items[list->count] = others->items[i];
        list->items[list->count++].borrowed = true;
    }
    return 0;
}

int parity_transformers_add(struct parity_transformers *list,
                            struct parity_transformer *transformer, int priority)
{
    if (parity_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items) < 0) {
        parity_transformer_free(transformer);
        return -1;
    }
    list->items[list->count++] =
        (struct parity_transformer_entry){.transformer = transformer, .priority = priority};
    return 0;
}
