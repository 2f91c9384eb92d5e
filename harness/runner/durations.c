/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/durations.h"

#include <string.h>

#include "base/memory.h"
#include "recorder/tree.h"

/* The validation file that was read last: tests of a suite stand together. */
struct reader {
    char *path; /* owned; NULL: none was read */
    json_t *content;
};

static void clear(struct reader *reader)
{
    parity_free(reader->path);
    json_decref(reader->content);
    *reader = (struct reader){0};
}

/* Steals `path`. */
static int open_file(struct reader *reader, char *path, struct parity_error *err)
{
    if (reader->path && strcmp(reader->path, path) == 0) {
        parity_free(path);
        return 0;
    }
    clear(reader);
    reader->path = path;
    return parity_tree_read(path, &reader->content, err);
}

static double seconds_of(const json_t *entry)
{
    const json_t *durations = json_object_get(entry, "durations_in_seconds");
    const json_t *total = json_object_get(durations, "total");

    if (json_is_number(total))
        return json_number_value(total);
    if (!json_is_number(json_object_get(durations, "call")))
        return -1;
    return json_number_value(json_object_get(durations, "setup")) +
           json_number_value(json_object_get(durations, "call")) +
           json_number_value(json_object_get(durations, "teardown"));
}

static int look_up(struct reader *reader, const char *tree, const char *key, double *out,
                   struct parity_error *err)
{
    char *path = parity_tree_path(tree, key, PARITY_VALIDATION_SUFFIX, err);

    if (!path || open_file(reader, path, err) < 0)
        return -1;
    *out = seconds_of(json_object_get(reader->content, key));
    return 0;
}

int parity_recorded_durations(const struct parity_case *const *cases, size_t count,
                              const char *const *trees, double *out, struct parity_error *err)
{
    size_t tree_count = 0;
    struct reader *readers;
    int rc = 0;

    while (trees[tree_count])
        tree_count++;
    readers = parity_calloc(tree_count + 1, sizeof *readers);
    if (!readers) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < count && rc == 0; i++) {
        const char *keys[] = {cases[i]->id, cases[i]->recorded_as, NULL};

        out[i] = -1;
        for (size_t tree = 0; tree < tree_count; tree++)
            for (size_t key = 0; rc == 0 && out[i] < 0 && keys[key]; key++)
                rc = look_up(&readers[tree], trees[tree], keys[key], &out[i], err);
    }
    for (size_t i = 0; i < tree_count; i++)
        clear(&readers[i]);
    parity_free(readers);
    return rc;
}
