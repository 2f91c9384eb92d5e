/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/slowest.h"

#include "base/memory.h"

int parity_slowest_add(struct parity_slowest *slowest, const struct parity_result *result)
{
    size_t place = slowest->count;

    while (place > 0 && slowest->items[place - 1].duration_s < result->duration_s)
        place--;
    if (place >= slowest->most)
        return 0;
    if (slowest->count < slowest->most) {
        if (parity_grow(&slowest->items, &slowest->capacity, slowest->count + 1,
                        sizeof *slowest->items) < 0)
            return -1;
        slowest->count++;
    }
    for (size_t i = slowest->count - 1; i > place; i--)
        slowest->items[i] = slowest->items[i - 1];
    slowest->items[place] = (struct parity_slow_test){result->test_case, result->duration_s};
    return 0;
}

void parity_slowest_text(struct parity_buffer *out, const struct parity_slowest *slowest)
{
    if (slowest->count == 0)
        return;
    if (slowest->count == 1)
        parity_buffer_add_text(out, "\nslowest test\n");
    else
        parity_buffer_printf(out, "\nslowest %zu tests\n", slowest->count);
    for (size_t i = 0; i < slowest->count; i++)
        parity_buffer_printf(out, "  %8.2f s  %s\n", slowest->items[i].duration_s,
                             slowest->items[i].test->id);
}

void parity_slowest_clear(struct parity_slowest *slowest)
{
    parity_free(slowest->items);
    *slowest = (struct parity_slowest){0};
}
