/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_SOURCE_H
#define PARITY_SCENARIO_SOURCE_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/** A file of scenarios as it was read. Zero-initialise, read, clear. */
struct parity_scenario_source {
    char *path; /* owned, absolute */
    char *name; /* owned: how messages and reports call it */
    dev_t device;
    ino_t inode;      /* with the device: of the file, by whatever path it is reached */
    json_t *document; /* frozen: workers share the memory that it stands in */
    struct parity_json_lines lines; /* of the document's values */
    struct parity_arena memory;     /* of the document, and of what is made of it */
};

void parity_scenario_source_clear(struct parity_scenario_source *source);

/** Whether a file's name says that it may hold scenarios: .json (but nothing that parity writes),
 * .yaml or .yml. */
bool parity_scenario_is_named(const char *name);

/**
 * Read a file; its content is not looked at.
 *
 * @param only_tests  leave `document` NULL when the text does not even hold the word "tests": what
 *                    stands in a folder of scenarios need not be one
 * @param err         PARITY_E_PARSE with line and column, PARITY_E_NOT_FOUND, PARITY_E_IO,
 *                    PARITY_E_LIMIT: larger than 32 MiB
 * @return 0 or -1
 */
int parity_scenario_source_read(const char *path, const char *name, bool only_tests,
                                struct parity_scenario_source *out, struct parity_error *err);

#endif
