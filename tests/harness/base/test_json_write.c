/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

/* Texts are what Python's json.dumps() gives for the same value. */
static void assert_written(const json_t *value, enum parity_json_style style, const char *expected)
{
    struct parity_buffer out = {0};

    parity_json_write(&out, value, style);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
}

static json_t *sample(void)
{
    json_t *value;
    static const char text[] =
        "{\"a\": [1, {\"b\": null}, [], {}], \"\\u00e9\": \"\\u00e9\\ud83d\\ude00\"}";

    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, NULL), 0);
    return value;
}

static void pretty_style_is_that_of_files(void **state)
{
    json_t *value = sample();

    (void)state;
    assert_written(
        value, PARITY_JSON_PRETTY,
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    },\n    [],\n    {}\n  ],\n"
        "  \"\\u00e9\": \"\\u00e9\\ud83d\\ude00\"\n}");
    json_decref(value);
}

static void line_style_has_blanks_behind_separators(void **state)
{
    json_t *value = sample();

    (void)state;
    assert_written(value, PARITY_JSON_LINE,
                   "{\"a\": [1, {\"b\": null}, [], {}], \"\\u00e9\": \"\\u00e9\\ud83d\\ude00\"}");
    json_decref(value);
}

static void compact_styles_differ_in_escapes(void **state)
{
    json_t *value = sample();

    (void)state;
    assert_written(value, PARITY_JSON_COMPACT,
                   "{\"a\":[1,{\"b\":null},[],{}],\"\\u00e9\":\"\\u00e9\\ud83d\\ude00\"}");
    assert_written(value, PARITY_JSON_UTF8,
                   "{\"a\":[1,{\"b\":null},[],{}],\"\xC3\xA9\":\"\xC3\xA9\xF0\x9F\x98\x80\"}");
    json_decref(value);
}

static void every_control_character_is_escaped(void **state)
{
    static const char text[] = "\x01\b\t\n\v\f\r\x1f \"/\\~\x7f";
    json_t *value = json_stringn_nocheck(text, sizeof text - 1);

    (void)state;
    assert_written(value, PARITY_JSON_LINE,
                   "\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"/\\\\~\\u007f\"");
    assert_written(value, PARITY_JSON_UTF8,
                   "\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"/\\\\~\x7f\"");
    json_decref(value);
}

static void surrogates_are_escaped_in_every_style(void **state)
{
    json_t *value = json_stringn_nocheck("\xED\xA0\xBD", 3);

    (void)state;
    assert_written(value, PARITY_JSON_LINE, "\"\\ud83d\"");
    assert_written(value, PARITY_JSON_UTF8, "\"\\ud83d\"");
    json_decref(value);
}

static void bytes_that_are_no_utf8_become_replacement_characters(void **state)
{
    json_t *value = json_stringn_nocheck("a\xFFz", 3);

    (void)state;
    assert_written(value, PARITY_JSON_LINE, "\"a\\ufffdz\"");
    json_decref(value);
}

static void typed_dates_and_bytes_are_written_as_objects(void **state)
{
    json_t *date = parity_json_datetime("2022-07-13T13:48:01+00:00");
    json_t *bytes = parity_json_bytes("\0\1", 2);

    (void)state;
    assert_written(date, PARITY_JSON_COMPACT, "{\"$datetime\":\"2022-07-13T13:48:01+00:00\"}");
    assert_written(bytes, PARITY_JSON_COMPACT, "{\"$bytes\":\"AAE=\"}");
    json_decref(date);
    json_decref(bytes);
}

static void deep_documents_are_written_without_recursion(void **state)
{
    struct parity_buffer out = {0};
    json_t *value = json_array();

    (void)state;
    for (int i = 1; i < 2000; i++) {
        json_t *outer = json_array();

        json_array_append_new(outer, value);
        value = outer;
    }
    parity_json_write(&out, value, PARITY_JSON_COMPACT);
    assert_int_equal(out.length, 4000);
    parity_buffer_clear(&out);
    json_decref(value);
}

