/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "difference.h"
#include "sequence_matcher.h"
#include "transformers/python_number.h"

/*
 * The comparison of the reference: that of the Python library deepdiff 8.6.1 with its defaults
 * (REFERENCE.md, 2.5; docs/transformers.md says in which points it differs from ours).
 */

static bool is_private(const char *key)
{
    return key[0] == '_' && key[1] == '_';
}

/* Objects that share less than a third of their members are not looked into. */
static bool share_too_little(json_t *recorded, json_t *observed)
{
    size_t all = 0, shared = 0;
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(recorded, key, length, value) {
        if (is_private(key))
            continue;
        all++;
        shared += json_object_getn(observed, key, length) != NULL;
    }
    json_object_keylen_foreach(observed, key, length, value) {
        if (!is_private(key))
            all += json_object_getn(recorded, key, length) == NULL;
    }
    return all > 1 && (double)shared / (double)all < 0.33;
}

static void compare_objects(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                            const struct parity_place *place)
{
    const char *key;
    size_t length;
    json_t *value;

    if (share_too_little(recorded, observed)) {
        parity_difference_note(list, place, "changed", recorded, observed);
        return;
    }
    json_object_keylen_foreach(recorded, key, length, value) {
        struct parity_place member = {.parent = place, .key = key, .key_length = length};
        json_t *other = json_object_getn(observed, key, length);

        if (is_private(key))
            continue;
        if (other)
            parity_compare_as_reference(list, value, other, &member);
        else
            parity_difference_note(list, &member, NULL, value, NULL);
    }
    json_object_keylen_foreach(observed, key, length, value) {
        struct parity_place member = {.parent = place, .key = key, .key_length = length};

        if (!is_private(key) && !json_object_getn(recorded, key, length))
            parity_difference_note(list, &member, NULL, NULL, value);
    }
}

static void compare_item(struct parity_difference_list *list, json_t *recorded, size_t i,
                         json_t *observed, size_t j, const struct parity_place *place)
{
    struct parity_place item = {.parent = place, .index = recorded ? i : j};

    if (recorded && observed)
        parity_compare_as_reference(list, recorded, observed, &item);
    else
        parity_difference_note(list, &item, NULL, recorded, observed);
}

/* Compare recorded[i…i_end) with observed[j…j_end) one by one; what is left over on a side is
   added or removed. */
static void compare_pairs(struct parity_difference_list *list, json_t *recorded, size_t i,
                          size_t i_end, json_t *observed, size_t j, size_t j_end,
                          const struct parity_place *place)
{
    for (; i < i_end || j < j_end; i++, j++)
        compare_item(list, i < i_end ? json_array_get(recorded, i) : NULL, i,
                     j < j_end ? json_array_get(observed, j) : NULL, j, place);
}

static bool all_scalar(const json_t *array)
{
    const json_t *item;
    size_t i;

    json_array_foreach(array, i, item) {
        if (parity_json_is_container(item))
            return false;
    }
    return true;
}

/* A text that two scalars share if Python takes them for equal as list items: there 1, 1.0 and
   true are one. NaN is equal to nothing. */
static void write_identity(struct parity_buffer *out, const json_t *item, size_t serial)
{
    double real = json_real_value(item);

    if (json_is_boolean(item)) {
        parity_buffer_add_text(out, json_is_true(item) ? "1" : "0");
    } else if (json_is_real(item) && real >= -9e18 && real <= 9e18 &&
               (double)(long long)real == real) {
        parity_buffer_printf(out, "%lld", (long long)real);
    } else if (json_is_real(item) && (real > 9e18 || real < -9e18)) {
        parity_buffer_printf(out, "%.0f", real);
    } else if (parity_python_is_number(item) && parity_python_number_compare(item, item) != 0) {
        parity_buffer_printf(out, "nan %zu", serial);
    } else {
        parity_json_write(out, item, PARITY_JSON_LINE);
    }
}

/* Number the items of a list; equal ones get one number. `numbers` remembers across lists. */
static int number_items(const json_t *array, json_t *numbers, size_t *out, size_t serial)
{
    struct parity_buffer text = {0};
    const json_t *item;
    size_t i;
    int rc = 0;

    json_array_foreach(array, i, item) {
        json_t *number;

        parity_buffer_reset(&text);
        write_identity(&text, item, serial + i);
        if (text.failed)
            rc = -1;
        if (rc < 0)
            break;
        number = json_object_getn(numbers, text.data, text.length);
        out[i] = number ? (size_t)json_integer_value(number) : json_object_size(numbers);
        if (!number)
            rc = json_object_setn_new_nocheck(numbers, text.data, text.length,
                                              json_integer((json_int_t)out[i]));
    }
    parity_buffer_clear(&text);
    return rc;
}

