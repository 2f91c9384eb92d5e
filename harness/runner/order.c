/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/order.h"

#include "base/memory.h"

/* SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number below `limit`, each with the same chance. */
static size_t random_below(uint64_t *state, size_t limit)
{
    uint64_t remainder = UINT64_MAX % limit, value;

    do
        value = next_random(state);
    while (value > UINT64_MAX - remainder - 1);
    return (size_t)(value % limit);
}

void parity_order_shuffle(const struct parity_case **cases, size_t count, uint64_t seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = random_below(&seed, i);
        const struct parity_case *kept = cases[i - 1];

        cases[i - 1] = cases[other];
        cases[other] = kept;
    }
}

int parity_order_first(const struct parity_case **cases, size_t count,
                       bool (*comes_first)(const void *data, const struct parity_case *test),
                       const void *data)
{
    const struct parity_case **others = parity_calloc(count + 1, sizeof *others);
    size_t first = 0, other = 0;

    if (!others)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (comes_first(data, cases[i]))
            cases[first++] = cases[i];
        else
            others[other++] = cases[i];
    for (size_t i = 0; i < other; i++)
        cases[first + i] = others[i];
    parity_free(others);
    return 0;
}

bool parity_case_is_serial(const struct parity_case *test)
{
    return test->definition->serial || (test->suite && test->suite->serial);
}
