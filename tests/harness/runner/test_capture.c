/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static void assert_shown(const char *written, size_t length, const char *expected)
{
    struct parity_capture capture = {0};
    char *text;

    parity_capture_add(&capture, written, length);
    text = parity_capture_take(&capture);
    assert_string_equal(text, expected);
    parity_free(text);
}

static void text_is_kept_as_it_is(void **state)
{
    (void)state;
    assert_shown("a\tb\nc \xc3\xa9\n", 9, "a\tb\nc \xc3\xa9\n");
}

static void what_is_no_text_is_shown_as_bytes(void **state)
{
    (void)state;
    assert_shown("\x1b[31m\0\xff\r", 8, "\\x1b[31m\\x00\\xff\\x0d");
}

static void nothing_written_is_nothing_taken(void **state)
{
    struct parity_capture capture = {0};

    (void)state;
    assert_null(parity_capture_take(&capture));
}

static void a_line_that_has_not_ended_is_ended(void **state)
{
    struct parity_capture capture = {0};
    char *text;

    (void)state;
    parity_capture_end_line(&capture);
    parity_capture_add(&capture, "a", 1);
    parity_capture_end_line(&capture);
    parity_capture_end_line(&capture);
    parity_capture_add(&capture, "b", 1);
    text = parity_capture_take(&capture);
    assert_string_equal(text, "a\nb");
    parity_free(text);
}

static void of_much_the_beginning_and_the_end_are_kept(void **state)
{
    struct parity_capture capture = {0};
    char line[101];
    char *text;

    (void)state;
    memset(line, 'x', 100);
    line[100] = '\0';
    parity_capture_add(&capture, "first", 5);
    for (int i = 0; i < 100000; i++)
        parity_capture_add(&capture, line, 100);
    parity_capture_add(&capture, "last", 4);
    text = parity_capture_take(&capture);
    assert_memory_equal(text, "first", 5);
    assert_string_equal(text + strlen(text) - 4, "last");
    assert_non_null(strstr(text, " bytes left out]"));
    assert_true(strlen(text) < 100000);
    parity_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_kept_as_it_is),
        cmocka_unit_test(what_is_no_text_is_shown_as_bytes),
        cmocka_unit_test(nothing_written_is_nothing_taken),
        cmocka_unit_test(a_line_that_has_not_ended_is_ended),
        cmocka_unit_test(of_much_the_beginning_and_the_end_are_kept),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
