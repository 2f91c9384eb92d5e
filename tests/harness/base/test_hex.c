/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static void only_digits_have_a_value(void **state)
{
    int digits = 0;

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char *found = c ? strchr("0123456789abcdefABCDEF", c) : NULL;

        assert_int_equal(parity_hex_value((char)c) >= 0, found != NULL);
        digits += found != NULL;
    }
    assert_int_equal(digits, 22);
    assert_int_equal(parity_hex_value('9'), 9);
    assert_int_equal(parity_hex_value('a'), 10);
    assert_int_equal(parity_hex_value('F'), 15);
}

static void a_number_has_as_many_digits_as_asked_for(void **state)
{
    const char *text = "00e9x";

    (void)state;
    assert_int_equal(parity_hex_number(text, text + 5, 4), 0xe9);
    assert_int_equal(parity_hex_number(text, text + 5, 5), -1);
    assert_int_equal(parity_hex_number(text, text + 3, 4), -1);
    assert_int_equal(parity_hex_number(text + 2, text + 4, 2), 0xe9);
}

static void bytes_become_lower_case_text(void **state)
{
    const unsigned char bytes[] = {0x00, 0xff, 0x1a};
    char text[7];

    (void)state;
    parity_hex(bytes, sizeof bytes, text);
    assert_string_equal(text, "00ff1a");
}

static void a_uuid_says_its_version(void **state)
{
    unsigned char ones[PARITY_UUID_BYTES], zeros[PARITY_UUID_BYTES] = {0};
    char text[PARITY_UUID_TEXT + 1];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    parity_uuid(ones, text);
    assert_string_equal(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    parity_uuid(zeros, text);
    assert_string_equal(text, "00000000-0000-4000-8000-000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_digits_have_a_value),
        cmocka_unit_test(a_number_has_as_many_digits_as_asked_for),
        cmocka_unit_test(bytes_become_lower_case_text),
        cmocka_unit_test(a_uuid_says_its_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
