/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_SCRATCH_H
#define PARITY_TESTS_SCRATCH_H

/*
 * What unit tests with files share: a folder of their own, and whole files as text. Include after
 * cmocka.h. A failure here ends the test.
 */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"

/** Make a folder and go there; setup function of a cmocka test. */
static inline int scratch_enter(void **state)
{
    char folder[] = "/tmp/parity-test-XXXXXX";

    if (!mkdtemp(folder) || chdir(folder) < 0)
        return -1;
    *state = strdup(folder);
    return 0;
}

static inline int scratch_remove_one(const char *path, const struct stat *info, int kind,
                                     struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

/** Remove it again; teardown function. */
static inline int scratch_leave(void **state)
{
    int rc = chdir("/") < 0 || nftw(*state, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0;

    free(*state);
    return rc;
}

static inline void scratch_write(const char *path, const char *text)
{
    struct parity_error err = {0};

    if (parity_file_replace(path, text, strlen(text), &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

/** Content of a file; new, released with free(); NULL: there is none. */
static inline char *scratch_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;

    if (!file)
        return NULL;
    if (getdelim(&text, &size, EOF, file) < 0) {
        free(text);
        text = strdup("");
    }
    fclose(file);
    return text;
}

static inline void scratch_assert_file(const char *path, const char *expected)
{
    char *text = scratch_read(path);

    if (!text)
        fail_msg("no file %s", path);
    assert_string_equal(text, expected);
    free(text);
}

/** A document from JSON text; new. */
static inline json_t *scratch_json(const char *text)
{
    struct parity_error err = {0};
    json_t *document;

    if (parity_json_parse(text, strlen(text), "test", &document, &err) < 0)
        fail_msg("%d:%d: %s", err.line, err.column, err.message);
    return document;
}

#endif
