/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_CONFORMANCE_H
#define PARITY_TESTS_CONFORMANCE_H

#include <stddef.h>
#include <stdbool.h>

/*
 * What the conformance drivers share: from data files to named cmocka tests. A driver adds one test
 * per case and ends with conformance_run().
 */

/** Add a test; `name` is copied, `state` is handed to `run` and stays the driver's. */
void conformance_add(const char *name, void (*run)(void **state), void *state);

/** Run everything added. @return exit status of main */
int conformance_run(const char *group);

/**
 * The folder or file <argv[1]>/<relative>, or exit status 77 with a line that says what is missing.
 * @return new, released with free()
 */
char *conformance_path(int argc, char **argv, const char *relative);

/** Sorted names in a folder, NULL-terminated; new, each and the array released with free(). */
char **conformance_list(const char *folder);

#endif
