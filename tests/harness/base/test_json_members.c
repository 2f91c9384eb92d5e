/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"

/* Both ways come to the same members with the same values. */
static void assert_found(const char *text, size_t count)
{
    struct parity_json_members members = {0};
    struct parity_error err = {0};
    json_t *document, *value;
    const char *name;

    assert_int_equal(parity_json_members_find(text, strlen(text), &members), 1);
    assert_int_equal(members.count, count);
    assert_int_equal(parity_json_parse_unique(text, strlen(text), NULL, &document, &err), 0);
    assert_int_equal(json_object_size(document), count);
    json_object_foreach(document, name, value) {
        const struct parity_json_member *member = parity_json_members_get(&members, name);
        json_t *alone;

        assert_non_null(member);
        assert_int_equal(parity_json_parse(member->value, member->length, NULL, &alone, &err), 0);
        assert_true(parity_json_equal(alone, value));
        json_decref(alone);
    }
    assert_null(parity_json_members_get(&members, "no such name"));
    json_decref(document);
    parity_free(members.items);
}

static void assert_left_to_parsing(const char *text, size_t length)
{
    struct parity_json_members members = {0};

    if (parity_json_members_find(text, length, &members) != 0)
        fail_msg("found in: %.*s", (int)length, text);
    assert_null(members.items);
}

static void members_are_found_where_they_stand(void **state)
{
    (void)state;
    assert_found("{}", 0);
    assert_found(" { \n } \t\r\n", 0);
    assert_found("{\"a\": {}}", 1);
    assert_found("{\"b\":{\"x\":[1,-2.5e+10,[],[{}]]},\"a\":{\"y\":null,\"x\":true},\"\":{}}", 3);
    assert_found(
        "{\n  \"long name\": {\n    \"k\": \"v\"\n  },\n  \"a\": {\n    \"b\": false\n  }\n}", 2);
}

static void texts_may_hold_escapes_and_marks(void **state)
{
    (void)state;
    assert_found(
        "{\"a\": {\"k\": \"} \\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u00e9 \\ud83d\\ude00 \\ud83d {\"}}",
        1);
    assert_found("{\"}{][,:\": {\"}{][,:\": \"}{][,:\"}}", 1);
}

static void equal_names_in_different_objects_are_fine(void **state)
{
    (void)state;
    assert_found("{\"a\": {\"a\": {\"a\": 1}, \"b\": {\"a\": 1}, \"c\": [{\"a\": 1}, {\"a\": 1}]}}",
                 1);
}

/* What parsing refuses, and what it reads though it is not usual. */
static void all_else_is_left_to_parsing(void **state)
{
    static const char *const texts[] = {
        "",
        "[]",
        "1",
        "{",
        "{}}",
        "{} x",
        "{\"a\"}",
        "{\"a\": }",
        "{\"a\": 1}",
        "{\"a\": []}",
        "{\"a\": {},}",
        "{\"a\": {} \"b\": {}}",
        "{a: {}}",
        "{\"a\": {}, \"a\": {}}",
        "{\"b\": {}, \"a\": {}, \"b\": {}}",
        "{\"a\": {\"k\": 1, \"k\": 2}}",
        "{\"a\": {\"k\": {\"l\": 1, \"m\": {\"l\": 1}, \"l\": 2}}}",
        "{\"a\": {\"k\": [1}}}",
        "{\"a\": {\"k\": {1]}}",
        "{\"a\": {\"k\": [1,]}}",
        "{\"a\": {\"k\": [,1]}}",
        "{\"a\": {\"k\": [1 2]}}",
        "{\"a\": {\"k\": 01}}",
        "{\"a\": {\"k\": 1.}}",
        "{\"a\": {\"k\": -}}",
        "{\"a\": {\"k\": nul}}",
        "{\"a\": {\"k\": nulls}}",
        "{\"a\": {\"k\": NaN}}",
        "{\"a\": {\"k\": \"\\x\"}}",
        "{\"a\": {\"k\": \"\\u12\"}}",
        "{\"a\": {\"k\": \"\n\"}}",
        "{\"a\": {\"k\": \"\xc3\xa9\"}}",
        "{\"a\": {\"\\u006b\": 1}}",
        "{\"\\u0061\": {}}",
        "{\"a\": {}\n<<<<<<< HEAD\n}",
        "\xef\xbb\xbf{}",
    };
    static const char nul[] = "{\"a\": {\"k\": 1\0}}", escaped_nul[] = "{\"a\": {\"k\": \"\\\0\"}}";

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_left_to_parsing(texts[i], strlen(texts[i]));
    assert_left_to_parsing(nul, sizeof nul - 1);
    assert_left_to_parsing(escaped_nul, sizeof escaped_nul - 1);
    assert_left_to_parsing(NULL, 0);
}

/* A text that is cut off anywhere, in a buffer of its own size, where reading too far shows. */
static void nothing_is_read_behind_the_end(void **state)
{
    static const char text[] = "{\"a\": {\"k\": [\"\\u00e9\\n\", -1.5e3, true, null, {\"l\": 0}]}}";

    (void)state;
    for (size_t length = 1; length < sizeof text - 1; length++) {
        char *cut = parity_malloc(length);

        memcpy(cut, text, length);
        assert_left_to_parsing(cut, length);
        parity_free(cut);
    }
}

static void what_is_deep_or_wide_is_left_to_parsing(void **state)
{
    struct parity_buffer deep = {0}, wide = {0};

    (void)state;
    parity_buffer_add_text(&deep, "{\"a\": {\"k\": ");
    for (int i = 0; i < 5000; i++)
        parity_buffer_add_char(&deep, '[');
    assert_left_to_parsing(deep.data, deep.length);
    parity_buffer_add_text(&wide, "{\"a\": {\"k\": 1");
    for (int i = 0; i < 1000; i++)
        parity_buffer_printf(&wide, ", \"k%d\": 1", i);
    parity_buffer_add_text(&wide, "}}");
    assert_left_to_parsing(wide.data, wide.length);
    parity_buffer_clear(&deep);
    parity_buffer_clear(&wide);
}

static void many_members_are_found(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        parity_buffer_printf(&text, "%s\"name %d\": {\"n\": %d}", i ? ", " : "{", i * 7919 % 1000,
                             i);
    parity_buffer_add_char(&text, '}');
    assert_found(text.data, 1000);
    parity_buffer_clear(&text);
}

static void running_out_of_memory_is_told(void **state)
{
    static const char text[] = "{\"a\": {\"k\": {\"l\": 1}}, \"b\": {}}";
    struct parity_json_members members = {0};
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        parity_memory_fail_at(n, 0);
        rc = parity_json_members_find(text, strlen(text), &members);
        parity_memory_fail_at(0, 0);
        assert_true(rc < 0 || n > 1);
        assert_int_equal(members.count, rc < 0 ? 0 : 2);
    }
    assert_int_equal(rc, 1);
    parity_free(members.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_where_they_stand),
        cmocka_unit_test(texts_may_hold_escapes_and_marks),
        cmocka_unit_test(equal_names_in_different_objects_are_fine),
        cmocka_unit_test(all_else_is_left_to_parsing),
        cmocka_unit_test(nothing_is_read_behind_the_end),
        cmocka_unit_test(what_is_deep_or_wide_is_left_to_parsing),
        cmocka_unit_test(many_members_are_found),
        cmocka_unit_test(running_out_of_memory_is_told),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("json members", tests, NULL, NULL);
}
