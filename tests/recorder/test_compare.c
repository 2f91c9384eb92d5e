/* SPDX-License-Identifier: Apache-2.0 */
#include "../transformers/transform.h"

#include "recorder/compare.h"

/* Differences as text: `key/path/0 kind`, one after the other. */
static char *differences_of(const char *recorded, const char *observed, bool as_reference)
{
    const struct parity_compare_options options = {.compat_localstack = as_reference};
    json_t *a = json_of(recorded), *b = json_of(observed), *differences, *difference, *step;
    struct parity_buffer text = {0};
    size_t i, j;

    assert_int_equal(parity_compare(a, b, &options, &differences, NULL), 0);
    parity_buffer_add(&text, "", 0);
    json_array_foreach(differences, i, difference) {
        parity_buffer_printf(&text, "%s%s", i ? ", " : "",
                             json_string_value(json_object_get(difference, "key")));
        json_array_foreach(json_object_get(difference, "path"), j, step) {
            parity_buffer_add_char(&text, '/');
            if (json_is_string(step))
                parity_buffer_add_text(&text, json_string_value(step));
            else
                parity_json_write(&text, step, PARITY_JSON_LINE);
        }
        parity_buffer_printf(&text, " %s", json_string_value(json_object_get(difference, "kind")));
    }
    json_decref(differences);
    json_decref(a);
    json_decref(b);
    return parity_buffer_take(&text);
}

static void assert_differs(const char *recorded, const char *observed, bool as_reference,
                           const char *expected)
{
    char *text = differences_of(recorded, observed, as_reference);

    assert_string_equal(text, expected);
    parity_free(text);
}

#define assert_reference(recorded, observed, expected)                                             \
    assert_differs("{'m': " recorded "}", "{'m': " observed "}", true, expected)
#define assert_strict(recorded, observed, expected)                                                \
    assert_differs("{'m': " recorded "}", "{'m': " observed "}", false, expected)

static void types_are_strict_in_both_ways(void **state)
{
    (void)state;
    assert_reference("{'a': 1, 'b': true, 'c': null}", "{'a': 1.0, 'b': 1, 'c': ''}",
                     "m/a type, m/b type, m/c type");
    assert_strict("{'a': 1, 'b': true, 'c': null}", "{'a': 1.0, 'b': 1, 'c': ''}",
                  "m/a type, m/b type, m/c type");
}

static void order_of_members_does_not_count(void **state)
{
    (void)state;
    assert_reference("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", "");
    assert_strict("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", "");
}

static void members_with_two_underscores_count_only_here(void **state)
{
    (void)state;
    assert_reference("{'__type': 'a', 'b': 1, '__x': 1}", "{'__type': 'b', 'b': 1}", "");
    assert_strict("{'__type': 'a', 'b': 1, '__x': 1}", "{'__type': 'b', 'b': 1}",
                  "m/__type changed, m/__x removed");
}

static void objects_with_little_in_common_are_one_difference_to_the_reference(void **state)
{
    (void)state;
    assert_reference("{'a': 1, 'b': 2, 'c': 3}", "{'a': 1, 'x': 2, 'y': 3}", "m changed");
    assert_reference("{'a': 1, 'b': 2}", "{'a': 1, 'x': 2}", "m/b removed, m/x added");
    assert_strict("{'a': 1, 'b': 2, 'c': 3}", "{'a': 1, 'x': 2, 'y': 3}",
                  "m/b removed, m/c removed, m/x added, m/y added");
}

static void numbers_in_plain_lists_are_equal_by_value_to_the_reference(void **state)
{
    (void)state;
    assert_reference("[1, 2.0, true]", "[1.0, 2, 1]", "");
    assert_strict("[1]", "[1.0]", "m/0 type");
}

static void plain_lists_are_aligned_by_the_reference(void **state)
{
    (void)state;
    assert_reference("[1, 2, 3]", "[0, 1, 2, 3]", "m/0 added");
    assert_reference("[1, 2, 3]", "[1, 3]", "m/1 removed");
}

