/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>

#include <cmocka.h>

enum { SKIPPED = 77 };

static struct CMUnitTest *tests;
static size_t test_count, test_capacity;

void conformance_add(const char *name, void (*run)(void **state), void *state)
{
    if (test_count == test_capacity) {
        test_capacity = test_capacity ? 2 * test_capacity : 256;
        tests = realloc(tests, test_capacity * sizeof *tests);
        if (!tests)
            abort();
    }
    tests[test_count++] =
        (struct CMUnitTest){.name = strdup(name), .test_func = run, .initial_state = state};
}

int conformance_run(const char *group)
{
    int failed;

    if (test_count == 0) {
        fprintf(stderr, "%s: no cases found\n", group);
        return EXIT_FAILURE;
    }
    failed = _cmocka_run_group_tests(group, tests, test_count, NULL, NULL);
    for (size_t i = 0; i < test_count; i++)
        free((void *)(uintptr_t)tests[i].name);
    free(tests);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

char *conformance_path(int argc, char **argv, const char *relative)
{
    size_t size;
    char *path;

    if (argc < 2) {
        fprintf(stderr, "usage: %s CONFORMANCE-FOLDER\n", argv[0]);
        exit(EXIT_FAILURE);
    }
    size = strlen(argv[1]) + strlen(relative) + 2;
    path = malloc(size);
    if (!path)
        abort();
    snprintf(path, size, "%s/%s", argv[1], relative);
    if (access(path, R_OK) != 0) {
        printf("skipped: no conformance data at %s\n", path);
        free(path);
        exit(SKIPPED);
    }
    return path;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

char **conformance_list(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    char **names;

    if (count < 0) {
        perror(folder);
        exit(EXIT_FAILURE);
    }
    names = calloc((size_t)count + 1, sizeof *names);
    if (!names)
        abort();
    for (int i = 0; i < count; i++) {
        names[i] = strdup(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return names;
}
