/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

/* In these documents \u0022 is a quote inside a string. */
static const char read_b[] = "[{'type': 'json_string', 'key': 'b'}]";

static void json_string_reads_lists_and_texts_inside(void **state)
{
    (void)state;
    assert_transforms(read_b, "{'b': ' [1, \\u0022[2]\\u0022, \\u0022x\\u0022]'}",
                      "{'b': [1, [2], 'x']}");
}

static void json_string_leaves_other_keys_and_what_is_no_json(void **state)
{
    (void)state;
    assert_transforms(read_b, "{'a': '[1]', 'o': [{'b': '[1'}, {'b': 5}]}",
                      "{'a': '[1]', 'o': [{'b': '[1'}, {'b': 5}]}");
}

static void json_string_looks_below_the_key_if_it_holds_no_text(void **state)
{
    (void)state;
    assert_transforms(read_b, "{'b': {'c': {'b': '[1]'}}, 'l': [[{'b': '[2]'}]]}",
                      "{'b': {'c': {'b': [1]}}, 'l': [[{'b': [2]}]]}");
}

static void json_text_of_objects_is_read_before_all_transformers(void **state)
{
    (void)state;
    assert_transforms("[]", "{'a': '{\\u0022x\\u0022: 1}', 'l': [{'a': '{}'}, '{}'], 'b': ' {}'}",
                      "{'a': {'x': 1}, 'l': [{'a': {}}, '{}'], 'b': ' {}'}");
}

static void json_text_may_be_a_whole_match_value(void **state)
{
    (void)state;
    assert_transforms("[]", "'{\\u0022x\\u0022: [1.0, 1e400]}'", "{'x': [1.0, Infinity]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_string_reads_lists_and_texts_inside),
        cmocka_unit_test(json_string_leaves_other_keys_and_what_is_no_json),
        cmocka_unit_test(json_string_looks_below_the_key_if_it_holds_no_text),
        cmocka_unit_test(json_text_of_objects_is_read_before_all_transformers),
        cmocka_unit_test(json_text_may_be_a_whole_match_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
