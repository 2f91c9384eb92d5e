/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "difference.h"
#include "list_alignment.h"

/* The comparison of parity's own: every member, strict types, lists aligned. */

static void compare_objects(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                            const struct parity_place *place)
{
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(recorded, key, length, value) {
        struct parity_place member = {place, key, length, 0};
        json_t *other = json_object_getn(observed, key, length);

        if (other)
            parity_compare_strictly(list, value, other, &member);
        else
            parity_difference_note(list, &member, NULL, value, NULL);
    }
    json_object_keylen_foreach(observed, key, length, value) {
        struct parity_place member = {place, key, length, 0};

        if (!json_object_getn(recorded, key, length))
            parity_difference_note(list, &member, NULL, NULL, value);
    }
}

static void compare_lists(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                          const struct parity_place *place)
{
    struct parity_item_pairs pairs = {0};

    if (parity_list_align(recorded, observed, &pairs) < 0)
        list->failed = true;
    for (size_t n = 0; n < pairs.count; n++) {
        const struct parity_item_pair *pair = &pairs.items[n];
        bool both = pair->recorded != PARITY_NO_ITEM && pair->observed != PARITY_NO_ITEM;
        struct parity_place item = {
            place, NULL, 0, pair->recorded != PARITY_NO_ITEM ? pair->recorded : pair->observed};

        if (both)
            parity_compare_strictly(list, json_array_get(recorded, pair->recorded),
                                    json_array_get(observed, pair->observed), &item);
        else
            parity_difference_note(list, &item, NULL, json_array_get(recorded, pair->recorded),
                                   json_array_get(observed, pair->observed));
    }
    parity_item_pairs_clear(&pairs);
}

void parity_compare_strictly(struct parity_difference_list *list, json_t *recorded,
                             json_t *observed, const struct parity_place *place)
{
    enum parity_json_kind kind = parity_json_kind(recorded);

    if (kind != parity_json_kind(observed))
        parity_difference_note(list, place, "type", recorded, observed);
    else if (kind == PARITY_JSON_OBJECT)
        compare_objects(list, recorded, observed, place);
    else if (kind == PARITY_JSON_ARRAY)
        compare_lists(list, recorded, observed, place);
    else if (!parity_json_equal(recorded, observed))
        parity_difference_note(list, place, "changed", recorded, observed);
}
