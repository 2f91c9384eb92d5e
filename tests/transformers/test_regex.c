/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void regex_replaces_every_match(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'regex', 'pattern': '\\\\d+', 'replacement': '0'}]",
                      "{'a': 'x12y3', 'b': 45}", "{'a': 'x0y0', 'b': 0}");
}

static void regex_takes_groups_into_the_replacement(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'regex', 'pattern': '(?P<first>\\\\w+)-(\\\\w+)',"
                      "  'replacement': '\\\\2_\\\\g<first>\\\\g<0>'}]",
                      "'ab-cd'", "'cd_abab-cd'");
}

static void regex_anchors_are_the_ends_of_the_whole_value(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'regex', 'pattern': '^a|a$', 'replacement': 'x'}]", "['a']",
                      "['a']");
    assert_transforms("[{'type': 'regex', 'pattern': '^\\\\[', 'replacement': '[1, '}]", "['a']",
                      "[1, 'a']");
}

static void regex_sees_escapes_as_they_stand_in_the_text(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'regex', 'pattern': '\\\\\\\\u00e9', 'replacement': 'e'}]",
                      "'caf\\u00e9'", "'cafe'");
}

static void regex_follows_the_order_of_priorities(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'regex', 'pattern': 'a', 'replacement': 'b', 'priority': 1},"
                      " {'type': 'regex', 'pattern': 'b', 'replacement': 'c', 'priority': 2},"
                      " {'type': 'regex', 'pattern': 'c', 'replacement': 'd', 'priority': -1}]",
                      "'abc'", "'ccd'");
}

static void regex_that_is_broken_is_reported_with_its_place(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'regex', 'pattern': 'ab(c', 'replacement': ''}]", "1", PARITY_E_PARSE,
                   "at character 3 of the regular expression 'ab(c'");
}

static void regex_template_with_an_unknown_group_is_reported(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'regex', 'pattern': 'a', 'replacement': 'x\\\\1'}]", "1",
                   PARITY_E_PARSE, "at character 2 of the replacement");
}

static void regex_that_backtracks_without_end_is_stopped_and_named(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'regex', 'pattern': '(a|aa)+$', 'replacement': ''}]",
                   "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
                   PARITY_E_LIMIT, "'(a|aa)+$'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regex_replaces_every_match),
        cmocka_unit_test(regex_takes_groups_into_the_replacement),
        cmocka_unit_test(regex_anchors_are_the_ends_of_the_whole_value),
        cmocka_unit_test(regex_sees_escapes_as_they_stand_in_the_text),
        cmocka_unit_test(regex_follows_the_order_of_priorities),
        cmocka_unit_test(regex_that_is_broken_is_reported_with_its_place),
        cmocka_unit_test(regex_template_with_an_unknown_group_is_reported),
        cmocka_unit_test(regex_that_backtracks_without_end_is_stopped_and_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