static void plain_lists_are_compared_item_by_item_if_that_names_no_more(void **state)
{
    (void)state;
    assert_reference("['a', 'b']", "['b', 'a']", "m/0 changed, m/1 changed");
}

static void lists_of_objects_are_not_aligned_by_the_reference(void **state)
{
    (void)state;
    assert_reference("[{'a': 1}, {'a': 2}]", "[{'a': 0}, {'a': 1}, {'a': 2}]",
                     "m/0/a changed, m/1/a changed, m/2 added");
}

static void surplus_item_is_one_difference(void **state)
{
    (void)state;
    assert_strict("[{'a': 1}, {'a': 2}]", "[{'a': 0}, {'a': 1}, {'a': 2}]", "m/0 added");
    assert_strict("[{'a': 1}, {'a': 2}, {'a': 3}]", "[{'a': 1}, {'a': 3}]", "m/1 removed");
}

static void changed_item_beside_a_surplus_one_is_compared_with_its_counterpart(void **state)
{
    (void)state;
    assert_strict("[{'id': 'one', 'size': 5, 'kind': 'x'}]",
                  "[{'other': true}, {'id': 'one', 'size': 6, 'kind': 'x'}]",
                  "m/0 added, m/0/size changed");
}

static void items_without_counterpart_are_compared_by_position(void **state)
{
    (void)state;
    assert_strict("['a', 'b']", "['x', 'y', 'z']", "m/0 changed, m/1 changed, m/2 added");
}

