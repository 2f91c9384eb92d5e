/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_ORDER_H
#define PARITY_RUNNER_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/registry.h"

/** Shuffle: the same seed brings the same tests into the same order on every machine. */
void parity_order_shuffle(const struct parity_case **cases, size_t count, uint64_t seed);

/**
 * Bring the tests of which `comes_first` is true before the others; both keep their order.
 * @return 0, or -1 when out of memory (then nothing has changed)
 */
int parity_order_first(const struct parity_case **cases, size_t count,
                       bool (*comes_first)(const void *data, const struct parity_case *test),
                       const void *data);

/** Whether a test, or its suite, says that no other test may run while it does. */
bool parity_case_is_serial(const struct parity_case *test);

#endif
