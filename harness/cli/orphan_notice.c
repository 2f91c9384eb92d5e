/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/orphan_notice.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "recorder/tree.h"

/* Ids of the tests, and the other keys they name; new, or NULL when out of memory. */
static json_t *known_keys(const struct parity_collection *collection)
{
    json_t *known = json_object();

    for (size_t i = 0; known && i < collection->count; i++) {
        const struct parity_case *test = collection->cases[i];
        const char *other = test->recorded_as;

        if (json_object_set_new_nocheck(known, test->id, json_true()) < 0 ||
            (other && json_object_set_new_nocheck(known, other, json_true()) < 0)) {
            json_decref(known);
            return NULL;
        }
    }
    return known;
}

static void tell(const char *path, json_t *content, const json_t *known)
{
    const char *key, *first = NULL;
    json_t *entry;
    size_t count = 0;

    json_object_foreach(content, key, entry) {
        if (json_object_get(known, key))
            continue;
        if (count++ == 0)
            first = key;
    }
    if (count == 1)
        fprintf(stderr, "parity: %s: no test has the recording '%s' (parity snapshots orphans)\n",
                path, first);
    else if (count > 1)
        fprintf(stderr,
                "parity: %s: no test has the recording '%s' and %zu more (parity snapshots "
                "orphans)\n",
                path, first, count - 1);
}

void parity_orphan_notice(const struct parity_collection *collection, const char *snapshots)
{
    json_t *known = known_keys(collection);

    for (size_t i = 0; known && i < collection->count; i++) {
        char *path;
        json_t *content = NULL;

        if (i > 0 &&
            strcmp(collection->cases[i]->suite_path, collection->cases[i - 1]->suite_path) == 0)
            continue;
        path = parity_tree_path(snapshots, collection->cases[i]->id, PARITY_SNAPSHOT_SUFFIX, NULL);
        if (path && parity_tree_read(path, &content, NULL) == 0 && content)
            tell(path, content, known);
        json_decref(content);
        parity_free(path);
    }
    json_decref(known);
}
