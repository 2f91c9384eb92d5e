/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_shared.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* Longer ones seldom stand there twice, and cost little beside what they hold. */
enum { SLOTS = 1 << 14, LONGEST = 256 };

void parity_shared_strings_begin(struct parity_shared_strings *shared)
{
    shared->slots = parity_calloc(SLOTS, sizeof *shared->slots);
}

void parity_shared_strings_clear(struct parity_shared_strings *shared)
{
    for (size_t i = 0; shared->slots && i < SLOTS; i++)
        json_decref(shared->slots[i]);
    parity_free(shared->slots);
    shared->slots = NULL;
}

/* FNV-1a. */
static size_t slot_of(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return (hash ^ hash >> 32) % SLOTS;
}

json_t *parity_shared_string(struct parity_shared_strings *shared, const char *text, size_t length)
{
    json_t **slot;

    if (!shared->slots || length > LONGEST)
        return json_stringn_nocheck(text, length);
    slot = &shared->slots[slot_of(text, length)];
    if (*slot && json_string_length(*slot) == length &&
        memcmp(json_string_value(*slot), text, length) == 0)
        return json_incref(*slot);
    json_decref(*slot);
    *slot = json_stringn_nocheck(text, length);
    return json_incref(*slot);
}
