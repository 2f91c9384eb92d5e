/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

/* 77: built without libfyaml, as ctest knows it. */
enum { SKIPPED = 77 };

static struct parity_error error;
static struct parity_json_lines lines;

/* The JSON of a document; NULL with `error`. The caller frees. */
static char *read_yaml(const char *text, size_t length)
{
    struct parity_buffer out = {0};
    json_t *value;

    parity_error_clear(&error);
    parity_free(lines.items);
    memset(&lines, 0, sizeof lines);
    if (parity_yaml_parse(text, length, "s.yaml", &value, &lines, &error) < 0) {
        assert_null(value);
        assert_int_not_equal(error.code, PARITY_OK);
        return NULL;
    }
    parity_json_write(&out, value, PARITY_JSON_LINE);
    json_decref(value);
    return parity_buffer_take(&out);
}

static void plain_scalars_are_those_of_json(void **state)
{
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"null", "null"},
        {"", NULL},
        {"a:", "{\"a\": null}"},
        {"true", "true"},
        {"false", "false"},
        {"True", "\"True\""},
        {"no", "\"no\""},
        {"yes", "\"yes\""},
        {"off", "\"off\""},
        {"y", "\"y\""},
        {"~", "\"~\""},
        {"NULL", "\"NULL\""},
        {"7", "7"},
        {"-7", "-7"},
        {"+7", "\"+7\""},
        {"012", "\"012\""},
        {"0o14", "\"0o14\""},
        {"0x1F", "\"0x1F\""},
        {"1_000", "\"1_000\""},
        {"1:30", "\"1:30\""},
        {"1e3", "1000.0"},
        {"1.50", "1.5"},
        {".5", "\".5\""},
        {"5.", "\"5.\""},
        {".inf", "\".inf\""},
        {"123456789012345678901", "123456789012345678901"},
        {"2026-11-28", "\"2026-11-28\""},
        {"'7'", "\"7\""},
        {"\"true\"", "\"true\""},
        {"\"a\\x41\\u00e9\"", "\"aA\\u00e9\""},
        {"'it''s'", "\"it's\""},
        {"a b", "\"a b\""},
        {"${name}", "\"${name}\""},
        {"|\n  a\n  b\n", "\"a\\nb\\n\""},
        {">-\n  a\n  b\n", "\"a b\""},
        {"# only\nx # and here", "\"x\""},
        {"{a: [1, b], 'c d': {}}", "{\"a\": [1, \"b\"], \"c d\": {}}"},
        {"- a: 1\n  b: [x]\n-\n  - 2\n", "[{\"a\": 1, \"b\": [\"x\"]}, [2]]"},
        {"7: x\nnull: y\ntrue: z", "{\"7\": \"x\", \"null\": \"y\", \"true\": \"z\"}"},
        {"%YAML 1.2\n---\na: 1\n...\n", "{\"a\": 1}"},
        {"{\"tests\": [{\"id\": \"a\"}]}", "{\"tests\": [{\"id\": \"a\"}]}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *json = read_yaml(cases[i].yaml, strlen(cases[i].yaml));

        if (!json != !cases[i].json || (json && strcmp(json, cases[i].json) != 0))
            fail_msg("%s: %s (%s), not %s", cases[i].yaml, json ? json : "refused", error.message,
                     cases[i].json ? cases[i].json : "refused");
        parity_free(json);
    }
}

