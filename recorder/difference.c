/* SPDX-License-Identifier: Apache-2.0 */
#include "difference.h"

/* `text_at`: array, made when it is needed: after how many steps the path goes into a text. */
static int append_steps(json_t *path, json_t **text_at, const struct parity_place *place)
{
    if (!place)
        return 0;
    if (append_steps(path, text_at, place->parent) < 0)
        return -1;
    if (place->enters_text) {
        if (!*text_at)
            *text_at = json_array();
        return json_array_append_new(*text_at, json_integer((json_int_t)json_array_size(path)));
    }
    return json_array_append_new(path, place->key
                                           ? json_stringn_nocheck(place->key, place->key_length)
                                           : json_integer((json_int_t)place->index));
}

void parity_difference_note(struct parity_difference_list *list, const struct parity_place *place,
                            const char *kind, json_t *recorded, json_t *observed)
{
    json_t *difference = json_object();
    json_t *path = json_array(), *text_at = NULL;

    if (!recorded)
        kind = "added";
    else if (!observed)
        kind = "removed";
    if (list->failed || !difference || append_steps(path, &text_at, place) < 0 ||
        json_object_set_new_nocheck(difference, "key",
                                    json_stringn_nocheck(list->key, list->key_length)) < 0 ||
        json_object_set_nocheck(difference, "path", path) < 0 ||
        (text_at && json_object_set_nocheck(difference, "text_at", text_at) < 0) ||
        json_object_set_new_nocheck(difference, "kind", json_string(kind)) < 0 ||
        (recorded && json_object_set_nocheck(difference, "recorded", recorded) < 0) ||
        (observed && json_object_set_nocheck(difference, "observed", observed) < 0) ||
        json_array_append(list->array, difference) < 0)
        list->failed = true;
    json_decref(path);
    json_decref(text_at);
    json_decref(difference);
}

void parity_difference_moved(struct parity_difference_list *list, size_t position)
{
    json_t *last = json_array_get(list->array, json_array_size(list->array) - 1);
    const char *name = json_object_get(last, "recorded") ? "moved_to" : "moved_from";

    if (!list->failed &&
        json_object_set_new_nocheck(last, name, json_integer((json_int_t)position)) < 0)
        list->failed = true;
}