static int match_items(const json_t *recorded, const json_t *observed, struct parity_blocks *blocks)
{
    size_t a_count = json_array_size(recorded), b_count = json_array_size(observed);
    size_t *a = parity_calloc(a_count + b_count + 1, sizeof *a);
    json_t *numbers = json_object();
    int rc = -1;

    if (a && numbers && number_items(recorded, numbers, a, 0) == 0 &&
        number_items(observed, numbers, a + a_count, a_count) == 0)
        rc = parity_sequence_match(a, a_count, a + a_count, b_count, blocks);
    json_decref(numbers);
    parity_free(a);
    return rc;
}

/* What stands between the runs of equal items. */
static void compare_between(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                            const struct parity_blocks *blocks, const struct parity_place *place)
{
    size_t i = 0, j = 0;

    for (size_t n = 0; n < blocks->count; n++) {
        const struct parity_block *block = &blocks->items[n];

        compare_pairs(list, recorded, i, block->a, observed, j, block->b, place);
        i = block->a + block->size;
        j = block->b + block->size;
    }
}

static size_t position_of(const json_t *difference)
{
    const json_t *path = json_object_get(difference, "path");

    return (size_t)json_integer_value(json_array_get(path, json_array_size(path) - 1));
}

static bool is_kind(const json_t *difference, const char *kind)
{
    return strcmp(json_string_value(json_object_get(difference, "kind")), kind) == 0;
}

/* The reference calls it one change when an item went and another came at the same position. */
static void join_counterparts(struct parity_difference_list *list)
{
    for (size_t i = 0; i < json_array_size(list->array); i++) {
        json_t *removed = json_array_get(list->array, i);

        for (size_t j = 0; is_kind(removed, "removed") && j < json_array_size(list->array); j++) {
            json_t *added = json_array_get(list->array, j);

            if (!is_kind(added, "added") || position_of(added) != position_of(removed))
                continue;
            if (json_object_set_nocheck(removed, "observed", json_object_get(added, "observed")) <
                    0 ||
                json_object_set_new_nocheck(removed, "kind", json_string("changed")) < 0)
                list->failed = true;
            json_array_remove(list->array, j);
            i -= j < i;
        }
    }
}

/* A list of the same match key for one of two ways to compare. */
static struct parity_difference_list attempt(const struct parity_difference_list *list)
{
    struct parity_difference_list out = {.array = json_array(),
                                         .key = list->key,
                                         .key_length = list->key_length,
                                         .failed = list->failed};

    if (!out.array)
        out.failed = true;
    return out;
}

/* Aligned, unless that names several differences and item by item names no more. */
static void compare_scalar_lists(struct parity_difference_list *list, json_t *recorded,
                                 json_t *observed, const struct parity_place *place)
{
    size_t a_count = json_array_size(recorded), b_count = json_array_size(observed);
    struct parity_blocks blocks = {0};
    struct parity_difference_list aligned = attempt(list), pairs = attempt(list);
    const struct parity_difference_list *chosen = &aligned;

    if (match_items(recorded, observed, &blocks) < 0)
        list->failed = true;
    compare_between(&aligned, recorded, observed, &blocks, place);
    if (json_array_size(aligned.array) > 1) {
        compare_pairs(&pairs, recorded, 0, a_count, observed, 0, b_count, place);
        if (json_array_size(aligned.array) >= json_array_size(pairs.array))
            chosen = &pairs;
    }
    join_counterparts(&aligned);
    if (aligned.failed || pairs.failed || json_array_extend(list->array, chosen->array) < 0)
        list->failed = true;
    parity_blocks_clear(&blocks);
    json_decref(aligned.array);
    json_decref(pairs.array);
}

static void compare_lists(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                          const struct parity_place *place)
{
    if (all_scalar(recorded) && all_scalar(observed))
        compare_scalar_lists(list, recorded, observed, place);
    else
        compare_pairs(list, recorded, 0, json_array_size(recorded), observed, 0,
                      json_array_size(observed), place);
}

void parity_compare_as_reference(struct parity_difference_list *list, json_t *recorded,
                                 json_t *observed, const struct parity_place *place)
{
    enum parity_json_kind kind = parity_json_kind(recorded);
    bool equal;

    if (kind != parity_json_kind(observed)) {
        parity_difference_note(list, place, "type", recorded, observed);
        return;
    }
    if (kind == PARITY_JSON_OBJECT) {
        compare_objects(list, recorded, observed, place);
        return;
    }
    if (kind == PARITY_JSON_ARRAY) {
        compare_lists(list, recorded, observed, place);
        return;
    }
    equal = parity_python_is_number(recorded)
                ? parity_python_number_compare(recorded, observed) == 0
                : parity_json_equal(recorded, observed);
    if (!equal)
        parity_difference_note(list, place, "changed", recorded, observed);
}
