/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

/* The compact form of what `text` reads as; for the caller to free. */
static char *reread_n(const char *text, size_t length)
{
    struct parity_buffer out = {0};
    struct parity_error err = {0};
    json_t *value;

    if (parity_json_parse(text, length, NULL, &value, &err) < 0)
        fail_msg("%s -> %s", text, err.message);
    parity_json_write(&out, value, PARITY_JSON_COMPACT);
    json_decref(value);
    return parity_buffer_take(&out);
}

static void assert_reads_as(const char *text, const char *expected)
{
    char *actual = reread_n(text, strlen(text));

    assert_string_equal(actual, expected);
    parity_free(actual);
}

static void every_kind_of_value_is_read(void **state)
{
    (void)state;
    assert_reads_as(
        " {\"a\" : [ 1 , -2.50 , true,false ,null, \"x\" ] ,\"b\":{ }, \"c\":[ ]}\r\n\t",
        "{\"a\":[1,-2.5,true,false,null,\"x\"],\"b\":{},\"c\":[]}");
    assert_reads_as("\"alone\"", "\"alone\"");
    assert_reads_as("7", "7");
}

static void repeated_member_replaces_the_first_in_its_place(void **state)
{
    (void)state;
    assert_reads_as("{\"a\":1,\"b\":2,\"a\":{\"c\":3}}", "{\"a\":{\"c\":3},\"b\":2}");
    assert_reads_as("{\"a\":{\"x\":1},\"a\":{\"y\":2}}", "{\"a\":{\"y\":2}}");
}

static void numbers_keep_their_type_and_size(void **state)
{
    (void)state;
    assert_reads_as("[1,1.0,-0,-0.0,1e2,9223372036854775807,9223372036854775808]",
                    "[1,1.0,0,-0.0,100.0,9223372036854775807,9223372036854775808]");
    assert_reads_as("[NaN,Infinity,-Infinity,1E400,-1E400,1e-400]",
                    "[NaN,Infinity,-Infinity,Infinity,-Infinity,0.0]");
    assert_reads_as("-123456789012345678901234567890", "-123456789012345678901234567890");
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    assert_reads_as("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\"",
                    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"");
    assert_reads_as("\"\xC3\xA9\xF0\x9F\x98\x80\"", "\"\\u00e9\\ud83d\\ude00\"");
    assert_reads_as("\"a\\u0000b\"", "\"a\\u0000b\"");
    assert_reads_as("{\"k\\u0000\":1,\"k\":2}", "{\"k\\u0000\":1,\"k\":2}");
}

static void unpaired_surrogates_survive(void **state)
{
    (void)state;
    assert_reads_as("\"\\ud83d\"", "\"\\ud83d\"");
    assert_reads_as("\"\\ude00\\ud83dx\"", "\"\\ude00\\ud83dx\"");
    assert_reads_as("\"\\ud83d\\ud83d\\ude00\"", "\"\\ud83d\\ud83d\\ude00\"");
    assert_reads_as("\"\\ud83d\\n\"", "\"\\ud83d\\n\"");
}