static void what_json_cannot_say_is_refused_with_its_place(void **state)
{
    static const char anchors[] = "anchors and tags are not read; name values in 'let'";
    static const struct {
        const char *yaml;
        int line, column;
        const char *message; /* NULL: the parser's */
    } cases[] = {
        {"a: &x 1", 1, 7, anchors},
        {"a: 1\nb: &x {c: 1}", 2, 7, anchors},
        {"a: &x [1]", 1, 7, anchors},
        {"a: !!str 7", 1, 10, anchors},
        {"a: !own {b: 1}", 1, 9, anchors},
        {"a: 1\nb: !!str", 2, 4, anchors},
        {"a: 1\nb: [1, &x ]", 2, 9, anchors},
        {"a: 1\nb: *x", 2, 5, "aliases are not read; name values in 'let'"},
        {"<<: {a: 1}\nb: 2", 1, 1, "merge keys are not read; name values in 'let'"},
        {"a: 1\nb: 2\na: 3", 3, 1, "this member stands here for the second time"},
        {"? [a, b]\n: 1", 1, 3, "the name of a member must be a text"},
        {"? {a: b}\n: 1", 1, 3, "the name of a member must be a text"},
        {"--- 1\n--- 2\n", 2, 1, "more than one document in the file"},
        {"a: [1, 2", 1, 0, NULL},
        {"a: b: c", 1, 0, NULL},
        {"a:\n\t- b", 2, 0, NULL},
        {"\"open", 1, 0, NULL},
        {"# nothing\n", 0, 0, "is empty where YAML is expected"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *json = read_yaml(cases[i].yaml, strlen(cases[i].yaml));

        if (json)
            fail_msg("%s: %s", cases[i].yaml, json);
        if (cases[i].message)
            assert_string_equal(error.message, cases[i].message);
        if (cases[i].column && (error.line != cases[i].line || error.column != cases[i].column))
            fail_msg("%s: at %d:%d", cases[i].yaml, error.line, error.column);
        assert_string_equal(error.context, "s.yaml");
    }
}

/* The billion laughs: it ends at the first anchor. */
static void a_bomb_of_aliases_is_refused_at_once(void **state)
{
    static const char bomb[] = "a: &a [x, x, x, x, x, x, x, x, x]\n"
                               "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                               "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n";

    (void)state;
    assert_null(read_yaml(bomb, sizeof bomb - 1));
    assert_int_equal(error.line, 1);
}

static void depth_has_a_limit(void **state)
{
    struct parity_buffer deep = {0};

    (void)state;
    for (int i = 0; i < 5000; i++)
        parity_buffer_add_char(&deep, '[');
    assert_null(read_yaml(deep.data, deep.length));
    parity_buffer_clear(&deep);
}

/* That of a member is where its name stands. */
static void each_value_has_its_line(void **state)
{
    static const char text[] = "# c\ntests:\n  - a: 1\n    b:\n      - x\n      - y\n"
                               "    empty:\n    also: [1,\n     {b: , c: }]\n    last:\n\n";
    static const int expected[] = {2, 2, 3, 3, 4, 5, 6, 7, 8, 8, 9, 9, 9, 10};
    char *json = read_yaml(text, sizeof text - 1);

    (void)state;
    assert_non_null(json);
    assert_int_equal(lines.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < lines.count; i++)
        assert_int_equal(lines.items[i], expected[i]);
    parity_free(json);
}

/* libfyaml takes some of them for the end of the document. */
static void characters_that_are_none_of_yaml_are_refused(void **state)
{
    static const struct {
        const char *yaml;
        int line, column;
        const char *message;
    } cases[] = {
        {"a: \xff\xfe", 1, 4, "the byte 0xff is not UTF-8"},
        {"a: 1\nb: \"\xc3\x28\"", 2, 5, "the byte 0xc3 is not UTF-8"},
        {"# \xff\na: 1", 1, 3, "the byte 0xff is not UTF-8"},
        {"a: \xed\xa0\x80", 1, 4,
         "the character 0xd800 cannot stand in YAML; write it as an escape in double quotes"},
        {"a: \x01", 1, 4,
         "the character 0x01 cannot stand in YAML; write it as an escape in double quotes"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(read_yaml(cases[i].yaml, strlen(cases[i].yaml)));
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
    }
    assert_null(read_yaml("a: b\0c", 6));
}

static int clear_lines(void **state)
{
    (void)state;
    parity_free(lines.items);
    memset(&lines, 0, sizeof lines);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_scalars_are_those_of_json),
        cmocka_unit_test(what_json_cannot_say_is_refused_with_its_place),
        cmocka_unit_test(a_bomb_of_aliases_is_refused_at_once),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(each_value_has_its_line),
        cmocka_unit_test(characters_that_are_none_of_yaml_are_refused),
    };
    char *json = read_yaml("1", 1);

    parity_free(json);
    if (!json && error.code == PARITY_E_ENVIRONMENT)
        return SKIPPED;
    return cmocka_run_group_tests(tests, NULL, clear_lines);
}
