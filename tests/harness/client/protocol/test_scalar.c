/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/protocol/scalar.h"

typedef json_t *reader(const char *text, size_t length, const struct parity_member_path *path,
                       struct parity_error *err);

/* The value as JSON text. */
static void expect(reader *read, const char *text, const char *json)
{
    struct parity_error err = {0};
    struct parity_buffer out = {0};
    json_t *value = read(text, strlen(text), NULL, &err);

    if (!value)
        fail_msg("'%s': %s", text, err.message);
    parity_json_write(&out, value, PARITY_JSON_COMPACT);
    if (strcmp(out.data, json) != 0)
        fail_msg("'%s' gave %s instead of %s", text, out.data, json);
    parity_buffer_clear(&out);
    json_decref(value);
}

static void refuse(reader *read, const char *text)
{
    struct parity_member_path path = {NULL, "Member", 0};
    struct parity_error err = {0};

    if (read(text, strlen(text), &path, &err))
        fail_msg("'%s' was taken", text);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    assert_true(strncmp(err.message, "Member: ", 8) == 0);
}

static void integers_are_what_python_takes(void **state)
{
    (void)state;
    expect(parity_scalar_integer, "0", "0");
    expect(parity_scalar_integer, " -17\n", "-17");
    expect(parity_scalar_integer, "+5", "5");
    expect(parity_scalar_integer, "007", "7");
    expect(parity_scalar_integer, "-0", "0");
    expect(parity_scalar_integer, "1_000", "1000");
    expect(parity_scalar_integer, "9223372036854775807", "9223372036854775807");
    expect(parity_scalar_integer, "9223372036854775808", "9223372036854775808");
    expect(parity_scalar_integer, "-123456789012345678901234567890",
           "-123456789012345678901234567890");
    refuse(parity_scalar_integer, "");
    refuse(parity_scalar_integer, "1.0");
    refuse(parity_scalar_integer, "1e3");
    refuse(parity_scalar_integer, "_1");
    refuse(parity_scalar_integer, "1__0");
    refuse(parity_scalar_integer, "- 1");
    refuse(parity_scalar_integer, "true");
}

static void reals_are_what_python_takes(void **state)
{
    (void)state;
    expect(parity_scalar_real, "1", "1.0");
    expect(parity_scalar_real, " -2.5e-3 ", "-0.0025");
    expect(parity_scalar_real, "7.", "7.0");
    expect(parity_scalar_real, ".5", "0.5");
    expect(parity_scalar_real, "+00.25", "0.25");
    expect(parity_scalar_real, "1_0.0_1", "10.01");
    expect(parity_scalar_real, "-0.0", "-0.0");
    expect(parity_scalar_real, "NaN", "NaN");
    expect(parity_scalar_real, "Infinity", "Infinity");
    expect(parity_scalar_real, "-inf", "-Infinity");
    expect(parity_scalar_real, "1e999", "Infinity");
    refuse(parity_scalar_real, "");
    refuse(parity_scalar_real, ".");
    refuse(parity_scalar_real, "1e");
    refuse(parity_scalar_real, "1,5");
    refuse(parity_scalar_real, "0x10");
    refuse(parity_scalar_real, "nano");
}

static void base64_is_read_as_leniently_as_python_does(void **state)
{
    (void)state;
    expect(parity_scalar_blob, "", "{\"$bytes\":\"\"}");
    expect(parity_scalar_blob, "Zm9v", "{\"$bytes\":\"Zm9v\"}");
    expect(parity_scalar_blob, "Zm\n9v\r\n", "{\"$bytes\":\"Zm9v\"}");
    expect(parity_scalar_blob, "Zm8=", "{\"$bytes\":\"Zm8=\"}");
    expect(parity_scalar_blob, "Zg==Zg==", "{\"$bytes\":\"Zg==\"}");
    expect(parity_scalar_blob, "=Zm9v", "{\"$bytes\":\"Zm9v\"}");
    refuse(parity_scalar_blob, "Zm9");
    refuse(parity_scalar_blob, "Z");
    refuse(parity_scalar_blob, "Zg=");
    refuse(parity_scalar_blob, "\xc3\xa9");
}

static void texts_must_be_utf8(void **state)
{
    (void)state;
    expect(parity_scalar_string, "\xc3\xa9", "\"\\u00e9\"");
    refuse(parity_scalar_string, "\xff");
    refuse(parity_scalar_string, "\xed\xa0\x80");
}

static void a_body_is_text_if_it_can_be(void **state)
{
    json_t *text = parity_scalar_body("text", 4), *bytes = parity_scalar_body("\xff\x00", 2);
    json_t *nothing = parity_scalar_body("", 0);

    (void)state;
    assert_string_equal(json_string_value(text), "text");
    assert_int_equal(parity_json_kind(bytes), PARITY_JSON_BYTES);
    assert_string_equal(json_string_value(nothing), "");
    json_decref(text);
    json_decref(bytes);
    json_decref(nothing);
}

static void inputs_have_one_text_each(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"\"a b\"", "a b"},
        {"12", "12"},
        {"1.0", "1.0"},
        {"1e22", "1e+22"},
        {"NaN", "NaN"},
        {"-Infinity", "-Infinity"},
        {"true", "True"},
        {"null", "None"},
        {"123456789012345678901", "123456789012345678901"},
        {"{\"$bytes\": \"AP8=\"}", "AP8="},
        {"{\"$datetime\": \"2020-01-02T03:04:05+01:00\"}", "2020-01-02T02:04:05Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer out = {0};
        json_t *value;

        assert_int_equal(
            parity_json_parse(cases[i].json, strlen(cases[i].json), NULL, &value, NULL), 0);
        assert_int_equal(parity_input_text(value, &out), 0);
        assert_string_equal(out.data, cases[i].text);
        parity_buffer_clear(&out);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_what_python_takes),
        cmocka_unit_test(reals_are_what_python_takes),
        cmocka_unit_test(base64_is_read_as_leniently_as_python_does),
        cmocka_unit_test(texts_must_be_utf8),
        cmocka_unit_test(a_body_is_text_if_it_can_be),
        cmocka_unit_test(inputs_have_one_text_each),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
