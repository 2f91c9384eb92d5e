/* SPDX-License-Identifier: Apache-2.0 */
/* Every stored snapshot and validation file comes out byte for byte as it was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "conformance.h"

static void file_is_written_as_it_was_read(void **state)
{
    struct parity_buffer before = {0}, after = {0};
    struct parity_error err = {0};
    json_t *value = NULL;

    if (parity_file_read(*state, 0, &before, &err) < 0 ||
        parity_json_parse(before.data, before.length, *state, &value, &err) < 0)
        fail_msg("%s:%d:%d: %s", err.context, err.line, err.column, err.message);
    parity_json_write(&after, value, PARITY_JSON_PRETTY);
    parity_buffer_add_char(&after, '\n');
    assert_int_equal(after.length, before.length);
    assert_memory_equal(after.data, before.data, before.length);
    json_decref(value);
    parity_buffer_clear(&before);
    parity_buffer_clear(&after);
}

static char **paths;
static size_t path_count;

/* Add one test for each file below a folder. */
static void add_folder(const char *folder)
{
    char **names = conformance_list(folder);

    for (char **name = names; *name; name++) {
        char *path = parity_path_join(folder, *name);
        struct stat status;

        if (path && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            add_folder(path);
            parity_free(path);
        } else if (path) {
            paths = realloc(paths, (path_count + 1) * sizeof *paths);
            if (!paths)
                abort();
            paths[path_count++] = path;
            conformance_add(path, file_is_written_as_it_was_read, path);
        }
        free(*name);
    }
    free(names);
}

int main(int argc, char **argv)
{
    char *folder = conformance_path(argc, argv, "snapshots");
    int rc;

    parity_memory_init();
    add_folder(folder);
    rc = conformance_run("snapshots");
    for (size_t i = 0; i < path_count; i++)
        parity_free(paths[i]);
    free(paths);
    free(folder);
    return rc;
}