static void broken_text_is_refused_where_it_breaks(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *message;
    } cases[] = {
        {"", 1, 1, "is empty where JSON is expected"},
        {" \n ", 2, 2, "is empty where JSON is expected"},
        {"{\"a\":1", 1, 7, "the text ends where ',' or '}' should be"},
        {"[1,]", 1, 4, "expected a value, found ']'"},
        {"{\"a\":1,}", 1, 8, "expected the name of a member in double quotes, found '}'"},
        {"{a:1}", 1, 2, "expected the name of a member in double quotes, found 'a'"},
        {"{\"a\" 1}", 1, 6, "expected ':', found '1'"},
        {"[1\n 2]", 2, 2, "expected ',' or ']', found '2'"},
        {"{\"a\":[1}", 1, 8, "expected ',' or ']', found '}'"},
        {"1 x", 1, 3, "expected nothing after the end of the document, found 'x'"},
        {"nul", 1, 1, "expected a value, found 'n'"},
        {"'a'", 1, 1, "expected a value, found '''"},
        {"01", 1, 1, "no number of JSON: 01, 1., 1e and the like are none"},
        {"[1.]", 1, 2, "no number of JSON: 01, 1., 1e and the like are none"},
        {"[1e]", 1, 2, "no number of JSON: 01, 1., 1e and the like are none"},
        {"[.5]", 1, 2, "expected a value, found '.'"},
        {"-", 1, 1, "expected a value, found '-'"},
        {"\"a", 1, 3, "the text ends where the closing quote of a string should be"},
        {"\"a\\", 1, 4,
         "the text ends where the letter of an escape (\" \\ / b f n r t u) should be"},
        {"\"\\x\"", 1, 3, "expected the letter of an escape (\" \\ / b f n r t u), found 'x'"},
        {"\"\\u12g4\"", 1, 3, "\\u must be followed by four hexadecimal digits"},
        {"\"\\u12", 1, 3, "\\u must be followed by four hexadecimal digits"},
        {"\"a\tb\"", 1, 3, "a control character in a string must be escaped (\\n, \\t, \\u00…)"},
        {"[\"\xFF\"]", 1, 3, "the text is not UTF-8"},
        {"[\"\xED\xA0\x80\"]", 1, 3, "the text is not UTF-8"},
        {"[\"\xC3\"]", 1, 3, "the text is not UTF-8"},
        {"[\xC3\xA9]", 1, 2, "expected a value, found byte 0xc3"},
        {"\xEF\xBB\xBF{}", 1, 1, "begins with a byte order mark: save it as UTF-8 without one"},
        {"\xFF\xFE{", 1, 1, "is UTF-16: save it as UTF-8"},
        {"{\n<<<<<<< HEAD\n", 2, 1, "merge conflict marker: resolve the conflict first"},
        {"{\"a\":1\n=======\n", 2, 1, "merge conflict marker: resolve the conflict first"},
        {"{\"a\":1,\n>>>>>>> other\n", 2, 1, "merge conflict marker: resolve the conflict first"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_error err = {0};
        json_t *value = (json_t *)&err;

        assert_int_equal(
            parity_json_parse(cases[i].text, strlen(cases[i].text), "file.json", &value, &err), -1);
        assert_null(value);
        assert_int_equal(err.code, PARITY_E_PARSE);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.context, "file.json");
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(err.column, cases[i].column);
    }
}

static void repeated_member_is_refused_where_asked_to(void **state)
{
    static const char text[] = "{\"a\": 1,\n \"b\": {\"a\": 2, \"a\": 3}}";
    struct parity_error err = {0};
    json_t *value;

    (void)state;
    assert_int_equal(parity_json_parse_unique(text, sizeof text - 1, "x.json", &value, &err), -1);
    assert_null(value);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 16);
    assert_string_equal(err.message,
                        "member 'a' is there twice: remove one, or merge the two by hand");
    assert_int_equal(parity_json_parse_unique("{\"a\": {\"a\": 1}}", 15, NULL, &value, NULL), 0);
    json_decref(value);
}

static void zero_byte_between_values_is_refused(void **state)
{
    struct parity_error err = {0};
    json_t *value;

    (void)state;
    assert_int_equal(parity_json_parse("[1\0]", 4, NULL, &value, &err), -1);
    assert_string_equal(err.message, "expected ',' or ']', found byte 0x00");
    assert_int_equal(parity_json_parse("\"\\\0\"", 4, NULL, &value, &err), -1);
}

static char *nested(size_t depth)
{
    char *text = malloc(2 * depth + 1);

    assert_non_null(text);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    text[2 * depth] = '\0';
    return text;
}

static void nesting_ends_at_two_thousand(void **state)
{
    struct parity_error err = {0};
    char *text = nested(2000);
    json_t *value;

    (void)state;
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, &err), 0);
    json_decref(value);
    free(text);
    text = nested(2001);
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, &err), -1);
    assert_int_equal(err.code, PARITY_E_LIMIT);
    assert_int_equal(err.column, 2001);
    free(text);
    text = nested(1000000);
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, NULL), -1);
    free(text);
}