static void string_alone_has_quotes_and_ascii_escapes(void **state)
{
    struct parity_buffer out = {0};

    (void)state;
    parity_json_write_string(&out, "\xC3\xA9\0", 3);
    assert_string_equal(out.data, "\"\\u00e9\\u0000\"");
    parity_buffer_clear(&out);
}

static void lack_of_memory_fails_the_buffer(void **state)
{
    json_t *value = sample();
    unsigned long n = 0;
    bool failed;

    (void)state;
    do {
        struct parity_buffer out = {0};

        parity_memory_fail_at(++n, 0);
        parity_json_write(&out, value, PARITY_JSON_PRETTY);
        parity_memory_fail_at(0, 0);
        failed = out.failed;
        parity_buffer_clear(&out);
    } while (failed);
    assert_true(n > 2);
    json_decref(value);
}

/* The pieces put together again; -7 at the one of that number. */
struct pieces {
    struct parity_buffer text;
    size_t count, refused;
};

static int take_piece(void *data, const char *text, size_t length)
{
    struct pieces *pieces = data;

    pieces->count++;
    parity_buffer_add(&pieces->text, text, length);
    return pieces->count == pieces->refused ? -7 : 0;
}

static void pieces_make_up_the_whole_text(void **state)
{
    struct pieces pieces = {0}, refused = {.refused = 2};
    struct parity_buffer whole = {0};
    json_t *value = json_array();

    (void)state;
    for (int i = 0; i < 50000; i++)
        json_array_append_new(value, json_integer(i));
    parity_json_write(&whole, value, PARITY_JSON_PRETTY);
    assert_int_equal(parity_json_write_pieces(value, PARITY_JSON_PRETTY, take_piece, &pieces), 0);
    assert_true(pieces.count > 2);
    assert_string_equal(pieces.text.data, whole.data);
    assert_int_equal(parity_json_write_pieces(value, PARITY_JSON_PRETTY, take_piece, &refused), -7);
    assert_int_equal(refused.count, 2);
    parity_buffer_clear(&pieces.text);
    parity_buffer_clear(&refused.text);
    parity_buffer_clear(&whole);
    json_decref(value);
}

static void a_scalar_is_one_piece(void **state)
{
    struct pieces pieces = {0};
    json_t *value = json_integer(7);

    (void)state;
    assert_int_equal(parity_json_write_pieces(value, PARITY_JSON_LINE, take_piece, &pieces), 0);
    assert_int_equal(pieces.count, 1);
    assert_string_equal(pieces.text.data, "7");
    parity_memory_fail_at(1, 1);
    assert_int_equal(parity_json_write_pieces(value, PARITY_JSON_LINE, take_piece, &pieces), -1);
    parity_memory_fail_at(0, 0);
    parity_buffer_clear(&pieces.text);
    json_decref(value);
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
        cmocka_unit_test(pretty_style_is_that_of_files),
        cmocka_unit_test(line_style_has_blanks_behind_separators),
        cmocka_unit_test(compact_styles_differ_in_escapes),
        cmocka_unit_test(every_control_character_is_escaped),
        cmocka_unit_test(surrogates_are_escaped_in_every_style),
        cmocka_unit_test(bytes_that_are_no_utf8_become_replacement_characters),
        cmocka_unit_test(typed_dates_and_bytes_are_written_as_objects),
        cmocka_unit_test(deep_documents_are_written_without_recursion),
        cmocka_unit_test(string_alone_has_quotes_and_ascii_escapes),
        cmocka_unit_test(lack_of_memory_fails_the_buffer),
        cmocka_unit_test(pieces_make_up_the_whole_text),
        cmocka_unit_test(a_scalar_is_one_piece),
    };

    return cmocka_run_group_tests_name("json_write", tests, init, NULL);
}
