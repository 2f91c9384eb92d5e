/* SPDX-License-Identifier: Apache-2.0 */
#include "../transformers/transform.h"

#include "recorder/list_alignment.h"

static json_t *item(const json_t *list, size_t index)
{
    return json_array_get(list, index); /* NULL for PARITY_NO_ITEM */
}

/* Pairs as text: "0=0" equal, "0~0" different, "-1" recorded only, "+1" observed only; with
   `moves` what moved as "-1>0". */
static char *pairs_of(const char *recorded, const char *observed, bool moves)
{
    json_t *a = json_of(recorded), *b = json_of(observed);
    struct parity_item_pairs pairs = {0};
    struct parity_buffer text = {0};

    assert_int_equal(parity_list_align(a, b, &pairs), 0);
    if (moves)
        assert_int_equal(parity_list_find_moved(a, b, &pairs), 0);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct parity_item_pair *pair = &pairs.items[i];
        json_t *x = item(a, pair->recorded), *y = item(b, pair->observed);

        if (x && y)
            parity_buffer_printf(&text, " %zu%c%zu", pair->recorded,
                                 parity_json_equal(x, y) ? '=' : '~', pair->observed);
        else
            parity_buffer_printf(&text, " %c%zu", x ? '-' : '+',
                                 x ? pair->recorded : pair->observed);
        if (pair->moved != PARITY_NO_ITEM)
            parity_buffer_printf(&text, ">%zu", pair->moved);
    }
    parity_buffer_add(&text, "", 0);
    parity_item_pairs_clear(&pairs);
    json_decref(a);
    json_decref(b);
    return parity_buffer_take(&text);
}

static void assert_pairs(const char *recorded, const char *observed, const char *expected)
{
    char *text = pairs_of(recorded, observed, false);

    assert_string_equal(text, expected);
    parity_free(text);
}

static void assert_moves(const char *recorded, const char *observed, const char *expected)
{
    char *text = pairs_of(recorded, observed, true);

    assert_string_equal(text, expected);
    parity_free(text);
}

static void equal_lists_correspond_by_position(void **state)
{
    (void)state;
    assert_pairs("[1, 1, {'a': 1}]", "[1, 1, {'a': 1}]", " 0=0 1=1 2=2");
    assert_pairs("[]", "[]", "");
}

static void surplus_items_have_no_counterpart(void **state)
{
    (void)state;
    assert_pairs("[1, 2, 3]", "[1, 9, 2, 3]", " 0=0 +1 1=2 2=3");
    assert_pairs("[1, 2, 3]", "[1, 3]", " 0=0 -1 2=1");
    assert_pairs("[]", "[1, 2]", " +0 +1");
    assert_pairs("[1, 2]", "[]", " -0 -1");
}

static void repeated_items_keep_the_most_that_are_in_order(void **state)
{
    (void)state;
    assert_pairs("[0, 1, 0, 1, 0]", "[1, 0, 1]", " -0 1=0 2=1 3=2 -4");
}

static void similar_items_correspond_across_a_surplus_one(void **state)
{
    (void)state;
    assert_pairs("[{'id': 'one', 'size': 5, 'kind': 'x'}]",
                 "[{'other': true}, {'id': 'one', 'size': 6, 'kind': 'x'}]", " +0 0~1");
}

static void what_has_nothing_in_common_corresponds_by_position(void **state)
{
    (void)state;
    assert_pairs("['a', 'b']", "[1, 2, 3]", " 0~0 1~1 +2");
}

static void items_that_changed_their_place_are_found(void **state)
{
    (void)state;
    assert_moves("[1, 2, 3]", "[3, 1, 2]", " +0>2 0=1 1=2 -2>0");
    assert_moves("['a', 'b', 'c', 'd']", "['x', 'b', 'c', 'a']", " -0>3 +0 1=1 2=2 -3 +3>0");
}

static void lists_without_moves_stay_as_they_are(void **state)
{
    (void)state;
    assert_moves("[1, 2]", "[1, 3, 4]", " 0=0 1~1 +2");
    assert_moves("[1, 2]", "[1, 2]", " 0=0 1=1");
}

/* Every item of both sides stands in exactly one pair, and those of a side without moves ascend. */
static void every_item_stands_in_one_pair(void **state)
{
    unsigned random = 1;

    (void)state;
    for (int round = 0; round < 500; round++) {
        json_t *sides[2] = {json_array(), json_array()};
        struct parity_item_pairs pairs = {0};
        size_t seen[2] = {0, 0};

        for (int side = 0; side < 2; side++)
            for (unsigned n = (random = random * 1103515245u + 12345u) >> 16 & 15; n > 0; n--)
                json_array_append_new(
                    sides[side], json_integer((random = random * 1103515245u + 12345u) >> 16 & 7));
        assert_int_equal(parity_list_align(sides[0], sides[1], &pairs), 0);
        for (size_t i = 0; i < pairs.count; i++) {
            if (pairs.items[i].recorded != PARITY_NO_ITEM)
                assert_int_equal(pairs.items[i].recorded, seen[0]++);
            if (pairs.items[i].observed != PARITY_NO_ITEM)
                assert_int_equal(pairs.items[i].observed, seen[1]++);
        }
        assert_int_equal(seen[0], json_array_size(sides[0]));
        assert_int_equal(seen[1], json_array_size(sides[1]));
        parity_item_pairs_clear(&pairs);
        json_decref(sides[0]);
        json_decref(sides[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_lists_correspond_by_position),
        cmocka_unit_test(surplus_items_have_no_counterpart),
        cmocka_unit_test(repeated_items_keep_the_most_that_are_in_order),
        cmocka_unit_test(similar_items_correspond_across_a_surplus_one),
        cmocka_unit_test(what_has_nothing_in_common_corresponds_by_position),
        cmocka_unit_test(items_that_changed_their_place_are_found),
        cmocka_unit_test(lists_without_moves_stay_as_they_are),
        cmocka_unit_test(every_item_stands_in_one_pair),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
