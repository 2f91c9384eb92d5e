/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_SHARED_H
#define PARITY_BASE_JSON_SHARED_H

#include <jansson.h>
#include <stddef.h>

/*
 * Strings of a document that is being read, to be shared by all places where they stand: a large
 * response holds the same states, types and ids again and again, and jansson needs some 80 bytes
 * for a short string.
 */

/** Zero-initialise; until parity_shared_strings_begin() strings are not shared. */
struct parity_shared_strings {
    json_t **slots; /* by hash; the last string that had it */
};

/** Share from here on. Without memory for it strings are not shared. */
void parity_shared_strings_begin(struct parity_shared_strings *shared);
void parity_shared_strings_clear(struct parity_shared_strings *shared);

/** @return a string, new; NULL when out of memory */
json_t *parity_shared_string(struct parity_shared_strings *shared, const char *text, size_t length);

#endif
