/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "difference.h"
#include "list_alignment.h"
#include "transformers/embedded_json.h"

/* The comparison of parity's own: every member, strict types, lists aligned. */

enum { MAX_TEXTS = 4 }; /* JSON texts in each other; what is deeper is compared as text */

static void compare_objects(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                            const struct parity_place *place)
{
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(recorded, key, length, value) {
        struct parity_place member = {.parent = place, .key = key, .key_length = length};
        json_t *other = json_object_getn(observed, key, length);

        if (other)
            parity_compare_strictly(list, value, other, &member);
        else
            parity_difference_note(list, &member, NULL, value, NULL);
    }
    json_object_keylen_foreach(observed, key, length, value) {
        struct parity_place member = {.parent = place, .key = key, .key_length = length};

        if (!json_object_getn(recorded, key, length))
            parity_difference_note(list, &member, NULL, NULL, value);
    }
}

static void compare_pair(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                         const struct parity_item_pair *pair, const struct parity_place *place)
{
    json_t *left = json_array_get(recorded, pair->recorded); /* NULL behind the end */
    json_t *right = json_array_get(observed, pair->observed);
    const struct parity_place item = {.parent = place,
                                      .index = left ? pair->recorded : pair->observed};

    if (left && right) {
        parity_compare_strictly(list, left, right, &item);
        return;
    }
    parity_difference_note(list, &item, NULL, left, right);
    if (pair->moved != PARITY_NO_ITEM)
        parity_difference_moved(list, pair->moved);
}

static void compare_lists(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                          const struct parity_place *place)
{
    struct parity_item_pairs pairs = {0};

    if (parity_json_equal(recorded, observed))
        return;
    if (parity_list_align(recorded, observed, &pairs) < 0 ||
        parity_list_find_moved(recorded, observed, &pairs) < 0)
        list->failed = true;
    else
        parity_list_pair_leftovers(recorded, observed, &pairs);
    for (size_t n = 0; n < pairs.count && !list->failed; n++)
        compare_pair(list, recorded, observed, &pairs.items[n], place);
    parity_item_pairs_clear(&pairs);
}

/* The object or list that a string holds as JSON text; new, or NULL. */
static json_t *read_text(struct parity_difference_list *list, const json_t *text)
{
    json_t *out = NULL;

    if (list->texts < MAX_TEXTS && parity_embedded_json_looks_so(text, true, true) &&
        parity_embedded_json_read(text, &out, NULL) < 0)
        list->failed = true;
    return out;
}

/* Where both sides are JSON text, what it says counts, and not how it is written. */
static void compare_texts(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                          const struct parity_place *place)
{
    const struct parity_place inside = {.parent = place, .enters_text = true};
    json_t *left, *right;

    if (parity_json_equal(recorded, observed))
        return;
    left = read_text(list, recorded);
    right = left ? read_text(list, observed) : NULL;
    if (left && right && parity_json_kind(left) == parity_json_kind(right) &&
        parity_json_is_container(left)) {
        list->texts++;
        parity_compare_strictly(list, left, right, &inside);
        list->texts--;
    } else {
        parity_difference_note(list, place, "changed", recorded, observed);
    }
    json_decref(left);
    json_decref(right);
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
    else if (kind == PARITY_JSON_STRING)
        compare_texts(list, recorded, observed, place);
    else if (!parity_json_equal(recorded, observed))
        parity_difference_note(list, place, "changed", recorded, observed);
}
