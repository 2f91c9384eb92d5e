/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/validate.h"
#include "model_fixture.h"

static struct model_fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture = fixture_new(
        "'protocol': 'json'", "'input': {'shape': 'In'}",
        "'In': {'type': 'structure', 'required': ['Name', 'Size'], 'members': {"
        "'Name': {'shape': 'Text'}, 'Size': {'shape': 'Number'}, 'Flag': {'shape': 'Flag'},"
        "'When': {'shape': 'Time'}, 'Data': {'shape': 'Blob'}, 'Ratio': {'shape': 'Real'},"
        "'Items': {'shape': 'Items'}, 'Tags': {'shape': 'Tags'}, 'Choice': {'shape': 'Choice'},"
        "'Any': {'shape': 'Document'}, 'Header': {'shape': 'Text', 'jsonvalue': true, "
        "'location': 'header'}}},"
        "'Text': {'type': 'string', 'min': 2}, 'Number': {'type': 'integer', 'min': 1},"
        "'Flag': {'type': 'boolean'}, 'Time': {'type': 'timestamp'}, 'Blob': {'type': 'blob'},"
        "'Real': {'type': 'double'}, 'Items': {'type': 'list', 'member': {'shape': 'Item'}, "
        "'min': 1}, 'Item': {'type': 'structure', 'required': ['Id'], 'members': {'Id': {'shape': "
        "'Text'}}}, 'Tags': {'type': 'map', 'key': {'shape': 'Text'}, 'value': {'shape': 'Text'}},"
        "'Choice': {'type': 'structure', 'union': true, 'members': {'A': {'shape': 'Text'}, 'B': "
        "{'shape': 'Number'}}}, 'Document': {'type': 'structure', 'document': true, 'members': "
        "{}}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_clear(&fixture);
    return 0;
}

static void accept(const char *input)
{
    struct parity_error err = {0};
    json_t *value = fixture_json(input);

    if (parity_validate_input(fixture.operation, value, NULL, &err) < 0)
        fail_msg("%s", err.message);
    json_decref(value);
}

