/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void key_value_makes_references_with_a_label_of_the_key(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'TopicArn'}]",
                      "{'TopicArn': 't-1', 'Text': 'about t-1'}",
                      "{'TopicArn': '<topic-arn:1>', 'Text': 'about <topic-arn:1>'}");
}

static void key_value_counts_each_label_and_each_value_once(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'replacement': 'x'},"
                      " {'type': 'key_value', 'key': 'B', 'replacement': 'x'}]",
                      "{'A': 'one', 'B': 'two', 'C': {'A': 'two', 'B': 'three'}}",
                      "{'A': '<x:1>', 'B': '<x:2>', 'C': {'A': '<x:2>', 'B': '<x:3>'}}");
}

static void key_value_looks_into_lists_but_not_lists_in_lists(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'replacement': 'x',"
                      "  'reference': false}]",
                      "{'l': [{'A': 'p'}], 'll': [[{'A': 'q'}]]}",
                      "{'l': [{'A': 'x'}], 'll': [[{'A': 'q'}]]}");
}

static void key_value_does_not_look_below_a_match(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'replacement': 'x',"
                      "  'reference': false}]",
                      "{'A': {'A': 'p'}, 'B': {'A': 1}}", "{'A': 'x', 'B': {'A': 'x'}}");
}

static void key_value_leaves_null_and_empty_text(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'replacement': 'x',"
                      "  'reference': false}]",
                      "[{'A': null}, {'A': ''}, {'A': 0}, {'A': false}, {'A': []}]",
                      "[{'A': null}, {'A': ''}, {'A': 'x'}, {'A': 'x'}, {'A': 'x'}]");
}

static void key_value_refuses_a_reference_that_is_no_string(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'key_value', 'key': 'A'}]", "{'A': 5}", PARITY_E_INVALID,
                   "the reference value 5 for 'a' is not a string");
}

static void key_value_with_a_quote_is_found(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A'}]", "{'A': 'x\\u0022y', 'B': 'x\\u0022y'}",
                      "{'A': '<a:1>', 'B': '<a:1>'}");
}

static void key_value_with_a_backslash_takes_a_number_and_is_not_found(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A'}]", "[{'A': 'x\\\\y'}, {'A': 'z'}]",
                      "[{'A': 'x\\\\y'}, {'A': '<a:2>'}]");
}

static void key_value_takes_a_group_of_a_pattern(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key_pattern': '(?i)id$', 'value_pattern':"
                      "  '.*/zone/([A-Z]+)', 'group': 1, 'replacement': 'zone'}]",
                      "{'Id': '/zone/ABC', 'xid': 'other', 'name': 'ABC'}",
                      "{'Id': '/zone/<zone:1>', 'xid': 'other', 'name': '<zone:1>'}");
}

static void key_value_replaces_what_the_pattern_took_only(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'value_pattern': '(\\\\d+)-', 'group': 1,"
                      "  'replacement': 'n', 'reference': false}]",
                      "{'A': '12-12-3'}", "{'A': 'n-n-3'}");
}

static void key_value_takes_the_key_where_asked_to(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key_pattern': '^v-', 'value_type': 'list', 'take':"
                      "  'key', 'replacement': 'version'}]",
                      "{'v-1': ['a'], 'v-2': 'no list', 'x': 'v-1 v-2'}",
                      "{'<version:1>': ['a'], 'v-2': 'no list', 'x': '<version:1> v-2'}");
}

static void key_value_takes_a_group_only_if_it_is_json(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'c', 'value_pattern': 'got (.*)', 'group': 1,"
                      "  'json': true, 'replacement': 'input'}]",
                      "[{'c': 'got [7]'}, {'c': 'got [8'}]",
                      "[{'c': 'got <input:1>'}, {'c': 'got [8'}]");
}

static void key_value_with_any_type_takes_null_and_objects(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'A', 'value_type': 'any', 'replacement': 't',"
                      "  'unless_value_pattern': '\\\\d', 'reference': false}]",
                      "[{'A': null}, {'A': {}}, {'A': ''}, {'A': '2024'}, {'A': 2024}]",
                      "[{'A': 't'}, {'A': 't'}, {'A': 't'}, {'A': '2024'}, {'A': 't'}]");
}

static void key_value_with_timestamps_takes_these_only(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'value_type': 'timestamp', 'replacement': 'date',"
                      "  'reference': false}]",
                      "{'A': {'$datetime': '2024-01-02T03:04:05+00:00'}, 'B': '2024'}",
                      "{'A': 'date', 'B': '2024'}");
}

static void key_value_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'key_value'}]", "1", PARITY_E_INVALID, "member 'key' is missing");
    assert_refuses("[{'type': 'key_value', 'key': 1}]", "1", PARITY_E_INVALID,
                   "member 'key' must be a string");
    assert_refuses("[{'type': 'key_value', 'key': 'a', 'key_pattern': 'a'}]", "1", PARITY_E_INVALID,
                   "not both");
    assert_refuses("[{'type': 'key_value', 'key': 'a', 'group': 1}]", "1", PARITY_E_INVALID,
                   "number of a group in 'value_pattern'");
    assert_refuses("[{'type': 'key_value', 'key': 'a', 'value_type': 'date'}]", "1",
                   PARITY_E_INVALID, "not 'date'");
    assert_refuses("[{'type': 'key_value', 'key': 'a', 'reference': 1}]", "1", PARITY_E_INVALID,
                   "must be true or false");
    assert_refuses(
        "[{'type': 'key_value', 'key': 'a', 'refrence': true}]", "1", PARITY_E_INVALID,
        "'key_value' has no member 'refrence'; did you mean 'reference'?; it takes: key, "
        "key_pattern, value_type, value_pattern, unless_value_pattern, group, json, take, "
        "replacement, reference, priority");
    assert_refuses("[{'type': 'remove_key', 'key': 'a', 'colour': 1}]", "1", PARITY_E_INVALID,
                   "'remove_key' has no member 'colour'; it takes: key, priority");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_value_makes_references_with_a_label_of_the_key),
        cmocka_unit_test(key_value_counts_each_label_and_each_value_once),
        cmocka_unit_test(key_value_looks_into_lists_but_not_lists_in_lists),
        cmocka_unit_test(key_value_does_not_look_below_a_match),
        cmocka_unit_test(key_value_leaves_null_and_empty_text),
        cmocka_unit_test(key_value_refuses_a_reference_that_is_no_string),
        cmocka_unit_test(key_value_with_a_quote_is_found),
        cmocka_unit_test(key_value_with_a_backslash_takes_a_number_and_is_not_found),
        cmocka_unit_test(key_value_takes_a_group_of_a_pattern),
        cmocka_unit_test(key_value_replaces_what_the_pattern_took_only),
        cmocka_unit_test(key_value_takes_the_key_where_asked_to),
        cmocka_unit_test(key_value_takes_a_group_only_if_it_is_json),
        cmocka_unit_test(key_value_with_any_type_takes_null_and_objects),
        cmocka_unit_test(key_value_with_timestamps_takes_these_only),
        cmocka_unit_test(key_value_says_what_is_wrong_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
