/* SPDX-License-Identifier: Apache-2.0 */
#include "difference.h"

static int append_steps(json_t *path, const struct parity_place *place)
{
    if (!place)
        return 0;
    if (append_steps(path, place->parent) < 0)
        return -1;
    return json_array_append_new(path, place->key
                                           ? json_stringn_nocheck(place->key, place->key_length)
                                           : json_integer((json_int_t)place->index));
}

void parity_difference_note(struct parity_difference_list *list, const struct parity_place *place,
                            const char *kind, json_t *recorded, json_t *observed)
{
    json_t *difference = json_object();
    json_t *path = json_array();

    if (!recorded)
        kind = "added";
    else if (!observed)
        kind = "removed";
    if (list->failed || !difference || append_steps(path, place) < 0 ||
        json_object_set_new_nocheck(difference, "key",
                                    json_stringn_nocheck(list->key, list->key_length)) < 0 ||
        json_object_set_nocheck(difference, "path", path) < 0 ||
        json_object_set_new_nocheck(difference, "kind", json_string(kind)) < 0 ||
        (recorded && json_object_set_nocheck(difference, "recorded", recorded) < 0) ||
        (observed && json_object_set_nocheck(difference, "observed", observed) < 0) ||
        json_array_append(list->array, difference) < 0)
        list->failed = true;
    json_decref(path);
    json_decref(difference);
}
