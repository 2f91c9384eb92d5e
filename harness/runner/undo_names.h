/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_UNDO_NAMES_H
#define PARITY_RUNNER_UNDO_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What the names of operations say: AWS names them by a verb and a noun, and a verb that creates
 * has one that undoes it. No service and no operation is named here.
 */

enum { PARITY_UNDO_NAME = 128, PARITY_UNDO_NAMES = 24 };

/** An operation's name in its parts: "AdminCreateUser" is "Admin", "Create", "User". */
struct parity_undo_name {
    char before[PARITY_UNDO_NAME]; /* mostly "" */
    size_t verb;                   /* position in the table of verbs */
    char noun[PARITY_UNDO_NAME];   /* "" for an operation that is a verb alone */
};

/** Take a name apart. @return whether it creates something by what it says */
bool parity_undo_name_read(const char *operation, struct parity_undo_name *out);

/** Whether what it makes is another thing each time, unless the service says that it is not: it
 * does not connect or change what is there. */
bool parity_undo_name_makes_anew(const struct parity_undo_name *name);

/** Names of operations, the likeliest first. */
struct parity_undo_candidates {
    char names[PARITY_UNDO_NAMES][PARITY_UNDO_NAME];
    size_t count;
};

/** What would undo it, if the service has an operation of that name. */
void parity_undo_name_opposites(const struct parity_undo_name *name,
                                struct parity_undo_candidates *out);

/** What would find it: "GetQueueUrl", "DescribeQueue", "ListQueues". @param rest  "Url", or "" */
void parity_undo_name_lookups(const struct parity_undo_name *name, const char *rest,
                              struct parity_undo_candidates *out);

/** Whether what an operation is called on is gone afterwards, with all that belongs to it. */
bool parity_undo_name_deletes(const char *operation);

/** Whether an operation deletes or otherwise undoes by what its name says. */
bool parity_undo_name_undoes(const char *operation);

#endif
