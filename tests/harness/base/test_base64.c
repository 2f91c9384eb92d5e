/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"

/* RFC 4648, 10, and the ends of the alphabet */
static const struct {
    const char *bytes, *text;
} vectors[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"},
               {"\xFB\xFF\xBE", "+/++"}};

static void vectors_of_the_rfc_are_encoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct parity_buffer out = {0};

        parity_base64_encode(&out, vectors[i].bytes, strlen(vectors[i].bytes));
        assert_string_equal(out.data, vectors[i].text);
        parity_buffer_clear(&out);
    }
}

static void vectors_of_the_rfc_are_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct parity_buffer out = {0};

        assert_int_equal(parity_base64_decode(&out, vectors[i].text, strlen(vectors[i].text)), 0);
        assert_int_equal(out.length, strlen(vectors[i].bytes));
        assert_string_equal(out.data, vectors[i].bytes);
        parity_buffer_clear(&out);
    }
}

static void zero_bytes_survive(void **state)
{
    struct parity_buffer out = {0};

    (void)state;
    parity_base64_encode(&out, "\0\0", 2);
    assert_string_equal(out.data, "AAA=");
    parity_buffer_reset(&out);
    assert_int_equal(parity_base64_decode(&out, "AAA=", 4), 0);
    assert_int_equal(out.length, 2);
    assert_memory_equal(out.data, "\0\0", 2);
    parity_buffer_clear(&out);
}

static void what_is_no_base64_leaves_the_buffer_as_it_was(void **state)
{
    static const char *const cases[] = {"Z",    "Zg",       "Zg=",      "Zg===",    "Z===", "====",
                                        "Z=g=", "Zg==Zg==", "Zm9v\nZg", "Zm9vZ-_=", "Zm 9"};
    struct parity_buffer out = {0};

    (void)state;
    parity_buffer_add_text(&out, "before");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parity_base64_decode(&out, cases[i], strlen(cases[i])), -1);
        assert_string_equal(out.data, "before");
        assert_int_equal(out.length, 6);
    }
    parity_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_the_rfc_are_encoded),
        cmocka_unit_test(vectors_of_the_rfc_are_decoded),
        cmocka_unit_test(zero_bytes_survive),
        cmocka_unit_test(what_is_no_base64_leaves_the_buffer_as_it_was),
    };

    return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
