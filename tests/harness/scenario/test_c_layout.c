/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/c_layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scenario/c_text.h"

static json_t *member(json_t *container, const char *name, json_t *value)
{
    return parity_c_add(parity_c_add(container, parity_c_words(name)), value);
}

static void assert_statement(const char *left, json_t *expression, const char *expected)
{
    struct parity_buffer out = {0};

    assert_non_null(expression);
    parity_c_write_statement(&out, 4, left, expression);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
    json_decref(expression);
}

static json_t *call_with_template(json_t *node)
{
    json_t *call = parity_c_add(parity_c_call("call"), parity_c_words("t"));

    return parity_c_add(call, parity_c_template(node));
}

static void what_fits_stays_on_one_line(void **state)
{
    (void)state;
    assert_statement("const char *x", parity_c_words("7"), "    const char *x = 7;\n");
    assert_statement(
        NULL, call_with_template(member(parity_c_container(false), "'a': ", parity_c_words("%s"))),
        "    call(t, \"{'a': %s}\");\n");
    assert_statement(NULL, call_with_template(parity_c_container(true)), "    call(t, \"[]\");\n");
}

/* An object of `count` members of some 40 characters. */
static json_t *wide(int count)
{
    json_t *object = parity_c_container(false);

    for (int i = 0; i < count; i++)
        object = member(object, "'MemberWithALongName': ", parity_c_words("'a value of it'"));
    return object;
}

static void members_fill_lines_and_begin_below_one_another(void **state)
{
    (void)state;
    assert_statement(NULL, call_with_template(wide(4)),
                     "    call(t, \"{'MemberWithALongName': 'a value of it',"
                     " 'MemberWithALongName': 'a value of it',\"\n"
                     "            \" 'MemberWithALongName': 'a value of it',"
                     " 'MemberWithALongName': 'a value of it'}\");\n");
    assert_statement(
        NULL,
        call_with_template(member(member(parity_c_container(false), "'First': ", wide(2)),
                                  "'Last': ", parity_c_words("1"))),
        "    call(t, \"{'First': {'MemberWithALongName': 'a value of it',\"\n"
        "            \"           'MemberWithALongName': 'a value of it'},\"\n"
        "            \" 'Last': 1}\");\n");
}

static void a_text_without_a_break_is_broken_at_the_margin(void **state)
{
    struct parity_buffer text = {0}, out = {0};

    (void)state;
    for (int i = 0; i < 120; i++)
        parity_buffer_add_text(&text, "\\\\n");
    parity_c_write_text(&out, text.data, 4, 1);
    for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n")) {
        size_t length = strlen(line);

        assert_true(length <= PARITY_C_COLUMNS);
        assert_int_equal(line[length - 1], '"');
        assert_memory_equal(line + length - 4, "\\\\n", 3); /* no escape is torn */
    }
    parity_buffer_clear(&text);
    parity_buffer_clear(&out);
}

static void lines_of_a_text_stay_lines(void **state)
{
    json_t *lines =
        parity_c_add(parity_c_add(parity_c_lines(), parity_c_words("a\\n")), parity_c_words("b"));

    (void)state;
    assert_statement("static const char x[]", lines,
                     "    static const char x[] = \"a\\n\"\n"
                     "                            \"b\";\n");
}

static void memory_that_is_missing_leaves_nothing(void **state)
{
    (void)state;
    assert_null(parity_c_add(parity_c_call("x"), NULL));
    assert_null(parity_c_add(NULL, parity_c_words("x")));
    assert_null(parity_c_template(NULL));
    assert_null(parity_c_joined("x", NULL));
}

/* --- texts -------------------------------------------------------------------------------------
 */

static void texts_are_escaped_for_c_and_for_templates(void **state)
{
    static const struct {
        const char *text, *plain, *in_template;
        size_t length;
    } cases[] = {
        {"a\"b", "a\\\"b", "a\\\"b", 0},         {"it's", "it's", "it\\\\'s", 0},
        {"a\\b", "a\\\\b", "a\\\\\\\\b", 0},     {"a\nb\t", "a\\nb\\t", "a\\\\nb\\\\t", 0},
        {"\x1e", "\\036", "\\\\u001e", 0},       {"a\0b", "a\\000b", "a\\\\u0000b", 3},
        {"100 %", "100 %", "100 %%", 0},         {"?\?=", "?\\?=", "?\\?=", 0},
        {"\xc3\xa9", "\xc3\xa9", "\xc3\xa9", 0}, {"\xed\xa0\x80", "\xed\xa0\x80", "\\\\ud800", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].text);
        struct parity_buffer plain = {0}, in_template = {0};

        parity_c_escape(&plain, cases[i].text, length, false);
        parity_c_escape_template(&in_template, cases[i].text, length, '\'');
        assert_string_equal(plain.data, cases[i].plain);
        assert_string_equal(in_template.data, cases[i].in_template);
        parity_buffer_clear(&plain);
        parity_buffer_clear(&in_template);
    }
}

static void the_quote_is_the_one_that_escapes_less(void **state)
{
    (void)state;
    assert_int_equal(parity_c_quote_for("plain", 5), '\'');
    assert_int_equal(parity_c_quote_for("'a' 'b'", 7), '"');
    assert_int_equal(parity_c_quote_for("\"a\"", 3), '\'');
}

static void names_become_those_of_variables(void **state)
{
    static const char *const cases[][2] = {
        {"QueueUrl", "queue_url"},
        {"KMSKeyId", "kms_key_id"},
        {"queue-url", "queue_url"},
        {"already_one", "already_one"},
        {"ARN", "arn"},
        {"x9Y", "x9_y"},
        {"\xc3\xa9", "value"},
        {"a  b.", "a_b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer out = {0};

        parity_c_add_name(&out, cases[i][0]);
        assert_string_equal(out.data, cases[i][1]);
        parity_buffer_clear(&out);
    }
}

static void a_name_is_taken_once_and_is_no_word_of_c(void **state)
{
    json_t *taken = json_object();

    (void)state;
    assert_string_equal(parity_c_take_name(taken, "queue"), "queue");
    assert_string_equal(parity_c_take_name(taken, "queue"), "queue_2");
    assert_string_equal(parity_c_take_name(taken, "queue"), "queue_3");
    assert_string_equal(parity_c_take_name(taken, "int"), "int_2");
    assert_string_equal(parity_c_take_name(taken, "t"), "t_2");
    assert_string_equal(parity_c_take_name(taken, "json_t"), "json_t_2");
    assert_string_equal(parity_c_take_name(taken, "9"), "n9");
    json_decref(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_stays_on_one_line),
        cmocka_unit_test(members_fill_lines_and_begin_below_one_another),
        cmocka_unit_test(a_text_without_a_break_is_broken_at_the_margin),
        cmocka_unit_test(lines_of_a_text_stay_lines),
        cmocka_unit_test(memory_that_is_missing_leaves_nothing),
        cmocka_unit_test(texts_are_escaped_for_c_and_for_templates),
        cmocka_unit_test(the_quote_is_the_one_that_escapes_less),
        cmocka_unit_test(names_become_those_of_variables),
        cmocka_unit_test(a_name_is_taken_once_and_is_no_word_of_c),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