/* All members of the differences but the key. */
static void assert_noted(const char *recorded, const char *observed, const char *expected)
{
    json_t *a = json_of(recorded), *b = json_of(observed), *differences, *difference;
    size_t i;
    char *text;

    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    json_array_foreach(differences, i, difference)
        json_object_del(difference, "key");
    text = line_of(differences);
    assert_string_equal(text, expected);
    parity_free(text);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void moved_item_is_one_removed_and_one_added_that_name_each_other(void **state)
{
    (void)state;
    assert_noted("{'m': ['a', 'b', 'c']}", "{'m': ['c', 'a', 'b']}",
                 "[{'path': [0], 'kind': 'added', 'observed': 'c', 'moved_from': 2},"
                 " {'path': [2], 'kind': 'removed', 'recorded': 'c', 'moved_to': 0}]");
}

static void item_that_moved_is_not_compared_with_what_took_its_place(void **state)
{
    (void)state;
    assert_noted("{'m': ['a', 'b', 'c', 'd']}", "{'m': ['x', 'b', 'c', 'a']}",
                 "[{'path': [0], 'kind': 'removed', 'recorded': 'a', 'moved_to': 3},"
                 " {'path': [0], 'kind': 'added', 'observed': 'x'},"
                 " {'path': [3], 'kind': 'removed', 'recorded': 'd'},"
                 " {'path': [3], 'kind': 'added', 'observed': 'a', 'moved_from': 0}]");
}

static void item_that_moved_and_changed_is_compared_with_its_counterpart(void **state)
{
    (void)state;
    assert_noted("{'m': [{'k': 'a', 'v': 1, 'w': 1}, {'k': 'b', 'v': 1, 'w': 1},"
                 " {'k': 'c', 'v': 3, 'w': 3}]}",
                 "{'m': [{'k': 'c', 'v': 3, 'w': 3}, {'k': 'a', 'v': 1, 'w': 1},"
                 " {'k': 'b', 'v': 2, 'w': 1}]}",
                 "[{'path': [0], 'kind': 'removed', 'recorded': {'k': 'a', 'v': 1, 'w': 1},"
                 " 'moved_to': 1},"
                 " {'path': [1, 'v'], 'kind': 'changed', 'recorded': 1, 'observed': 2},"
                 " {'path': [1], 'kind': 'added', 'observed': {'k': 'a', 'v': 1, 'w': 1},"
                 " 'moved_from': 0}]");
    /* With little in common they are two. */
    assert_noted("{'m': [{'k': 'a', 'v': 1}, {'k': 'c', 'v': 3}]}",
                 "{'m': [{'k': 'c', 'v': 3}, {'k': 'b', 'v': 2}]}",
                 "[{'path': [0], 'kind': 'removed', 'recorded': {'k': 'a', 'v': 1}},"
                 " {'path': [1], 'kind': 'added', 'observed': {'k': 'b', 'v': 2}}]");
}

static void of_equal_items_only_as_many_moved_as_both_sides_have(void **state)
{
    (void)state;
    assert_noted("{'m': [1, 1, 2, 3]}", "{'m': [2, 3, 1]}",
                 "[{'path': [0], 'kind': 'removed', 'recorded': 1, 'moved_to': 2},"
                 " {'path': [1], 'kind': 'removed', 'recorded': 1},"
                 " {'path': [2], 'kind': 'added', 'observed': 1, 'moved_from': 0}]");
}

static void json_in_strings_is_compared_as_json(void **state)
{
    (void)state;
    assert_noted("{'m': {'p': ' {\\u0022a\\u0022: [1, 2], \\u0022b\\u0022: 3}'}}",
                 "{'m': {'p': '{\\u0022b\\u0022:3,\\u0022a\\u0022:[1,2]}'}}", "[]");
    assert_noted("{'m': {'p': '[{\\u0022a\\u0022: 1}]'}}", "{'m': {'p': '[{\\u0022a\\u0022: 2}]'}}",
                 "[{'path': ['p', 0, 'a'], 'text_at': [1], 'kind': 'changed', 'recorded': 1,"
                 " 'observed': 2}]");
}

static void json_in_strings_in_strings_is_compared_as_json(void **state)
{
    (void)state;
    assert_noted("{'m': '[ \\u0022[1]\\u0022]'}", "{'m': '[\\u0022[2]\\u0022]'}",
                 "[{'path': [0, 0], 'text_at': [0, 1], 'kind': 'changed', 'recorded': 1,"
                 " 'observed': 2}]");
}

static void strings_of_which_one_is_no_json_are_compared_as_they_are(void **state)
{
    (void)state;
    assert_strict("{'p': '[1]', 'q': '[1]', 'r': '1', 's': '{}'}",
                  "{'p': '[1', 'q': 'x', 'r': '1.0', 's': '[]'}",
                  "m/p changed, m/q changed, m/r changed, m/s changed");
}

static void placeholder_numbers_count_up_to_a_renaming(void **state)
{
    (void)state;
    assert_strict("{'a': '<id:1>', 'b': 'x-<id:2>', 'c': '<id:1>'}",
                  "{'a': '<id:2>', 'b': 'x-<id:1>', 'c': '<id:2>'}", "");
    assert_reference("{'a': '<id:1>', 'b': 'x', 'c': '<id:1>'}",
                     "{'a': '<id:2>', 'b': 'x', 'c': '<id:2>'}", "m/a changed, m/c changed");
}

static void renaming_must_be_one_to_one(void **state)
{
    (void)state;
    assert_strict("{'a': '<id:1>', 'b': '<id:1>', 'c': '<id:1>'}",
                  "{'a': '<id:1>', 'b': '<id:1>', 'c': '<id:2>'}", "m/c changed");
    assert_strict("{'a': '<id:1>', 'b': '<id:1>', 'c': '<id:2>'}",
                  "{'a': '<id:1>', 'b': '<id:1>', 'c': '<id:1>'}", "m/c changed");
}

static void renaming_holds_for_the_whole_test(void **state)
{
    (void)state;
    assert_differs("{'m': ['<id:1>', '<id:1>'], 'n': '<id:1>'}",
                   "{'m': ['<id:2>', '<id:2>'], 'n': '<id:1>'}", false, "n changed");
}

static void renaming_is_of_each_label_alone(void **state)
{
    (void)state;
    assert_strict("['<id:1>', '<name:1>']", "['<id:2>', '<name:1>']", "");
    assert_strict("['<id:1>']", "['<name:1>']", "m/0 changed");
}

static void surplus_item_does_not_shift_the_numbers_of_the_others(void **state)
{
    (void)state;
    assert_strict("[{'id': '<id:1>', 'n': 1}, {'id': '<id:2>', 'n': 2}]",
                  "[{'id': '<id:1>', 'n': 0}, {'id': '<id:2>', 'n': 1}, {'id': '<id:3>', 'n': 2}]",
                  "m/0 added");
}

static void renaming_includes_names_of_members(void **state)
{
    (void)state;
    assert_strict("{'<u:1>': ['A'], '<u:2>': ['B'], 'x': '<u:1>'}",
                  "{'<u:1>': ['B'], '<u:2>': ['A'], 'x': '<u:2>'}", "");
}

static void observed_values_are_shown_with_their_own_numbers(void **state)
{
    json_t *a = json_of("{'m': [{'id': '<id:1>', 'n': 1}]}");
    json_t *b = json_of("{'m': [{'id': '<id:1>', 'n': 0}, {'id': '<id:2>', 'n': 1}]}");
    json_t *differences;
    char *text;

    (void)state;
    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    text = line_of(differences);
    assert_string_equal(text, "[{'key': 'm', 'path': [0], 'kind': 'added',"
                              " 'observed': {'id': '<id:1>', 'n': 0}}]");
    parity_free(text);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void what_was_expected_is_shown_with_the_numbers_of_this_run(void **state)
{
    (void)state;
    assert_noted("{'m': {'a': '<id:1>', 'b': '<id:2>', 'c': 'x <id:1>', 'd': 1}}",
                 "{'m': {'a': '<id:2>', 'b': '<id:1>', 'c': 'x <id:1>', 'd': 2}}",
                 "[{'path': ['c'], 'kind': 'changed', 'recorded': 'x <id:1>',"
                 " 'observed': 'x <id:1>', 'expected': 'x <id:2>'},"
                 " {'path': ['d'], 'kind': 'changed', 'recorded': 1, 'observed': 2}]");
}

static void match_keys_of_one_side_are_differences(void **state)
{
    (void)state;
    assert_differs("{'a': 1, 'b': 2}", "{'b': 2, 'c': 3}", false, "c added, a removed");
    assert_differs("{'a': 1, 'b': 2}", "{'b': 2}", true, "");
}

static void differences_hold_both_values(void **state)
{
    json_t *a = json_of("{'m': {'x': [1, {'y': 'p'}]}}"), *b = json_of("{'m': {'x': [1, 2]}}");
    json_t *differences;
    char *text;

    (void)state;
    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    text = line_of(differences);
    assert_string_equal(text, "[{'key': 'm', 'path': ['x', 1], 'kind': 'type',"
                              " 'recorded': {'y': 'p'}, 'observed': 2}]");
    parity_free(text);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

/* Two lists of 20,000 items, one shifted by one and with every hundredth item changed. */
static void long_lists_are_aligned_quickly(void **state)
{
    json_t *a = json_object(), *b = json_object(), *x = json_array(), *y = json_array();
    json_t *differences;

    (void)state;
    json_array_append_new(y, json_pack("{si}", "surplus", 1));
    for (int i = 0; i < 20000; i++) {
        json_array_append_new(x, json_pack("{si si}", "id", i, "size", i % 7));
        json_array_append_new(y, json_pack("{si si}", "id", i, "size", i % 100 == 50 ? -1 : i % 7));
    }
    json_object_set_new(a, "m", x);
    json_object_set_new(b, "m", y);
    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    assert_int_equal(json_array_size(differences), 201);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void lists_of_few_values_are_aligned_in_bounded_time(void **state)
{
    json_t *a = json_object(), *b = json_object(), *x = json_array(), *y = json_array();
    json_t *differences;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        json_array_append_new(x, json_integer(i * 7 % 5));
        json_array_append_new(y, json_integer(i * 3 % 5));
    }
    json_object_set_new(a, "m", x);
    json_object_set_new(b, "m", y);
    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    assert_true(json_array_size(differences) > 0);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void states_must_be_objects(void **state)
{
    struct parity_error err = {0};
    json_t *list = json_array(), *object = json_object(), *differences;

    (void)state;
    assert_int_equal(parity_compare(object, list, NULL, &differences, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_null(differences);
    json_decref(list);
    json_decref(object);
}

static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    json_t *a = json_of("{'m': [1, 2, {'a': '<id:1>', 'b': 1}, 3], 'n': 1}");
    json_t *b = json_of("{'m': [0, 1, 2, {'a': '<id:2>', 'b': 2}, 3, 4], 'o': 1}");
    struct parity_error err = {0};

    (void)state;
    for (int as_reference = 0; as_reference < 2; as_reference++) {
        const struct parity_compare_options options = {.compat_localstack = as_reference};

        err.code = PARITY_E_NOMEM;
        for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
            json_t *differences;
            int rc;

            memset(&err, 0, sizeof err);
            parity_memory_fail_at(n, 1);
            rc = parity_compare(a, b, &options, &differences, &err);
            parity_memory_fail_at(0, 0);
            assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
            json_decref(differences);
            assert_true(n < 10000);
        }
    }
    json_decref(a);
    json_decref(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_strict_in_both_ways),
        cmocka_unit_test(order_of_members_does_not_count),
        cmocka_unit_test(members_with_two_underscores_count_only_here),
        cmocka_unit_test(objects_with_little_in_common_are_one_difference_to_the_reference),
        cmocka_unit_test(numbers_in_plain_lists_are_equal_by_value_to_the_reference),
        cmocka_unit_test(plain_lists_are_aligned_by_the_reference),
        cmocka_unit_test(plain_lists_are_compared_item_by_item_if_that_names_no_more),
        cmocka_unit_test(lists_of_objects_are_not_aligned_by_the_reference),
        cmocka_unit_test(surplus_item_is_one_difference),
        cmocka_unit_test(changed_item_beside_a_surplus_one_is_compared_with_its_counterpart),
        cmocka_unit_test(items_without_counterpart_are_compared_by_position),
        cmocka_unit_test(moved_item_is_one_removed_and_one_added_that_name_each_other),
        cmocka_unit_test(item_that_moved_is_not_compared_with_what_took_its_place),
        cmocka_unit_test(item_that_moved_and_changed_is_compared_with_its_counterpart),
        cmocka_unit_test(of_equal_items_only_as_many_moved_as_both_sides_have),
        cmocka_unit_test(json_in_strings_is_compared_as_json),
        cmocka_unit_test(json_in_strings_in_strings_is_compared_as_json),
        cmocka_unit_test(strings_of_which_one_is_no_json_are_compared_as_they_are),
        cmocka_unit_test(placeholder_numbers_count_up_to_a_renaming),
        cmocka_unit_test(renaming_must_be_one_to_one),
        cmocka_unit_test(renaming_holds_for_the_whole_test),
        cmocka_unit_test(renaming_is_of_each_label_alone),
        cmocka_unit_test(surplus_item_does_not_shift_the_numbers_of_the_others),
        cmocka_unit_test(renaming_includes_names_of_members),
        cmocka_unit_test(observed_values_are_shown_with_their_own_numbers),
        cmocka_unit_test(what_was_expected_is_shown_with_the_numbers_of_this_run),
        cmocka_unit_test(match_keys_of_one_side_are_differences),
        cmocka_unit_test(differences_hold_both_values),
        cmocka_unit_test(long_lists_are_aligned_quickly),
        cmocka_unit_test(lists_of_few_values_are_aligned_in_bounded_time),
        cmocka_unit_test(states_must_be_objects),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
