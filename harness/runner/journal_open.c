/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal_open.h"

#include <stddef.h>

static bool has_place(json_int_t id)
{
    return id > 0 && id < PARITY_OPEN_IDS;
}

static unsigned char bit_of(json_int_t id)
{
    return (unsigned char)(1u << id % 8);
}

void parity_open_ids_add(struct parity_open_ids *open, json_int_t id)
{
    if (has_place(id))
        atomic_fetch_or(&open->bits[id / 8], bit_of(id));
    else
        atomic_store(&open->lost, true);
}

void parity_open_ids_strike_one(struct parity_open_ids *open, json_int_t id)
{
    if (has_place(id))
        atomic_fetch_and(&open->bits[id / 8], (unsigned char)~bit_of(id));
}

void parity_open_ids_strike(struct parity_open_ids *open, const json_t *ids)
{
    for (size_t i = 0; i < json_array_size(ids); i++)
        parity_open_ids_strike_one(open, json_integer_value(json_array_get(ids, i)));
}

bool parity_open_ids_are_none(struct parity_open_ids *open, json_int_t last_id)
{
    if (atomic_load(&open->lost) || last_id >= PARITY_OPEN_IDS)
        return false;
    for (json_int_t i = 0; i <= last_id / 8; i++)
        if (atomic_load(&open->bits[i]) != 0)
            return false;
    return true;
}
