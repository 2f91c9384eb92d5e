/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_MEMBERS_H
#define PARITY_BASE_JSON_MEMBERS_H

#include <stddef.h>

/*
 * Where the members of a document stand in its text: for files with many of which few are needed,
 * and which shall be well formed all the same.
 */

/** Borrowed from the text. */
struct parity_json_member {
    const char *name;
    size_t name_length;
    const char *value; /* the text of an object */
    size_t length;
};

/** Zero-initialise, parity_free(members.items). */
struct parity_json_members {
    struct parity_json_member *items; /* sorted, for parity_json_members_get() */
    size_t count, capacity;
};

/**
 * Find the members of a document that is an object of objects, without making values of them. All
 * of it is looked at: parity_json_parse_unique() reads whatever is found here.
 *
 * It is faster than that because it takes the usual for granted: names without escapes, ASCII,
 * objects with no more than some dozens of members.
 *
 * @return 1; 0: something in it is not usual, or broken, which parity_json_parse_unique() can tell;
 * -1: no memory
 */
int parity_json_members_find(const char *text, size_t length, struct parity_json_members *out);

/** The member of that name; borrowed, NULL: there is none. */
const struct parity_json_member *parity_json_members_get(const struct parity_json_members *members,
                                                         const char *name);

#endif
