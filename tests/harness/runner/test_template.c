/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static struct parity_error error;

/* What a template makes, new; NULL when it is refused. */
static json_t *value_of(const char *format, va_list *arguments)
{
    json_t *value;

    parity_error_clear(&error);
    if (parity_template_read(format, arguments, &value, &error) == 0)
        return value;
    assert_null(value);
    assert_int_not_equal(error.code, PARITY_OK);
    return NULL;
}

static json_t *made_value(const char *format, ...)
{
    va_list arguments;
    json_t *value;

    va_start(arguments, format);
    value = value_of(format, &arguments);
    va_end(arguments);
    return value;
}

/* The same as JSON text. The caller frees. */
static char *made(const char *format, ...)
{
    struct parity_buffer text = {0};
    va_list arguments;
    json_t *value;

    va_start(arguments, format);
    value = value_of(format, &arguments);
    va_end(arguments);
    if (!value)
        return NULL;
    parity_json_write(&text, value, PARITY_JSON_LINE);
    json_decref(value);
    return parity_buffer_take(&text);
}

#define assert_made(expected, ...)                                                                 \
    do {                                                                                           \
        char *text_ = made(__VA_ARGS__);                                                           \
        if (!text_)                                                                                \
            fail_msg("refused: %s", error.message);                                                \
        assert_string_equal(text_, expected);                                                      \
        parity_free(text_);                                                                        \
    } while (0)

#define assert_refused(line_, column_, part_, ...)                                                 \
    do {                                                                                           \
        char *text_ = made(__VA_ARGS__);                                                           \
        assert_null(text_);                                                                        \
        if (!strstr(error.message, part_))                                                         \
            fail_msg("other message: %s", error.message);                                          \
        assert_int_equal(error.code, PARITY_E_USAGE);                                              \
        assert_int_equal(error.line, line_);                                                       \
        assert_int_equal(error.column, column_);                                                   \
    } while (0)

static void a_template_reads_as_json_with_single_quotes(void **state)
{
    (void)state;
    assert_made("{\"a\": [1, -2.5, true, null], \"b\": {}}",
                "{'a': [1, -2.5, true, null], 'b':{}}");
    assert_made("{\"a\": \"it's \\\"x\\\"\"}", "{'a': 'it\\'s \"x\"'}");
    assert_made("{\"a\": \"b'c\"}", "{\"a\": \"b'c\"}");
    assert_made("\"\\u00e9\\ud83d\\ude00\\n\"", "'\\u00e9\\ud83d\\ude00\\n'");
    assert_made("\"\\ud800\"", "'\\ud800'");
    assert_made("[]", " [ ] ");
    assert_made("12345678901234567890123", "12345678901234567890123");
}

static void conversions_become_values(void **state)
{
    json_t *inner = json_pack("{s:[i]}", "x", 1);

    (void)state;
    assert_made("{\"s\": \"a\\\"b\", \"d\": -3}", "{'s': %s, 'd': %d}", "a\"b", -3);
    assert_made("[1, 2, 3, 18446744073709551615, 1.5]", "[%ld, %lld, %zu, %llu, %f]", 1L, 2LL,
                (size_t)3, UINT64_MAX, 1.5);
    assert_made("{\"v\": {\"x\": [1]}}", "{'v': %j}", inner);
    assert_made("{\"v\": \"{\\\"x\\\": [1]}\"}", "{'v': %J}", inner);
    assert_made("{\"b\": {\"$bytes\": \"aGkA\"}}", "{'b': %b}", "hi", (size_t)3);
    assert_made("{\"k\": 1}", "{%s: 1}", "k");
    json_decref(inner);
}

static void conversions_in_quotes_insert_text(void **state)
{
    json_t *text = json_string("it's"), *number = json_integer(7);

    (void)state;
    assert_made("\"arn:aws:sqs:eu-west-1:12:q 100%\"", "'arn:%s:sqs:%s:%d:q 100%%'", "aws",
                "eu-west-1", 12);
    assert_made("{\"k-1\": \"0.5\"}", "{'k-%d': '%f'}", 1, 0.5);
    assert_made("\"it's 7 true\"", "\"%j %j %j\"", text, number, json_true());
    json_decref(text);
    json_decref(number);
}

static void a_copy_is_taken_of_a_json_argument(void **state)
{
    json_t *inner = json_object();
    json_t *outer = made_value("{'v': %j}", inner);

    (void)state;
    json_object_set_new(inner, "later", json_true());
    assert_int_equal(json_object_size(json_object_get(outer, "v")), 0);
    json_decref(outer);
    json_decref(inner);
}

static void mistakes_are_pointed_at(void **state)
{
    json_t *list = json_array();

    (void)state;
    assert_refused(1, 9, "expected ','", "{'a': 1 'b': 2}");
    assert_refused(1, 6, "expected ':'", "{'a' 1}");
    assert_refused(2, 2, "expected a member name", "{\n a: 1}");
    assert_refused(1, 7, "no end", "{'a': 'b}");
    assert_refused(1, 7, "unknown conversion", "{'a': %x}");
    assert_refused(1, 9, "unknown conversion", "{'a': '1%'}");
    assert_refused(1, 7, "is NULL", "{'a': %s}", (char *)NULL);
    assert_refused(1, 7, "is NULL", "{'a': %j}", (json_t *)NULL);
    assert_refused(1, 8, "is NULL", "{'a': '%j'}", (json_t *)NULL);
    assert_refused(1, 8, "inside quotes", "{'a': '%J'}", (json_t *)NULL);
    assert_refused(1, 8, "only a text, number", "{'a': '%j'}", list);
    assert_refused(1, 7, "not UTF-8", "{'a': %s}", "\xff");
    assert_refused(1, 7, "not finite", "{'a': %f}", 1.0 / 0.0);
    assert_refused(1, 10, "there already", "{'a': 1, 'a': 2}");
    assert_refused(1, 7, "expected a value", "{'a': yes}");
    assert_refused(1, 7, "expected a value", "{'a': }");
    assert_refused(1, 4, "expected the end", "{} {}");
    assert_refused(1, 1, "expected a value", "");
    assert_refused(1, 2, "four hexadecimal", "'\\u12'");
    assert_refused(1, 2, "four hexadecimal", "'\\u\x10\x10\x10\x10'");
    assert_refused(1, 2, "unknown escape", "'\\x'");
    json_decref(list);
}

static void nesting_has_a_limit(void **state)
{
    char deep[1001];

    (void)state;
    memset(deep, '[', 1000);
    deep[1000] = '\0';
    assert_refused(1, 201, "too deeply", deep);
}

static void running_out_of_memory_is_an_error_without_a_leak(void **state)
{
    (void)state;
    for (unsigned long n = 1;; n++) {
        char *text;

        parity_memory_fail_at(n, 1);
        text = made("{'a': [%s, 'x%dy', {'b': 1.5, %s: %d}]}", "s", 1, "k", 2);
        parity_memory_fail_at(0, 0);
        if (text) {
            assert_string_equal(text, "{\"a\": [\"s\", \"x1y\", {\"b\": 1.5, \"k\": 2}]}");
            parity_free(text);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_reads_as_json_with_single_quotes),
        cmocka_unit_test(conversions_become_values),
        cmocka_unit_test(conversions_in_quotes_insert_text),
        cmocka_unit_test(a_copy_is_taken_of_a_json_argument),
        cmocka_unit_test(mistakes_are_pointed_at),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(running_out_of_memory_is_an_error_without_a_leak),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
