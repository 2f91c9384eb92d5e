/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void sorting_sorts_numbers_by_value(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l'}]",
                      "{'l': [3, 1.5, true, -2, 123456789012345678901, 0]}",
                      "{'l': [-2, 0, true, 1.5, 3, 123456789012345678901]}");
}

static void sorting_sorts_strings_by_code_point(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l'}]",
                      "{'l': ['b', 'B', '\\ud83d\\ude00', '\\uff5e', 'a', '']}",
                      "{'l': ['', 'B', 'a', 'b', '\\uff5e', '\\ud83d\\ude00']}");
}

static void sorting_keeps_equal_items_in_place(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l', 'by': 'k'}]",
                      "{'l': [{'k': 2, 'n': 1}, {'k': 1, 'n': 2}, {'k': 2, 'n': 3}, {'k': 1}]}",
                      "{'l': [{'k': 1, 'n': 2}, {'k': 1}, {'k': 2, 'n': 1}, {'k': 2, 'n': 3}]}");
}

static void sorting_sorts_what_is_inside_first(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l'}]",
                      "{'l': [[2, 1], [1, 2]], 'o': {'l': [[3], [1]]}}",
                      "{'l': [[1, 2], [2, 1]], 'o': {'l': [[1], [3]]}}");
}

static void sorting_sorts_dates_by_moment(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l', 'by': 'd'}]",
                      "{'l': [{'d': {'$datetime': '2024-01-02T00:00:00+00:00'}},"
                      "       {'d': {'$datetime': '2024-01-02T00:30:00+01:00'}}]}",
                      "{'l': [{'d': '2024-01-02 00:30:00+01:00'},"
                      " {'d': '2024-01-02 00:00:00+00:00'}]}");
}

static void sorting_refuses_what_has_no_order(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'sorting', 'key': 'l'}]", "{'l': 'x'}", PARITY_E_INVALID,
                   "the value of 'l' cannot be sorted: it is no list");
    assert_refuses("[{'type': 'sorting', 'key': 'l'}]", "{'l': [1, 'a']}", PARITY_E_INVALID,
                   "types that have no order");
    assert_refuses("[{'type': 'sorting', 'key': 'l'}]", "{'l': [{}, {}]}", PARITY_E_INVALID,
                   "types that have no order");
    assert_refuses("[{'type': 'sorting', 'key': 'l'}]", "{'l': [null, null]}", PARITY_E_INVALID,
                   "types that have no order");
    assert_refuses("[{'type': 'sorting', 'key': 'l', 'by': 'k'}]", "{'l': [{}]}", PARITY_E_INVALID,
                   "no member of the name to sort by");
}

static void sorting_of_one_item_asks_nothing_of_it(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'sorting', 'key': 'l'}]", "{'l': [null]}", "{'l': [null]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_sorts_numbers_by_value),
        cmocka_unit_test(sorting_sorts_strings_by_code_point),
        cmocka_unit_test(sorting_keeps_equal_items_in_place),
        cmocka_unit_test(sorting_sorts_what_is_inside_first),
        cmocka_unit_test(sorting_sorts_dates_by_moment),
        cmocka_unit_test(sorting_refuses_what_has_no_order),
        cmocka_unit_test(sorting_of_one_item_asks_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