static void missing_file_is_not_found(void **state)
{
    struct parity_error err = {0};
    json_t *value;

    (void)state;
    assert_int_equal(parity_json_read_file("/nonexistent/x.json", &value, &err), -1);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_null(value);
}

static void a_check_says_what_reading_would_say(void **state)
{
    static const char *const texts[] = {"{\"a\": [1, {\"b\": \"\\u00e9\"}, [], {}], \"c\": NaN}",
                                        "[",
                                        "[[{\"a\": [1}]]",
                                        "{\"a\"}",
                                        "[1, 2",
                                        "\"x",
                                        "[01]",
                                        ""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct parity_error wanted = {0}, found = {0};
        json_t *value;
        int rc = parity_json_parse(texts[i], strlen(texts[i]), NULL, &value, &wanted);

        assert_int_equal(parity_json_check(texts[i], strlen(texts[i]), &found), rc);
        assert_int_equal(found.code, wanted.code);
        assert_string_equal(found.message, wanted.message);
        assert_int_equal(found.column, wanted.column);
        json_decref(value);
    }
}

/* A list of so many bytes that equal strings are shared, with "a", "b", "a", "b", … */
static json_t *large_list(int (*parse)(const char *text, size_t length, const char *name,
                                       json_t **out, struct parity_error *err))
{
    enum { ITEMS = 300000 };
    struct parity_buffer text = {0};
    json_t *value;

    parity_buffer_add_char(&text, '[');
    for (size_t i = 0; i < ITEMS; i++)
        parity_buffer_add_text(&text, i % 2 ? "\"b\"," : "\"a\",");
    parity_buffer_add_text(&text, "\"\"]");
    assert_int_equal(parse(text.data, text.length, NULL, &value, NULL), 0);
    parity_buffer_clear(&text);
    assert_int_equal(json_array_size(value), ITEMS + 1);
    for (size_t i = 0; i < ITEMS; i++)
        assert_string_equal(json_string_value(json_array_get(value, i)), i % 2 ? "b" : "a");
    return value;
}

static void equal_strings_of_a_large_document_are_one_where_asked_to(void **state)
{
    json_t *sharing = large_list(parity_json_parse_sharing), *own = large_list(parity_json_parse);

    (void)state;
    assert_ptr_equal(json_array_get(sharing, 0), json_array_get(sharing, 2));
    assert_ptr_equal(json_array_get(sharing, 1), json_array_get(sharing, 3));
    assert_ptr_not_equal(json_array_get(own, 0), json_array_get(own, 2));
    json_decref(sharing);
    json_decref(own);
}

static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    static const char text[] =
        "{\"a\\n\":[1,2.5,\"x\\ty\",{\"b\":123456789012345678901}],\"c\":NaN}";
    unsigned long n = 0;
    int rc;

    (void)state;
    do {
        struct parity_error err = {0};
        json_t *value;

        parity_memory_fail_at(++n, 0);
        rc = parity_json_parse(text, strlen(text), NULL, &value, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0) {
            assert_int_equal(err.code, PARITY_E_NOMEM);
            assert_null(value);
        }
        json_decref(value);
    } while (rc < 0);
    assert_true(n > 10);
    n = 0;
    do {
        struct parity_error err = {0};

        parity_memory_fail_at(++n, 0);
        rc = parity_json_check(text, strlen(text), &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
    } while (rc < 0);
    assert_true(n > 3);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(repeated_member_replaces_the_first_in_its_place),
        cmocka_unit_test(numbers_keep_their_type_and_size),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(unpaired_surrogates_survive),
        cmocka_unit_test(broken_text_is_refused_where_it_breaks),
        cmocka_unit_test(repeated_member_is_refused_where_asked_to),
        cmocka_unit_test(zero_byte_between_values_is_refused),
        cmocka_unit_test(nesting_ends_at_two_thousand),
        cmocka_unit_test(missing_file_is_not_found),
        cmocka_unit_test(a_check_says_what_reading_would_say),
        cmocka_unit_test(equal_strings_of_a_large_document_are_one_where_asked_to),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("json_read", tests, init, NULL);
}