static void refuse(const char *input, const char *message)
{
    struct parity_error err = {0};
    json_t *value = fixture_json(input);

    assert_int_equal(parity_validate_input(fixture.operation, value, NULL, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_true(strncmp(err.message, "invalid parameters of Op: ", 26) == 0);
    assert_string_equal(err.message + 26, message);
    json_decref(value);
}

static void an_input_that_fits_is_accepted(void **state)
{
    (void)state;
    accept("{'Name': 'ab', 'Size': 1}");
    accept("{'Name': 'ab', 'Size': 123456789012345678901234567890}");
    accept("{'Name': 'ab', 'Size': 7, 'Flag': false, 'When': 1.5, 'Ratio': 2, 'Data': 'text',"
           "'Items': [{'Id': 'xx'}], 'Tags': {'kk': 'vv'}, 'Choice': {'B': 1},"
           "'Any': {'a': [1, null, 'x']}, 'Header': [1]}");
    accept("{'Name': 'ab', 'Size': 1, 'When': {'$datetime': '2020-01-02T03:04:05+00:00'},"
           "'Data': {'$bytes': 'AP8='}, 'Ratio': NaN}");
    accept("{'Name': 'ab', 'Size': 1, 'When': '2020-01-02'}");
}

static void length_counts_characters_not_bytes(void **state)
{
    (void)state;
    accept("{'Name': '\u00e9\u00e9', 'Size': 1}");
    refuse("{'Name': '\u00e9', 'Size': 1}", "Name: must have at least 2 characters, not 1");
}

static void every_fault_is_named_with_its_path(void **state)
{
    (void)state;
    refuse("{'Size': 0, 'Items': [{'Id': 'xx'}, {}, {'Id': 5}], 'Tags': {'kk': 1}}",
           "input: the required parameter 'Name' is missing; Size: must be at least 1, not 0; "
           "Items[1]: the required parameter 'Id' is missing; Items[2].Id: must be a string, not a "
           "number (5); Tags.kk: must be a string, not a number (1)");
}

static void an_unknown_parameter_comes_with_the_nearest_known_one(void **state)
{
    (void)state;
    refuse("{'Name': 'ab', 'Size': 1, 'Itmes': []}",
           "input: unknown parameter 'Itmes'; did you mean 'Items'?");
    refuse("{'Name': 'ab', 'Size': 1, 'Items': [{'Id': 'xx', 'Elsewhere': 1}]}",
           "Items[0]: unknown parameter 'Elsewhere' (known are Id)");
}

static void types_are_checked(void **state)
{
    (void)state;
    refuse("[]", "input: must be an object, not an array ([])");
    refuse("{'Name': null, 'Size': '1'}",
           "Name: must be a string, not null (null); Size: must be an integer, not a string "
           "(\"1\")");
    refuse("{'Name': 'ab', 'Size': true}", "Size: must be an integer, not a boolean (true)");
    refuse("{'Name': 'ab', 'Size': 1.5}", "Size: must be an integer, not a number (1.5)");
    refuse("{'Name': 'ab', 'Size': 1, 'Flag': 1}", "Flag: must be true or false, not a number (1)");
    refuse("{'Name': 'ab', 'Size': 1, 'Items': {}}", "Items: must be an array, not an object ({})");
    refuse("{'Name': 'ab', 'Size': 1, 'Tags': []}", "Tags: must be an object, not an array ([])");
    refuse("{'Name': 'ab', 'Size': 1, 'When': 'soon'}",
           "When: must be a date in ISO 8601 or seconds since 1970, not a string (\"soon\")");
    refuse("{'Name': 'ab', 'Size': 1, 'Data': 5}",
           "Data: must be {\"$bytes\": base64} or a string, not a number (5)");
    refuse("{'Name': 'ab', 'Size': 1, 'Any': {'a': [{'$bytes': ''}]}}",
           "Any.a[0]: must be plain JSON, not bytes ({\"$bytes\":\"\"})");
}

static void lengths_of_lists_and_keys_are_checked(void **state)
{
    (void)state;
    refuse("{'Name': 'ab', 'Size': 1, 'Items': [], 'Tags': {'k': 'vv'}}",
           "Items: must have at least 1 items, not 0; Tags.k: must have at least 2 characters in "
           "its key, not 1");
}

static void a_union_has_exactly_one_member(void **state)
{
    (void)state;
    refuse("{'Name': 'ab', 'Size': 1, 'Choice': {}}",
           "Choice: must have exactly one member, not 0 (of A, B)");
    refuse("{'Name': 'ab', 'Size': 1, 'Choice': {'A': 'aa', 'B': 1}}",
           "Choice: must have exactly one member, not 2 (of A, B)");
}

static void a_long_value_is_shown_shortened(void **state)
{
    (void)state;
    refuse("{'Name': ['0123456789012345678901234567890123456789012345678901234567890123'], 'Size': "
           "1}",
           "Name: must be a string, not an array "
           "([\"0123456789012345678901234567890123456789012345678901234567\xe2\x80\xa6)");
}

static void faults_that_do_not_fit_into_the_message_are_counted(void **state)
{
    struct parity_error err = {0};
    json_t *value = fixture_json("{'Name': 'ab', 'Size': 1, 'Items': []}");
    char *all;

    (void)state;
    for (int i = 0; i < 50; i++)
        json_array_append_new(json_object_get(value, "Items"), json_object());
    assert_int_equal(parity_validate_input(fixture.operation, value, &all, &err), -1);
    assert_non_null(strstr(err.message, "Items[16]: the required parameter 'Id' is missing; and 33 "
                                        "more"));
    assert_non_null(strstr(all, "invalid parameters of Op: Items[0]: the required parameter "));
    assert_non_null(strstr(all, "; Items[49]: the required parameter 'Id' is missing"));
    parity_free(all);
    json_array_clear(json_object_get(value, "Items"));
    assert_int_equal(parity_validate_input(fixture.operation, value, &all, NULL), -1);
    assert_null(all);
    json_decref(value);
}

static void an_operation_without_input_takes_nothing(void **state)
{
    struct model_fixture bare = fixture_new("'protocol': 'json'", "'http': {}", "");
    struct parity_error err = {0};
    json_t *nothing = fixture_json("{}"), *something = fixture_json("{'a': 1}");

    (void)state;
    assert_int_equal(parity_validate_input(bare.operation, nothing, NULL, &err), 0);
    assert_int_equal(parity_validate_input(bare.operation, something, NULL, &err), -1);
    assert_string_equal(err.message,
                        "invalid parameters of Op: input: the operation takes no parameters");
    json_decref(nothing);
    json_decref(something);
    fixture_clear(&bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_input_that_fits_is_accepted),
        cmocka_unit_test(length_counts_characters_not_bytes),
        cmocka_unit_test(every_fault_is_named_with_its_path),
        cmocka_unit_test(an_unknown_parameter_comes_with_the_nearest_known_one),
        cmocka_unit_test(types_are_checked),
        cmocka_unit_test(lengths_of_lists_and_keys_are_checked),
        cmocka_unit_test(a_union_has_exactly_one_member),
        cmocka_unit_test(a_long_value_is_shown_shortened),
        cmocka_unit_test(faults_that_do_not_fit_into_the_message_are_counted),
        cmocka_unit_test(an_operation_without_input_takes_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
