/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_FUZZ_H
#define PARITY_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** What a fuzzer, or the replay of its corpus, calls with one input. @return 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
