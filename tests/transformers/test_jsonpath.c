/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void jsonpath_makes_references_in_the_order_found(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'jsonpath', 'path': '$..Id', 'replacement': 'id'}]",
                      "[{'Id': 'b'}, {'Id': 'a', 'x': 'b-a'}]",
                      "[{'Id': '<id:1>'}, {'Id': '<id:2>', 'x': '<id:1>-<id:2>'}]");
}

static void jsonpath_replaces_values_of_any_type(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'jsonpath', 'path': '$..Id', 'replacement': 'x',"
                      "  'reference': false}]",
                      "[{'Id': {'a': 1}}, {'Id': null}]", "[{'Id': 'x'}, {'Id': 'x'}]");
}

static void jsonpath_may_select_a_match_value(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'jsonpath', 'path': '$.m', 'replacement': 'x',"
                      "  'reference': false}]",
                      "{'a': 1}", "'x'");
}

static void jsonpath_that_selects_nothing_changes_nothing(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'jsonpath', 'path': '$..Nope', 'replacement': 'x'}]", "{'a': 1}",
                      "{'a': 1}");
}

static void jsonpath_refuses_references_that_are_no_strings(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'jsonpath', 'path': '$..Id', 'replacement': 'id'}]", "{'Id': [1]}",
                   PARITY_E_INVALID, "the reference value [1] for 'id' is not a string");
}

static void jsonpath_that_does_not_parse_is_reported(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'jsonpath', 'path': '$..', 'replacement': 'id'}]", "1",
                   PARITY_E_PARSE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jsonpath_makes_references_in_the_order_found),
        cmocka_unit_test(jsonpath_replaces_values_of_any_type),
        cmocka_unit_test(jsonpath_may_select_a_match_value),
        cmocka_unit_test(jsonpath_that_selects_nothing_changes_nothing),
        cmocka_unit_test(jsonpath_refuses_references_that_are_no_strings),
        cmocka_unit_test(jsonpath_that_does_not_parse_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
