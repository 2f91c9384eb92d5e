/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void text_is_replaced_everywhere_also_in_keys(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': 'fn', 'replacement': 'X'}]",
                      "{'fn-a': 'my fn', 'b': ['fnfn']}", "{'X-a': 'my X', 'b': ['XX']}");
}

static void text_does_not_touch_match_keys(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': 'm', 'replacement': 'X'}]", "'mm'", "'XX'");
}

static void text_may_stand_in_a_number(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': '200', 'replacement': '404'}]", "{'a': 1200}",
                      "{'a': 1404}");
}

static void text_is_found_from_left_to_right_without_overlap(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': 'aa', 'replacement': 'b'}]", "'aaaaa'", "'bba'");
}

static void text_that_gets_longer_keeps_what_is_between(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': '-', 'replacement': '===='}]", "'a-bb-c-'",
                      "'a====bb====c===='");
}

static void text_that_is_empty_is_found_between_all_characters(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'text', 'text': '', 'replacement': ' '}]", "'ab'", "' a b '");
}

static void text_that_leaves_no_json_is_an_error_that_names_it(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'text', 'text': 'x', 'replacement': 'y'},"
                   " {'type': 'text', 'text': '{', 'replacement': '('},"
                   " {'type': 'text', 'text': 'a', 'replacement': 'b'}]",
                   "{'a': 1}", PARITY_E_INVALID, "after '{' was replaced by '('");
}

static void text_needs_a_replacement(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'text', 'text': 'x'}]", "1", PARITY_E_INVALID,
                   "member 'replacement' is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_replaced_everywhere_also_in_keys),
        cmocka_unit_test(text_does_not_touch_match_keys),
        cmocka_unit_test(text_may_stand_in_a_number),
        cmocka_unit_test(text_is_found_from_left_to_right_without_overlap),
        cmocka_unit_test(text_that_gets_longer_keeps_what_is_between),
        cmocka_unit_test(text_that_is_empty_is_found_between_all_characters),
        cmocka_unit_test(text_that_leaves_no_json_is_an_error_that_names_it),
        cmocka_unit_test(text_needs_a_replacement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
