/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void every_length_is_decoded_and_encoded(void **state)
{
    static const struct {
        const char *text;
        unsigned code;
    } cases[] = {{"a", 'a'},
                 {"\x7F", 0x7F},
                 {"\xC2\x80", 0x80},
                 {"\xDF\xBF", 0x7FF},
                 {"\xE0\xA0\x80", 0x800},
                 {"\xEF\xBF\xBF", 0xFFFF},
                 {"\xED\xA0\x80", 0xD800},
                 {"\xF0\x90\x80\x80", 0x10000},
                 {"\xF4\x8F\xBF\xBF", 0x10FFFF}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].text);
        char encoded[4];
        unsigned code = 0;

        assert_int_equal(parity_utf8_decode(cases[i].text, length, &code), length);
        assert_int_equal(code, cases[i].code);
        assert_int_equal(parity_utf8_encode(code, encoded), length);
        assert_memory_equal(encoded, cases[i].text, length);
    }
}

static void overlong_broken_and_too_large_forms_are_refused(void **state)
{
    static const char *const cases[] = {"\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xE0\x9F\xBF",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xC3",
                                        "\xE2\x82",
                                        "\xF0\x9F\x98",
                                        "\xE2\x28\xA1",
                                        "\xFF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80"};
    unsigned code;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parity_utf8_decode(cases[i], strlen(cases[i]), &code), 0);
        assert_false(parity_utf8_is_valid(cases[i], strlen(cases[i])));
    }
    assert_int_equal(parity_utf8_decode("", 0, &code), 0);
}

static void surrogates_are_no_strict_utf8(void **state)
{
    (void)state;
    assert_false(parity_utf8_is_valid("\xED\xA0\x80", 3));
    assert_true(parity_utf8_is_valid("\xED\x9F\xBF\xEE\x80\x80", 6));
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(parity_utf8_count("a\xC3\xA9\xF0\x9F\x98\x80", 7), 3);
    assert_int_equal(parity_utf8_count("\xFF\xC3", 2), 2);
    assert_int_equal(parity_utf8_count("", 0), 0);
}

static void bytes_that_are_no_utf8_are_spelt(void **state)
{
    static const char text[] = "a\xFF\xC3\xA9\xE2\x82 \xED\xA0\x80\x1B";
    struct parity_buffer out = {0};

    (void)state;
    parity_utf8_add(&out, text, sizeof text - 1);
    assert_string_equal(out.data, "a\\xff\xC3\xA9\\xe2\\x82 \xED\xA0\x80\x1B");
    parity_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_decoded_and_encoded),
        cmocka_unit_test(overlong_broken_and_too_large_forms_are_refused),
        cmocka_unit_test(surrogates_are_no_strict_utf8),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(bytes_that_are_no_utf8_are_spelt),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
