/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static json_t *read_text(const char *text)
{
    struct parity_error err = {0};
    json_t *value;

    if (parity_json_parse(text, strlen(text), NULL, &value, &err) < 0)
        fail_msg("%s -> %s", text, err.message);
    return value;
}

static void kind_sees_the_type_behind_the_object(void **state)
{
    static const struct {
        const char *text;
        enum parity_json_kind kind;
    } cases[] = {
        {"null", PARITY_JSON_NULL},
        {"true", PARITY_JSON_BOOLEAN},
        {"1", PARITY_JSON_INTEGER},
        {"123456789012345678901", PARITY_JSON_INTEGER},
        {"1.5", PARITY_JSON_REAL},
        {"NaN", PARITY_JSON_REAL},
        {"-Infinity", PARITY_JSON_REAL},
        {"\"x\"", PARITY_JSON_STRING},
        {"[]", PARITY_JSON_ARRAY},
        {"{}", PARITY_JSON_OBJECT},
        {"{\"$datetime\": \"2020-01-01T00:00:00\"}", PARITY_JSON_DATETIME},
        {"{\"$bytes\": \"AAE=\"}", PARITY_JSON_BYTES},
        {"{\"$bytes\": 1}", PARITY_JSON_OBJECT},
        {"{\"$bytes\": \"AAE=\", \"a\": 1}", PARITY_JSON_OBJECT},
        {"{\"number\": \"1\"}", PARITY_JSON_OBJECT},
        {"{\"$other\": \"AAE=\"}", PARITY_JSON_OBJECT},
        {"{\"\": \"AAE=\"}", PARITY_JSON_OBJECT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *value = read_text(cases[i].text);
        bool container = cases[i].kind == PARITY_JSON_ARRAY || cases[i].kind == PARITY_JSON_OBJECT;

        assert_int_equal(parity_json_kind(value), cases[i].kind);
        assert_int_equal(parity_json_is_container(value), container);
        json_decref(value);
    }
}

static void bytes_come_out_as_they_went_in(void **state)
{
    struct parity_buffer out = {0};
    json_t *value = parity_json_bytes("\0\xFF\x80", 3), *text = json_string("AAE=");

    (void)state;
    assert_int_equal(parity_json_bytes_get(value, &out), 0);
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.data, "\0\xFF\x80", 3);
    assert_int_equal(parity_json_bytes_get(text, &out), -1);
    parity_buffer_clear(&out);
    json_decref(value);
    json_decref(text);
}

static void broken_base64_is_no_byte_string(void **state)
{
    struct parity_buffer out = {0};
    json_t *value = read_text("{\"$bytes\": \"A\"}");

    (void)state;
    assert_int_equal(parity_json_bytes_get(value, &out), -1);
    assert_int_equal(out.length, 0);
    parity_buffer_clear(&out);
    json_decref(value);
}

static void datetime_text_is_given_for_datetimes_only(void **state)
{
    json_t *date = parity_json_datetime("2022-07-13T13:48:01+00:00"), *text = json_string("x");

    (void)state;
    assert_string_equal(parity_json_datetime_text(date), "2022-07-13T13:48:01+00:00");
    assert_null(parity_json_datetime_text(text));
    json_decref(date);
    json_decref(text);
}

static void numbers_are_made_of_json_text_only(void **state)
{
    static const char *const refused[] = {"",   "x",  "1x",  "01",  "1.",
                                          ".5", "+1", "nan", "inf", " 1"};
    json_t *value = parity_json_number("12", 2);

    (void)state;
    assert_int_equal(json_integer_value(value), 12);
    json_decref(value);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_null(parity_json_number(refused[i], strlen(refused[i])));
}

static void equality_minds_types_but_not_the_order_of_members(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
        {"1", "1.0", false},
        {"1", "true", false},
        {"[1,2]", "[2,1]", false},
        {"123456789012345678901", "123456789012345678901", true},
        {"123456789012345678901", "123456789012345678902", false},
        {"{\"a\\u0000b\":1}", "{\"a\\u0000b\":1}", true},
        {"{\"a\\u0000b\":1}", "{\"a\\u0000c\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"$datetime\":\"x\"}", "\"x\"", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *a = read_text(cases[i].a), *b = read_text(cases[i].b);

        assert_int_equal(parity_json_equal(a, b), cases[i].equal);
        assert_int_equal(parity_json_equal(b, a), cases[i].equal);
        json_decref(a);
        json_decref(b);
    }
}

static void copy_is_independent_and_complete(void **state)
{
    json_t *value = read_text("{\"a\\u0000b\":[{\"c\":\"\\ud83d\\u0000\"}],\"n\":1e999}");
    json_t *copy = parity_json_copy(value);

    (void)state;
    assert_true(parity_json_equal(value, copy));
    json_object_del(json_array_get(json_object_getn(copy, "a\0b", 3), 0), "c");
    assert_false(parity_json_equal(value, copy));
    json_decref(value);
    json_decref(copy);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

static void a_text_is_found_among_others(void **state)
{
    json_t *texts = json_pack("[s, i, s]", "one", 2, "three");

    (void)state;
    assert_true(parity_json_holds_text(texts, "three"));
    assert_false(parity_json_holds_text(texts, "thre"));
    assert_false(parity_json_holds_text(texts, "2"));
    assert_false(parity_json_holds_text(NULL, "one"));
    json_decref(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_among_others),
        cmocka_unit_test(kind_sees_the_type_behind_the_object),
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(broken_base64_is_no_byte_string),
        cmocka_unit_test(datetime_text_is_given_for_datetimes_only),
        cmocka_unit_test(numbers_are_made_of_json_text_only),
        cmocka_unit_test(equality_minds_types_but_not_the_order_of_members),
        cmocka_unit_test(copy_is_independent_and_complete),
    };

    return cmocka_run_group_tests_name("json_value", tests, init, NULL);
}
