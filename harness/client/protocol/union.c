/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/union.h"

#include <string.h>

int parity_union_check(const struct parity_shape *shape, const char *tag, json_t *result,
                       const struct parity_member_path *path, struct parity_error *err)
{
    size_t count = parity_shape_member_count(shape);
    json_t *unknown;

    if (!tag) {
        parity_member_path_fail(err, PARITY_E_RESPONSE, path, "response",
                                "the union %s must have exactly one member",
                                parity_shape_name(shape));
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_location_name(member);

        if (strcmp(name ? name : parity_shape_member_name(member), tag) == 0)
            return 1;
    }
    unknown = json_object();
    if (!unknown || json_object_set_new_nocheck(unknown, "name", json_string_nocheck(tag)) < 0) {
        json_decref(unknown);
        unknown = NULL;
    }
    if (!unknown || json_object_set_new_nocheck(result, "SDK_UNKNOWN_MEMBER", unknown) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}
