/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_REFERENCE_H
#define PARITY_SCENARIO_REFERENCE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/reference.h"

/* "${name.member.0}" in the texts of a scenario: what stands between the braces. */

/** What a reference begins with. */
enum parity_reference_kind {
    PARITY_REFERENCE_UNIQUE, /* "unique:queue" */
    PARITY_REFERENCE_TARGET, /* "account", "region", "partition" */
    PARITY_REFERENCE_NAME,   /* of `let` or `as`, with or without a path behind it */
    PARITY_REFERENCE_BROKEN  /* empty, or with an empty part */
};

/** A reference taken apart; borrowed from its text. */
struct parity_reference {
    enum parity_reference_kind kind;
    const char *text; /* all of it, `length` bytes */
    size_t length;
    char head[128];   /* the name; for "unique" what stands behind the colon */
    const char *path; /* behind the first dot, up to the end of `text`; NULL: none */
};

void parity_reference_read(const char *text, size_t length, struct parity_reference *out);

/** The next reference in a text; false: there is none left. What is text, or a "${" without its
 * "}", is passed over. */
bool parity_reference_find(struct parity_reference_reader *reader, struct parity_reference *out);

/** The next part of a path, after `*at`; false at its end. Begin with `*at` = reference->path. */
bool parity_reference_part(const struct parity_reference *reference, const char **at, char *part,
                           size_t size);

/** Names that are no one's to give. */
bool parity_reference_is_reserved(const char *name);

#endif
