/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_MEMBERS_H
#define PARITY_MEMBERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "context.h"

/* What transformers that look at one member (key and value) at a time have in common. */

/** One member of an object; all borrowed. */
struct parity_member {
    const char *key;
    size_t key_length;
    json_t *value;
};

struct parity_member_rule {
    /**
     * Is this member meant?
     *
     * @param out  new: the part of key or value that the replacement stands for; NULL: not meant
     * @return 0 or -1
     */
    int (*match)(const struct parity_transformer *self, const struct parity_member *member,
                 json_t **out, struct parity_error *err);
    const char *replacement; /* the label, if `reference` */
    size_t replacement_length;
    bool reference; /* note what was matched; else change the value at once */
};

/**
 * Visit the members of `object`, of objects in it and of objects in lists in it, in their order;
 * not what is below a member that matched, and not lists in lists (REFERENCE.md, 3).
 *
 * @return 0 or -1
 */
int parity_members_apply(const struct parity_transformer *self,
                         const struct parity_member_rule *rule, json_t *object,
                         struct parity_transform_context *context, struct parity_error *err);

#endif
