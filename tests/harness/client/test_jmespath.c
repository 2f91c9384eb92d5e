/* SPDX-License-Identifier: Apache-2.0 */
#include "client/jmespath.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

/* Expression, document, result: the specification's own examples where it has one. */
static const char *const cases[][3] = {
    {"foo", "{\"foo\": \"value\"}", "\"value\""},
    {"bar", "{\"foo\": \"value\"}", "null"},
    {"foo", "[1]", "null"},
    {"a.b.c", "{\"a\": {\"b\": {\"c\": 1}}}", "1"},
    {"\"with space\"", "{\"with space\": 1}", "1"},
    {"\"\\\"\".x", "{\"\\\"\": {\"x\": 1}}", "1"},
    {"[0]", "[\"a\", \"b\"]", "\"a\""},
    {"a[-1]", "{\"a\": [1, 2]}", "2"},
    {"[2]", "[1]", "null"},
    {"[1:3]", "[0, 1, 2, 3, 4]", "[1,2]"},
    {"[::2]", "[0, 1, 2, 3, 4]", "[0,2,4]"},
    {"[::-1]", "[0, 1, 2]", "[2,1,0]"},
    {"[-2:]", "[0, 1, 2]", "[1,2]"},
    {"[5:0:-2]", "[0, 1, 2, 3]", "[3,1]"},
    {"[*].a", "[{\"a\": 1}, {\"b\": 2}, {\"a\": 3}]", "[1,3]"},
    {"a[*].b", "{\"a\": 1}", "null"},
    {"*.a", "{\"x\": {\"a\": 1}, \"y\": {\"b\": 2}, \"z\": {\"a\": 3}}", "[1,3]"},
    {"a.*.b", "{\"a\": {\"x\": {\"b\": 1}, \"y\": 2}}", "[1]"},
    {"[]", "[[0, 1], 2, [3], [[4]]]", "[0,1,2,3,[4]]"},
    {"a[].b[]", "{\"a\": [{\"b\": [1, 2]}, {\"b\": [3]}]}", "[1,2,3]"},
    {"a[*].b[]", "{\"a\": [{\"b\": [1, 2]}, {\"b\": [3]}]}", "[1,2,3]"},
    {"a[*].b[0]", "{\"a\": [{\"b\": [1, 2]}, {\"b\": [3]}]}", "[1,3]"},
    {"a[*].b | [0]", "{\"a\": [{\"b\": 1}, {\"b\": 2}]}", "1"},
    {"(a[*].b)[0]", "{\"a\": [{\"b\": 1}, {\"b\": 2}]}", "1"},
    {"[a, b[0]]", "{\"a\": 1, \"b\": [2]}", "[1,2]"},
    {"a.[b, c]", "{\"a\": {\"b\": 1}}", "[1,null]"},
    {"a[*].[b, c][]", "{\"a\": [{\"b\": 1}, {\"c\": 2}]}", "[1,2]"},
    {"{x: a, \"y z\": b}", "{\"a\": 1}", "{\"x\":1,\"y z\":null}"},
    {"a || b", "{\"a\": \"\", \"b\": 2}", "2"},
    {"a && b", "{\"a\": [], \"b\": 2}", "[]"},
    {"!a", "{\"a\": {}}", "true"},
    {"!a == `false`", "{\"a\": 1}", "true"},
    {"a || b && c", "{\"a\": 1, \"b\": 2}", "1"},
    {"a == 'x'", "{\"a\": \"x\"}", "true"},
    {"a == `\"x\"`", "{\"a\": \"x\"}", "true"},
    {"a == 'it\\'s'", "{\"a\": \"it's\"}", "true"},
    {"a < `2`", "{\"a\": 1.5}", "true"},
    {"a < `2`", "{\"a\": \"1\"}", "null"},
    {"a != b", "{\"a\": {\"x\": [1]}, \"b\": {\"x\": [1]}}", "false"},
    {"[?a == `1`].b", "[{\"a\": 1, \"b\": 2}, {\"a\": 2, \"b\": 3}]", "[2]"},
    {"[?a > `1` && b].b", "[{\"a\": 2}, {\"a\": 2, \"b\": 3}]", "[3]"},
    {"a[?b].c[?d].e", "{\"a\": [{\"b\": 1, \"c\": {\"d\": 1, \"e\": 2}}]}", "[2]"},
    {"@", "{\"a\": 1}", "{\"a\":1}"},
    {"length(@)", "[1, 2]", "2"},
    {"length(a) > `0`", "{\"a\": \"h\\u00e9\"}", "true"},
    {"keys(a)", "{\"a\": {\"x\": 1, \"y\": 2}}", "[\"x\",\"y\"]"},
    {"values(@)", "{\"x\": 1, \"y\": 2}", "[1,2]"},
    {"contains(a, 'b')", "{\"a\": [\"b\"]}", "true"},
    {"contains(a, 'b')", "{\"a\": \"abc\"}", "true"},
    {"starts_with(a, 'a')", "{\"a\": \"abc\"}", "true"},
    {"ends_with(a, 'a')", "{\"a\": \"abc\"}", "false"},
    {"not_null(a, b, `1`)", "{}", "1"},
    {"type(a)", "{\"a\": []}", "\"array\""},
    {"length(a[?s == 'x' || s == 'y']) == length(a)", "{\"a\": [{\"s\": \"x\"}, {\"s\": \"y\"}]}",
     "true"},
    {"length(s[?!(length(d) == `1` && r == e)]) == `0`",
     "{\"s\": [{\"d\": [1], \"r\": 1, \"e\": 1}]}", "true"},
    {"length(Output || '') > `0`", "{}", "false"},
    {" a . b [ 0 ] ", "{\"a\": {\"b\": [7]}}", "7"},
};

