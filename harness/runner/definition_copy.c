/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/definition_copy.h"

#include <string.h>

#include "base/memory.h"

#define LIST(list_)                                                                                \
    {                                                                                              \
        offsetof(struct parity_test_definition, list_),                                            \
            sizeof *((struct parity_test_definition *)0)->list_                                    \
    }

/* In the order in which they stand; all else stands before them. */
static const struct {
    size_t offset, entry;
} lists[] = {LIST(skip_if),  LIST(expected_failure), LIST(recordings),
             LIST(variants), LIST(transformers),     LIST(skip_verify)};

/* Nothing stands between them or behind. */
#define FOLLOWS(list_, next_)                                                                      \
    _Static_assert(offsetof(struct parity_test_definition, list_) +                                \
                           sizeof((struct parity_test_definition *)0)->list_ ==                    \
                       (next_),                                                                    \
                   #list_)
FOLLOWS(skip_if, offsetof(struct parity_test_definition, expected_failure));
FOLLOWS(expected_failure, offsetof(struct parity_test_definition, recordings));
FOLLOWS(recordings, offsetof(struct parity_test_definition, variants));
FOLLOWS(variants, offsetof(struct parity_test_definition, transformers));
FOLLOWS(transformers, offsetof(struct parity_test_definition, skip_verify));
FOLLOWS(skip_verify, sizeof(struct parity_test_definition));

enum { LISTS = sizeof lists / sizeof *lists };

static bool is_zero(const void *bytes, size_t length)
{
    const unsigned char *first = bytes;

    return length == 0 || (first[0] == 0 && memcmp(first, first + 1, length - 1) == 0);
}

/* Up to the last entry that says something. */
static size_t used_size(const struct parity_test_definition *definition)
{
    const char *bytes = (const char *)definition;

    for (size_t i = LISTS, end = sizeof *definition; i-- > 0; end = lists[i].offset) {
        size_t count = (end - lists[i].offset) / lists[i].entry;

        if (is_zero(bytes + lists[i].offset, end - lists[i].offset))
            continue;
        while (is_zero(bytes + lists[i].offset + (count - 1) * lists[i].entry, lists[i].entry))
            count--;
        return lists[i].offset + count * lists[i].entry;
    }
    return lists[0].offset;
}

struct parity_test_definition *
parity_definition_copy(const struct parity_test_definition *definition)
{
    size_t size = used_size(definition);
    struct parity_test_definition *copy = parity_malloc(size);

    if (!copy)
        return NULL;
    memcpy(copy, definition, size);
    copy->size = (unsigned)size;
    return copy;
}

size_t parity_definition_room(const struct parity_test_definition *definition, size_t offset,
                              size_t entry, size_t most)
{
    size_t size = definition->size, room;

    if (size == 0) /* written by hand, and whole */
        return most;
    room = size > offset ? (size - offset) / entry : 0;
    return room < most ? room : most;
}
