/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/jmespath.h"

/* JSON with ' for ". */
static json_t *json(const char *text)
{
    struct parity_error err = {0};
    char *copy = parity_strdup(text);
    json_t *value = NULL;

    assert_non_null(copy);
    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    if (parity_json_parse(copy, strlen(copy), text, &value, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    parity_free(copy);
    return value;
}

static char *written(const json_t *value)
{
    struct parity_buffer out = {0};

    parity_json_write(&out, value, PARITY_JSON_COMPACT);
    return parity_buffer_take(&out);
}

static void expect(const char *expression, const char *document, const char *expected)
{
    struct parity_error err = {0};
    json_t *in = json(document), *wanted = json(expected), *out;
    char *wanted_text, *text;

    if (parity_jmespath_search(expression, in, &out, &err) < 0)
        fail_msg("%s: %d:%d: %s", expression, err.line, err.column, err.message);
    text = written(out);
    wanted_text = written(wanted);
    if (strcmp(text, wanted_text) != 0)
        fail_msg("%s on %s gives %s, not %s", expression, document, text, wanted_text);
    parity_free(text);
    parity_free(wanted_text);
    json_decref(out);
    json_decref(in);
    json_decref(wanted);
}

struct example {
    const char *expression, *document, *expected;
};

static void expect_all(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect(examples[i].expression, examples[i].document, examples[i].expected);
}

#define EXPECT_ALL(examples_) expect_all(examples_, sizeof examples_ / sizeof *examples_)

static void names_select_members(void **state)
{
    static const struct example examples[] = {
        {"a", "{'a': 1}", "1"},
        {"a", "{'b': 1}", "null"},
        {"a", "[1]", "null"},
        {"a", "null", "null"},
        {"a.b.c", "{'a': {'b': {'c': 'x'}}}", "'x'"},
        {"a.b.c", "{'a': {'b': 2}}", "null"},
        {" a . b ", "{'a': {'b': 2}}", "2"},
        {"\"a b\"", "{'a b': 2}", "2"},
        {"\"\\u0061\".\"\\\"\"", "{'a': {'\\u0022': 2}}", "2"},
        {"\"a\\u0000b\"", "{'a\\u0000b': 1, 'a': 2}", "1"},
        {"@", "{'a': 1}", "{'a': 1}"},
        {"@.a", "{'a': 1}", "1"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void indices_and_slices_select_elements(void **state)
{
    static const struct example examples[] = {
        {"[0]", "[1, 2]", "1"},
        {"a[-1]", "{'a': [1, 2]}", "2"},
        {"a[-3]", "{'a': [1, 2]}", "null"},
        {"[2]", "[1, 2]", "null"},
        {"[0]", "'text'", "null"},
        {"[0]", "{'a': 1}", "null"},
        {"[99999999999999999999]", "[1]", "null"},
        {"[0][1]", "[[1, 2]]", "2"},
        {"[1:3]", "[0, 1, 2, 3]", "[1, 2]"},
        {"[:2]", "[0, 1, 2, 3]", "[0, 1]"},
        {"[::2]", "[0, 1, 2, 3]", "[0, 2]"},
        {"[::-1]", "[0, 1, 2, 3]", "[3, 2, 1, 0]"},
        {"[-2:]", "[0, 1, 2, 3]", "[2, 3]"},
        {"[:-3:-1]", "[0, 1, 2, 3]", "[3, 2]"},
        {"[10:-10:-2]", "[0, 1, 2, 3]", "[3, 1]"},
        {"[-99999999999999999999:99999999999999999999]", "[0, 1]", "[0, 1]"},
        {"[::99999999999999999999]", "[0, 1]", "[0]"},
        {"[::-99999999999999999999]", "[0, 1]", "[1]"},
        {"[1:1]", "[0, 1]", "[]"},
        {"[:]", "'text'", "null"},
        {"[:2].a", "[{'a': 1}, {'b': 2}, {'a': 3}]", "[1]"},
        {"[0][:1].a", "[[{'a': 1}]]", "[1]"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void projections_apply_the_rest_to_each_item(void **state)
{
    static const struct example examples[] = {
        {"[*].a", "[{'a': 1}, {}, {'a': null}, {'a': 2}]", "[1, 2]"},
        {"[*]", "{'a': 1}", "null"},
        {"a[*].b[0]", "{'a': [{'b': [1, 2]}, {'b': [3]}]}", "[1, 3]"},
        {"a[*].b[*]", "{'a': [{'b': [1, 2]}, {'b': [3]}]}", "[[1, 2], [3]]"},
        {"a[*].b[]", "{'a': [{'b': [1, 2]}, {'b': [3]}]}", "[1, 2, 3]"},
        {"a[*].b | [0]", "{'a': [{'b': 1}, {'b': 3}]}", "1"},
        {"(a[*].b)[0]", "{'a': [{'b': 1}, {'b': 3}]}", "1"},
        {"*.b", "{'x': {'b': 1}, 'y': 2, 'z': {'b': 3}}", "[1, 3]"},
        {"a.*.b", "{'a': {'x': {'b': 1}}}", "[1]"},
        {"*", "[1]", "null"},
        {"*.*", "{'x': {'b': 1}, 'y': {'c': 2}}", "[[1], [2]]"},
        {"[]", "[[1, [2]], 3, [[]]]", "[1, [2], 3, []]"},
        {"[][]", "[[1, [2]], 3]", "[1, 2, 3]"},
        {"a[].b", "{'a': [[{'b': 1}], {'b': 2}]}", "[1, 2]"},
        {"a[]", "{'a': {}}", "null"},
        {"a[][0]", "{'a': [[[1, 2]], [[3]]]}", "[1, 3]"},
        {"[?a == `1`].b", "[{'a': 1, 'b': 2}, {'a': 2, 'b': 3}]", "[2]"},
        {"a[?b]", "{'a': [{'b': 0}, {'b': ''}, {'b': [0]}]}", "[{'b': 0}, {'b': [0]}]"},
        {"a[?b]", "{'a': 'text'}", "null"},
        {"a[?b].c[]", "{'a': [{'b': 1, 'c': [1, 2]}, {'b': 1, 'c': [3]}]}", "[1, 2, 3]"},
        {"a[?@ > `1`][]", "{'a': [1, 2, 3]}", "[2, 3]"},
        {"[*].[a, b]", "[{'a': 1}, {'b': 2}]", "[[1, null], [null, 2]]"},
        {"[*].{x: a}", "[{'a': 1}]", "[{'x': 1}]"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void operators_bind_as_the_reference_has_it(void **state)
{
    static const struct example examples[] = {
        {"a || b && c", "{'a': 0, 'b': '', 'c': 1}", "0"},
        {"a || b", "{'a': '', 'b': 2}", "2"},
        {"a && b", "{'a': [], 'b': 2}", "[]"},
        {"a && b", "{'a': 0, 'b': 2}", "2"},
        {"(a || b) && c", "{'a': 1, 'c': 3}", "3"},
        {"!a", "{'a': {}}", "true"},
        {"!a", "{'a': 0}", "false"},
        {"!!a", "{'a': 'x'}", "true"},
        {"!a == b", "{'a': false, 'b': true}", "true"},
        {"!a.b", "{'a': {'b': 1}}", "null"},
        {"a | b | c", "{'a': {'b': {'c': 1}}}", "1"},
        {"a == b || c == d", "{'a': 1, 'b': 2, 'c': 3, 'd': 3}", "true"},
        {"a < b", "{'a': 1, 'b': 1.5}", "true"},
        {"a <= b", "{'a': 1, 'b': 1.0}", "true"},
        {"a > b", "{'a': 9007199254740993, 'b': 9007199254740992.0}", "true"},
        {"a >= b", "{'a': 123456789012345678901, 'b': 123456789012345678902}", "false"},
        {"a < b", "{'a': -123456789012345678901, 'b': 1}", "true"},
        {"a < b", "{'a': 'B', 'b': 'a'}", "true"},
        {"a < b", "{'a': 'B', 'b': 1}", "null"},
        {"a < b", "{'a': true, 'b': 2}", "null"},
        {"a < b", "{'b': 2}", "null"},
        {"a == b", "{'a': 1, 'b': 1.0}", "true"},
        {"a == b", "{'a': [1, {'x': 2.0}], 'b': [1.0, {'x': 2}]}", "true"},
        {"a == b", "{'a': 1, 'b': true}", "false"},
        {"a == b", "{'a': 1, 'b': '1'}", "false"},
        {"a == b", "{}", "true"},
        {"a != b", "{'a': {'x': 1, 'y': 2}, 'b': {'y': 2, 'x': 1}}", "false"},
        {"a == b", "{'a': {'x': 1}, 'b': {'y': 1}}", "false"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void literals_stand_for_themselves(void **state)
{
    static const struct example examples[] = {
        {"'text'", "null", "'text'"},
        {"''", "null", "''"},
        {"'it\\'s'", "null", "'it\\u0027s'"},
        {"'a\\b'", "null", "'a\\\\b'"},
        {"`{\"a\": [1, 2.5, true, null]}`", "null", "{'a': [1, 2.5, true, null]}"},
        {"`\"a\\`b\"`", "null", "'a`b'"},
        {"`unquoted`", "null", "'unquoted'"},
        {"` unquoted `", "null", "'unquoted '"},
        {"``", "null", "''"},
        {"`123456789012345678901`", "null", "123456789012345678901"},
        {"`[1]`[0]", "null", "1"},
        {"{a: b, \"c d\": 'e'}", "{'b': 1}", "{'a': 1, 'c d': 'e'}"},
        {"[a, 'x', `1`]", "{}", "[null, 'x', 1]"},
        {"[a]", "null", "null"},
        {"a.{b: b}", "{}", "null"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void functions_of_numbers(void **state)
{
    static const struct example examples[] = {
        {"abs(@)", "-3", "3"},
        {"abs(@)", "-2.5", "2.5"},
        {"abs(@)", "-9223372036854775808", "9223372036854775808"},
        {"abs(@)", "-123456789012345678901", "123456789012345678901"},
        {"avg(@)", "[1, 2]", "1.5"},
        {"avg(@)", "[1, 3]", "2.0"},
        {"avg(@)", "[]", "null"},
        {"ceil(@)", "1.2", "2"},
        {"ceil(@)", "-0.5", "0"},
        {"ceil(@)", "7", "7"},
        {"floor(@)", "-1.2", "-2"},
        {"floor(@)", "1e22", "10000000000000000000000"},
        {"sum(@)", "[]", "0"},
        {"sum(@)", "[1, 2.5]", "3.5"},
        {"sum(@)", "[9223372036854775807, 1]", "9223372036854775808"},
        {"sum(@)", "[-9223372036854775808, -1]", "-9223372036854775809"},
        {"max(@)", "[1, 3.5, 2]", "3.5"},
        {"max(@)", "['b', 'a']", "'b'"},
        {"max(@)", "[]", "null"},
        {"min(@)", "[2, 1, 3]", "1"},
        {"min(@)", "['b', 'ab']", "'ab'"},
        {"to_number(@)", "'12'", "12"},
        {"to_number(@)", "'-1.5e3'", "-1500.0"},
        {"to_number(@)", "'x'", "null"},
        {"to_number(@)", "''", "null"},
        {"to_number(@)", "true", "null"},
        {"to_number(@)", "[1]", "null"},
        {"to_number(@)", "7", "7"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void functions_of_texts(void **state)
{
    static const struct example examples[] = {
        {"length(@)", "'\\u00e9\\ud83d\\ude00'", "2"},
        {"length(@)", "[1, 2]", "2"},
        {"length(@)", "{'a': 1}", "1"},
        {"contains(@, 'bc')", "'abcd'", "true"},
        {"contains(@, '')", "''", "true"},
        {"contains(@, 'x')", "'abcd'", "false"},
        {"contains(@, `1`)", "'1'", "false"},
        {"contains(@, `1.0`)", "[0, 1]", "true"},
        {"contains(@, `true`)", "[1]", "false"},
        {"starts_with(@, 'ab')", "'abc'", "true"},
        {"starts_with(@, 'abc')", "'ab'", "false"},
        {"ends_with(@, 'bc')", "'abc'", "true"},
        {"ends_with(@, 'abc')", "'bc'", "false"},
        {"join(', ', @)", "['a', 'b', 'c']", "'a, b, c'"},
        {"join('x', @)", "[]", "''"},
        {"reverse(@)", "'a\\u00e9\\ud83d\\ude00'", "'\\ud83d\\ude00\\u00e9a'"},
        {"reverse(@)", "[1, 2]", "[2, 1]"},
        {"reverse(@)", "''", "''"},
        {"to_string(@)", "'a'", "'a'"},
        {"to_string(@)", "[1, 2.0, null]", "'[1,2.0,null]'"},
        {"to_string(@)", "{'a': true}", "'{\\u0022a\\u0022:true}'"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void functions_of_lists_and_objects(void **state)
{
    static const struct example examples[] = {
        {"keys(@)", "{'b': 1, 'a': 2}", "['b', 'a']"},
        {"values(@)", "{'b': 1, 'a': 2}", "[1, 2]"},
        {"merge(@, `{\"a\": 3}`, `{\"c\": 4}`)", "{'a': 1, 'b': 2}", "{'a': 3, 'b': 2, 'c': 4}"},
        {"map(&a, @)", "[{'a': 1}, {}]", "[1, null]"},
        {"not_null(a, b, c)", "{'b': false, 'c': 1}", "false"},
        {"not_null(a)", "{}", "null"},
        {"sort(@)", "[3, 1.5, 2, 1]", "[1, 1.5, 2, 3]"},
        {"sort(@)", "['b', 'a', 'B', '']", "['', 'B', 'a', 'b']"},
        {"sort_by(@, &k)[*].v",
         "[{'k': 2, 'v': 'a'}, {'k': 1, 'v': 'b'}, {'k': 2, 'v': 'c'}, {'k': 1, 'v': 'd'}]",
         "['b', 'd', 'a', 'c']"},
        {"sort_by(@, &k)", "[]", "[]"},
        {"min_by(@, &k).v", "[{'k': 1, 'v': 'a'}, {'k': 1, 'v': 'b'}]", "'a'"},
        {"max_by(@, &k).v", "[{'k': 'x', 'v': 'a'}, {'k': 'y', 'v': 'b'}]", "'b'"},
        {"max_by(@, &k)", "[]", "null"},
        {"to_array(@)", "'a'", "['a']"},
        {"to_array(@)", "[1]", "[1]"},
        {"map(&type(@), @)", "[null, true, 1, 1.5, 'a', [], {}, 123456789012345678901]",
         "['null', 'boolean', 'number', 'number', 'string', 'array', 'object', 'number']"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

static void typed_values_are_scalars(void **state)
{
    static const struct example examples[] = {
        {"a.\"$datetime\"", "{'a': {'$datetime': '2022-07-13T13:48:01+00:00'}}", "null"},
        {"a.*", "{'a': {'$bytes': 'aGk='}}", "null"},
        {"type(a)", "{'a': {'$bytes': 'aGk='}}", "null"},
        {"a == b", "{'a': {'$bytes': 'aGk='}, 'b': {'$bytes': 'aGk='}}", "true"},
        {"a == b", "{'a': {'$bytes': 'aGk='}, 'b': 'aGk='}", "false"},
        {"!a", "{'a': {'$bytes': ''}}", "false"},
    };

    (void)state;
    EXPECT_ALL(examples);
}

struct fault {
    const char *expression;
    enum parity_errc code;
    int column;
    const char *message;
};

static void broken_expressions_are_refused_where_they_break(void **state)
{
    static const struct fault faults[] = {
        {"", PARITY_E_PARSE, 1, "the expression ends where an expression is expected"},
        {"a.", PARITY_E_PARSE, 3, "the expression ends where a name, '*', '[' or '{' is expected"},
        {".a", PARITY_E_PARSE, 1, "'.' stands where an expression is expected"},
        {"a b", PARITY_E_PARSE, 3, "'b' stands where an operator or the end is expected"},
        {"a[", PARITY_E_PARSE, 3, "the expression ends where an index, a slice or '*' is expected"},
        {"a[b]", PARITY_E_PARSE, 3, "'b' stands where an index, a slice or '*' is expected"},
        {"a[1", PARITY_E_PARSE, 4, "the expression ends where ']' is expected"},
        {"a[1:2:0]", PARITY_E_PARSE, 7, "'0' stands where a step other than 0 is expected"},
        {"a[1:2:3:4]", PARITY_E_PARSE, 8, "':' stands where the ']' of a slice is expected"},
        {"a[*", PARITY_E_PARSE, 4, "the expression ends where ']' is expected"},
        {"a[*]b", PARITY_E_PARSE, 5, "'b' stands where an operator or the end is expected"},
        {"a[?b", PARITY_E_PARSE, 5, "the expression ends where the ']' of a filter is expected"},
        {"a.[]", PARITY_E_PARSE, 3, "'[]' stands where a name, '*', '[' or '{' is expected"},
        {"a{b: c}", PARITY_E_PARSE, 2, "'{' stands where an operator is expected"},
        {"a*", PARITY_E_PARSE, 2, "'*' stands where an operator is expected"},
        {"[*]{a: b}", PARITY_E_PARSE, 4, "'{' stands where '.', '[' or an operator is expected"},
        {"{a}", PARITY_E_PARSE, 3, "'}' stands where ':' is expected"},
        {"{a: b,}", PARITY_E_PARSE, 7, "'}' stands where a name is expected"},
        {"{a: b c: d}", PARITY_E_PARSE, 7, "'c' stands where ',' or '}' is expected"},
        {"[a, b", PARITY_E_PARSE, 6, "the expression ends where ',' or ']' is expected"},
        {"(a", PARITY_E_PARSE, 3, "the expression ends where ')' is expected"},
        {"a = b", PARITY_E_PARSE, 3, "'=' is no operator; equality is '=='"},
        {"a #", PARITY_E_PARSE, 3, "'#' has no meaning here"},
        {"\xc3\xa9", PARITY_E_PARSE, 1, "the byte 0xc3 has no meaning outside quotes"},
        {"a\n  .\n  -", PARITY_E_PARSE, 3, "'-' without a number"},
        {"'text", PARITY_E_PARSE, 1, "what begins with ' here has no closing '"},
        {"a == `\"`", PARITY_E_PARSE, 6, NULL},
        {"\"a\\x\"", PARITY_E_PARSE, 1, NULL},
        {"&a", PARITY_E_PARSE, 1, "'&' stands where an expression is expected"},
        {"length(&a)", PARITY_E_PARSE, 8, "'&' stands where a value is expected"},
        {"sort_by(a, b)", PARITY_E_PARSE, 12,
         "'b' stands where an expression with '&' is expected"},
        {"keys(a", PARITY_E_PARSE, 7, "the expression ends where ',' or ')' is expected"},
        {"\"keys\"(a)", PARITY_E_PARSE, 7, "'(' stands where an operator is expected"},
        {"b.lenght(a)", PARITY_E_INVALID, 3,
         "there is no function 'lenght'; did you mean 'length'?"},
        {"frobnicate(a)", PARITY_E_INVALID, 1, "there is no function 'frobnicate'"},
        {"length()", PARITY_E_INVALID, 1, "length() takes 1 argument, not 0"},
        {"length(a, b)", PARITY_E_INVALID, 1, "length() takes 1 argument, not 2"},
        {"contains(a)", PARITY_E_INVALID, 1, "contains() takes 2 arguments, not 1"},
        {"not_null()", PARITY_E_INVALID, 1, "not_null() takes at least 1 argument, not 0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct parity_error err = {0};
        struct parity_jmespath *compiled = parity_jmespath_compile(faults[i].expression, &err);

        if (compiled || err.code != faults[i].code || err.column != faults[i].column ||
            (faults[i].message && strcmp(err.message, faults[i].message) != 0))
            fail_msg("%s: code %d, column %d: %s", faults[i].expression, (int)err.code, err.column,
                     err.message);
        assert_string_equal(err.context, faults[i].expression);
    }
}

static void a_function_refuses_values_that_it_does_not_take(void **state)
{
    static const struct fault faults[] = {
        {"length(a)", PARITY_E_INVALID, 1,
         "argument 1 of length() must be a string or an array or an object, not null"},
        {"x || abs('1')", PARITY_E_INVALID, 6, "argument 1 of abs() must be a number, not string"},
        {"sum(`[1, \"a\"]`)", PARITY_E_INVALID, 1,
         "argument 1 of sum() must be an array of numbers, not one of other values"},
        {"sort(`[1, \"a\"]`)", PARITY_E_INVALID, 1,
         "argument 1 of sort() must be an array of numbers or an array of strings, not one of "
         "other values"},
        {"sort_by(`[{\"a\": 1}, {\"a\": \"x\"}]`, &a)", PARITY_E_INVALID, 1,
         "the keys of sort_by() must be numbers or strings throughout, not a mixture"},
        {"max_by(`[{}]`, &a)", PARITY_E_INVALID, 1,
         "the keys of max_by() must be numbers or strings throughout, not null"},
        {"merge(`{}`, `1`)", PARITY_E_INVALID, 1,
         "argument 2 of merge() must be an object, not number"},
        {"ceil(`NaN`)", PARITY_E_INVALID, 1, "ceil() of a number without a finite value"},
        {"map(&length(@), `[1]`)", PARITY_E_INVALID, 6,
         "argument 1 of length() must be a string or an array or an object, not number"},
    };
    json_t *document = json("{}"), *out;

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct parity_error err = {0};

        assert_int_equal(parity_jmespath_search(faults[i].expression, document, &out, &err), -1);
        assert_null(out);
        assert_int_equal(err.code, faults[i].code);
        assert_string_equal(err.message, faults[i].message);
        assert_int_equal(err.column, faults[i].column);
    }
    json_decref(document);
}

/* `count` times `part`, in new memory. */
static char *repeated(const char *before, const char *part, size_t count, const char *after)
{
    struct parity_buffer out = {0};

    parity_buffer_add_text(&out, before);
    for (size_t i = 0; i < count; i++)
        parity_buffer_add_text(&out, part);
    parity_buffer_add_text(&out, after);
    return parity_buffer_take(&out);
}

static void deep_nesting_is_refused_instead_of_overflowing_the_stack(void **state)
{
    static const char *const parts[] = {"(",   "[",     "!",  "a.", "[0]", "a||", "a[?",    "{a:",
                                        "[*]", "map(&", "a|", "*.", "[]",  "a==", "length("};

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct parity_error err = {0};
        char *text = repeated("", parts[i], 100000, "a");

        assert_null(parity_jmespath_compile(text, &err));
        if (err.code != PARITY_E_LIMIT && err.code != PARITY_E_PARSE)
            fail_msg("%s: %s", parts[i], err.message);
        parity_free(text);
    }
}

static void long_chains_within_the_limit_work(void **state)
{
    char *text = repeated("@", ".a", 200, "");

    (void)state;
    expect(text, "{'a': 1}", "null");
    parity_free(text);
}

static void an_expression_that_grows_without_measure_is_stopped(void **state)
{
    struct parity_error err = {0};
    char *text = repeated("@", " | [@, @][]", 40, "");
    json_t *document = json("[1]"), *out;

    (void)state;
    assert_int_equal(parity_jmespath_search(text, document, &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_LIMIT);
    parity_free(text);
    json_decref(document);
}

static void a_document_stays_as_it_was(void **state)
{
    json_t *document = json("{'a': [{'b': [1]}, {'b': [2]}]}"), *copy = parity_json_copy(document);
    json_t *out;

    (void)state;
    assert_int_equal(parity_jmespath_search("merge({x: a[].b[]}, @)", document, &out, NULL), 0);
    json_decref(out);
    assert_true(parity_json_equal(document, copy));
    json_decref(document);
    json_decref(copy);
}

static void a_lack_of_memory_is_reported_wherever_it_happens(void **state)
{
    static const char *const expressions[] = {
        "a[?b > `1` && contains(c, 'x')].{k: b, l: [c, @]} | sort_by(@, &k)[::-1]",
        "join('-', map(&to_string(@), a[].b)) || keys(@) || 'x\\'y'",
        "merge(@, `{\"q\": [1]}`).*[] | max_by([?b], &b).\"c\"",
        "[sum(a[].b), avg(a[*].b), reverse(a[0].c), type(@), abs(`1.5`), ceil(`2.5`)]",
        "[`text`, to_number('1.5'), values(@), not_null(z, a)]",
    };
    json_t *document = json("{'a': [{'b': 2, 'c': 'xy'}, {'b': 1, 'c': 'ax'}]}");

    (void)state;
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        json_t *out = NULL;
        int rc = -1;

        for (unsigned long n = 1; rc < 0; n++) {
            struct parity_error err = {0};

            parity_memory_fail_at(n, 0);
            rc = parity_jmespath_search(expressions[i], document, &out, &err);
            parity_memory_fail_at(0, 0);
            if (rc < 0 && (err.code != PARITY_E_NOMEM || out))
                fail_msg("%s, allocation %lu: %s", expressions[i], n, err.message);
            assert_true(n < 10000);
        }
        json_decref(out);
    }
    json_decref(document);
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* One of: another character, one less, one more, a piece moved. */
static void mutate(char *text, size_t size, unsigned *random)
{
    static const char alphabet[] = "ab.[]*?:-019@&|!=<>(){},'`\"\\ \n\x01\xff";
    size_t length = strlen(text), at = length ? next_random(random) % length : 0;
    char c = alphabet[next_random(random) % (sizeof alphabet - 1)];

    switch (next_random(random) % 3) {
    case 0:
        if (length)
            text[at] = c;
        break;
    case 1:
        memmove(text + at, text + at + (length > 0), length - at + (length == 0));
        break;
    default:
        if (length + 2 < size) {
            memmove(text + at + 1, text + at, length - at + 1);
            text[at] = c;
        }
        break;
    }
}

static void mutated_expressions_give_a_result_or_an_error(void **state)
{
    static const char *const seeds[] = {
        "a[?b == `1` || c != 'x'].{k: b, l: [c, @]} | sort_by(@, &k)[::-1]",
        "length(services[?!(length(d) == `1` && r == q)]) == `0`",
        "a.*.b[-1:2:1][] | not_null(\"q\\u0041\", @[0], to_string(`{\"a\": [1]}`))",
        "map(&max_by(@, &b), a[*][])",
        "a[0].b || r",
        "[*].x == '1' && @",
    };
    json_t *document = json("{'a': [{'b': 2, 'c': 'xy'}, {'b': 1, 'c': ['ax']}], 'r': 1}");
    unsigned random = 20221, results = 0, errors = 0;

    (void)state;
    for (int i = 0; i < 40000; i++) {
        struct parity_error err = {0};
        char text[160];
        json_t *out;

        snprintf(text, sizeof text, "%s", seeds[i % 6]);
        for (unsigned n = next_random(&random) % 3 + 1; n > 0; n--)
            mutate(text, sizeof text, &random);
        if (parity_jmespath_search(text, document, &out, &err) == 0) {
            assert_non_null(out);
            assert_int_equal(err.code, PARITY_OK);
            results++;
        } else {
            assert_null(out);
            if (!err.code || !err.message[0])
                fail_msg("%s fails without a reason", text);
            errors++;
        }
        json_decref(out);
    }
    /* Both happen, or the mutations are of no use. */
    assert_in_range(results, 1000, 39000);
    assert_in_range(errors, 1000, 39000);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_select_members),
        cmocka_unit_test(indices_and_slices_select_elements),
        cmocka_unit_test(projections_apply_the_rest_to_each_item),
        cmocka_unit_test(operators_bind_as_the_reference_has_it),
        cmocka_unit_test(literals_stand_for_themselves),
        cmocka_unit_test(functions_of_numbers),
        cmocka_unit_test(functions_of_texts),
        cmocka_unit_test(functions_of_lists_and_objects),
        cmocka_unit_test(typed_values_are_scalars),
        cmocka_unit_test(broken_expressions_are_refused_where_they_break),
        cmocka_unit_test(a_function_refuses_values_that_it_does_not_take),
        cmocka_unit_test(deep_nesting_is_refused_instead_of_overflowing_the_stack),
        cmocka_unit_test(long_chains_within_the_limit_work),
        cmocka_unit_test(an_expression_that_grows_without_measure_is_stopped),
        cmocka_unit_test(a_document_stays_as_it_was),
        cmocka_unit_test(a_lack_of_memory_is_reported_wherever_it_happens),
        cmocka_unit_test(mutated_expressions_give_a_result_or_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
