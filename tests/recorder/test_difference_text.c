/* SPDX-License-Identifier: Apache-2.0 */
#include "../transformers/transform.h"

#include "recorder/compare.h"
#include "recorder/difference_text.h"

static void assert_text(const char *recorded, const char *observed,
                        const struct parity_difference_text_options *options, const char *expected)
{
    json_t *a = json_of(recorded), *b = json_of(observed), *differences;
    struct parity_buffer text = {0};

    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    parity_difference_text(&text, differences, options);
    parity_buffer_add(&text, "", 0);
    assert_false(text.failed);
    assert_string_equal(text.data, expected);
    parity_buffer_clear(&text);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void differences_stand_below_their_match_key(void **state)
{
    (void)state;
    assert_text("{'send': {'Owner': '<name:1>', 'n': 1, 'x:y': [1]}}",
                "{'send': {'Owner': 'me', 'n': '1', 'x:y': [1, 2]}}", NULL,
                "send\n"
                "  ~ changed  $.Owner\n"
                "      recorded  \"<name:1>\"\n"
                "      observed  \"me\"\n"
                "  ~ type     $.n\n"
                "      recorded  1 (integer)\n"
                "      observed  \"1\" (string)\n"
                "  + added    $[\"x:y\"][1]\n"
                "      observed  2\n");
}

static void long_values_are_cut_around_what_differs(void **state)
{
    const struct parity_difference_text_options options = {.width = 60};

    (void)state;
    assert_text(
        "{'m': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX----------------------'}",
        "{'m': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaYY---------------------'}",
        &options,
        "m\n"
        "  ~ changed  $\n"
        "      recorded  ...aaaaaaaaaaaaaaaaX---------------------...\n"
        "      observed  ...aaaaaaaaaaaaaaaaYY--------------------...\n");
}

static void colours_mark_kind_and_difference(void **state)
{
    const struct parity_difference_text_options options = {.colour = true, .indent = "  "};

    (void)state;
    assert_text("{'m': 'abc'}", "{'m': 'axc'}", &options,
                "  \x1b[1mm\x1b[0m\n"
                "    \x1b[33m~ changed  \x1b[0m$\n"
                "        recorded  \"a\x1b[1mb\x1b[0mc\"\n"
                "        observed  \"a\x1b[1mx\x1b[0mc\"\n");
}

static void a_moved_item_is_one_line(void **state)
{
    (void)state;
    assert_text("{'m': {'l': ['a', 'b', 'c']}}", "{'m': {'l': ['c', 'a', 'b']}}", NULL,
                "m\n"
                "  > moved    $.l[2] to [0]\n"
                "      recorded  \"c\"\n");
}

static void what_was_expected_stands_between_the_two(void **state)
{
    (void)state;
    assert_text("{'m': {'a': '<id:1>', 'b': '<id:2>', 'c': '<id:1>'}}",
                "{'m': {'a': '<id:2>', 'b': '<id:1>', 'c': '<id:1>'}}", NULL,
                "m\n"
                "  ~ changed  $.c\n"
                "      recorded  \"<id:1>\"\n"
                "      expected  \"<id:2>\" (numbered as in this run)\n"
                "      observed  \"<id:1>\"\n");
}

static void null_needs_no_type(void **state)
{
    (void)state;
    assert_text("{'m': null}", "{'m': 1}", NULL,
                "m\n"
                "  ~ type     $\n"
                "      recorded  null\n"
                "      observed  1 (integer)\n");
}

static void a_move_counts_once(void **state)
{
    json_t *a = json_of("{'m': ['a', 'b', 'c'], 'n': 1}"), *differences;
    json_t *b = json_of("{'m': ['c', 'a', 'b'], 'n': 2}");

    (void)state;
    assert_int_equal(parity_compare(a, b, NULL, &differences, NULL), 0);
    assert_int_equal(json_array_size(differences), 3);
    assert_int_equal(parity_difference_count(differences), 2);
    json_decref(differences);
    json_decref(a);
    json_decref(b);
}

static void a_path_into_json_text_begins_anew(void **state)
{
    (void)state;
    assert_text("{'m': {'Policy': '[{\\u0022Effect\\u0022: 1}]'}}",
                "{'m': {'Policy': '[{\\u0022Effect\\u0022: 2}]'}}", NULL,
                "m\n"
                "  ~ changed  $.Policy > $[0].Effect\n"
                "      recorded  1\n"
                "      observed  2\n");
}

static void control_characters_reach_no_terminal(void **state)
{
    (void)state;
    assert_text("{'m\\u001b': {'\\u001b[2J': 1}}", "{'m\\u001b': {'\\u001b[2J': '\\u001b'}}", NULL,
                "m\\u001b\n"
                "  ~ type     $[\"\\u001b[2J\"]\n"
                "      recorded  1 (integer)\n"
                "      observed  \"\\u001b\" (string)\n");
}

static void many_differences_are_counted(void **state)
{
    const struct parity_difference_text_options options = {.max_per_match = 1};

    (void)state;
    assert_text("{'m': {'a': 1, 'b': 1, 'c': 1}}", "{'m': {}}", &options,
                "m\n"
                "  - removed  $.a\n"
                "      recorded  1\n"
                "  and 2 more\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_stand_below_their_match_key),
        cmocka_unit_test(long_values_are_cut_around_what_differs),
        cmocka_unit_test(colours_mark_kind_and_difference),
        cmocka_unit_test(a_moved_item_is_one_line),
        cmocka_unit_test(what_was_expected_stands_between_the_two),
        cmocka_unit_test(null_needs_no_type),
        cmocka_unit_test(a_move_counts_once),
        cmocka_unit_test(a_path_into_json_text_begins_anew),
        cmocka_unit_test(control_characters_reach_no_terminal),
        cmocka_unit_test(many_differences_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
