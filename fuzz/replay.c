/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over every file of a folder, where there is no fuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "fuzz.h"

static int replay(const char *folder, const char *name)
{
    struct parity_buffer input = {0};
    struct parity_error err = {0};
    char *path = parity_path_join(folder, name);
    int rc = path ? parity_file_read(path, 0, &input, &err) : -1;

    if (rc == 0)
        LLVMFuzzerTestOneInput((const uint8_t *)input.data, input.length);
    else
        fprintf(stderr, "%s: %s\n", name, err.message);
    parity_buffer_clear(&input);
    parity_free(path);
    return rc;
}

int main(int argc, char **argv)
{
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    int count = 0, failed = 0;

    if (!folder) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return EXIT_FAILURE;
    }
    parity_memory_init();
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.') {
            failed += replay(argv[1], entry->d_name) < 0;
            count++;
        }
    closedir(folder);
    printf("%d inputs\n", count);
    return count > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