static void expressions_select_what_the_specification_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_error err = {0};
        struct parity_buffer text = {0};
        json_t *document = NULL, *result = NULL;

        assert_int_equal(parity_json_parse(cases[i][1], strlen(cases[i][1]), NULL, &document, &err),
                         0);
        if (parity_jmespath_search(cases[i][0], document, &result, &err) < 0)
            fail_msg("%s: %s", cases[i][0], err.message);
        parity_json_write(&text, result, PARITY_JSON_COMPACT);
        if (strcmp(text.data, cases[i][2]) != 0)
            fail_msg("%s on %s gives %s, not %s", cases[i][0], cases[i][1], text.data, cases[i][2]);
        parity_buffer_clear(&text);
        json_decref(result);
        json_decref(document);
    }
}

static void broken_expressions_are_told_with_their_column(void **state)
{
    static const struct {
        const char *expression;
        int column;
    } broken[] = {{"", 1},        {"a.", 3},    {"a b", 3},    {"a[", 3},    {"[?a", 4},
                  {"foo(", 5},    {"'open", 6}, {"`1", 3},     {"{a: }", 5}, {"a ||", 5},
                  {"[1:2:0]", 7}, {"a[b", 3},   {"\"open", 1}, {"&a", 1},    {"a..b", 3}};

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct parity_error err = {0};
        json_t *document = json_object(), *result;

        assert_int_equal(parity_jmespath_search(broken[i].expression, document, &result, &err), -1);
        assert_null(result);
        assert_int_equal(err.code, PARITY_E_PARSE);
        if (err.column != broken[i].column)
            fail_msg("%s: column %d: %s", broken[i].expression, err.column, err.message);
        json_decref(document);
    }
}

static void functions_are_called_rightly_or_not_at_all(void **state)
{
    static const char *const calls[][2] = {
        {"length(a)", "JMESPath: length() takes a string, a list or an object"},
        {"nothing(a)", "JMESPath: unknown function nothing()"},
        {"length(a, b)", "JMESPath: length() is called with 2 arguments"},
        {"starts_with(`1`, 'a')", "JMESPath: starts_with() takes two strings"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct parity_error err = {0};
        json_t *document = json_object(), *result;

        assert_int_equal(parity_jmespath_search(calls[i][0], document, &result, &err), -1);
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_string_equal(err.message, calls[i][1]);
        json_decref(document);
    }
}

static void nesting_has_a_limit(void **state)
{
    static const char *const units[] = {"(", "!", "[*]", "a[?", "[a,", "{a:"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct parity_buffer text = {0};
        struct parity_error err = {0};
        json_t *document = json_object(), *result;

        for (int depth = 0; depth < 100000; depth++)
            parity_buffer_add_text(&text, units[i]);
        assert_int_equal(parity_jmespath_search(text.data, document, &result, &err), -1);
        assert_string_equal(err.message, "nested too deeply");
        parity_buffer_clear(&text);
        json_decref(document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_select_what_the_specification_says),
        cmocka_unit_test(broken_expressions_are_told_with_their_column),
        cmocka_unit_test(functions_are_called_rightly_or_not_at_all),
        cmocka_unit_test(nesting_has_a_limit),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
