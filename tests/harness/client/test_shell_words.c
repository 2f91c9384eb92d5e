/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/shell_words.h"

static void assert_words(const char *text, size_t count, const char *const *expected)
{
    struct parity_shell_words words = {0};

    assert_int_equal(parity_shell_words_split(text, &words), 0);
    assert_int_equal(words.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(words.items[i], expected[i]);
    parity_shell_words_clear(&words);
}

static void splits_at_white_space_outside_quotes(void **state)
{
    (void)state;
    assert_words("  a\tb\r\nc ", 3, (const char *const[]){"a", "b", "c"});
    assert_words("profile 'a b' \"c d\"", 3, (const char *const[]){"profile", "a b", "c d"});
    assert_words("x\"y z\"'w' ''", 2, (const char *const[]){"xy zw", ""});
    assert_words("", 0, NULL);
}

static void a_backslash_protects_as_in_a_shell(void **state)
{
    (void)state;
    assert_words("a\\ b", 1, (const char *const[]){"a b"});
    assert_words("\"a\\\"b\\\\c\\d\"", 1, (const char *const[]){"a\"b\\c\\d"});
    assert_words("'a\\b'", 1, (const char *const[]){"a\\b"});
}

static void refuses_what_is_left_open(void **state)
{
    static const char *const texts[] = {"a 'b", "a \"b", "a\\", "\"a\\\""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct parity_shell_words words = {0};

        assert_int_equal(parity_shell_words_split(texts[i], &words), 1);
        parity_shell_words_clear(&words);
    }
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_shell_words words = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_shell_words_split("a 'long word in quotes' c", &words);
        parity_memory_fail_at(0, 0);
        assert_int_not_equal(rc, 1);
        parity_shell_words_clear(&words);
        assert_true(n < 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_at_white_space_outside_quotes),
        cmocka_unit_test(a_backslash_protects_as_in_a_shell),
        cmocka_unit_test(refuses_what_is_left_open),
        cmocka_unit_test(survives_a_lack_of_memory_at_any_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
