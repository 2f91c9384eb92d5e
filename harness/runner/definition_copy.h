/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_DEFINITION_COPY_H
#define PARITY_RUNNER_DEFINITION_COPY_H

#include <parity/definition.h>
#include <stddef.h>

/*
 * A definition has room for more than any test says of itself: 6 KiB, where most need some hundred
 * bytes. What is kept of it while tests run is a copy that ends with the last entry in use.
 */

/**
 * Such a copy, whose `size` says how far it reaches: no list in it may be read beyond
 * PARITY_LIST_ROOM().
 *
 * @return new, released with parity_free(); NULL when out of memory
 */
struct parity_test_definition *
parity_definition_copy(const struct parity_test_definition *definition);

/** How many entries of a list there are in a definition, used or not: all, or those of a copy. */
#define PARITY_LIST_ROOM(definition_, list_)                                                       \
    parity_definition_room((definition_), offsetof(struct parity_test_definition, list_),          \
                           sizeof *(definition_)->list_,                                           \
                           sizeof(definition_)->list_ / sizeof *(definition_)->list_)
size_t parity_definition_room(const struct parity_test_definition *definition, size_t offset,
                              size_t entry, size_t most);

#endif
