/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/backtrace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

__attribute__((noinline)) static int has_no_place_in_any_header(int value)
{
    return value + 1;
}

/* The line of one address. */
static void assert_line(unsigned long address, const char *part, const char *end)
{
    struct parity_buffer text = {0};
    const char *line;

    parity_backtrace_text(&text, &address, 1);
    assert_false(text.failed);
    assert_memory_equal(text.data, "backtrace:\n", 11);
    line = text.data + 11;
    if (!strstr(line, part) || strlen(line) < strlen(end) ||
        strcmp(line + strlen(line) - strlen(end), end) != 0)
        fail_msg("'%s' has not '%s', or does not end in '%s'", line, part, end);
    parity_buffer_clear(&text);
}

static void static_functions_have_their_names(void **state)
{
    unsigned long address = (unsigned long)(uintptr_t)has_no_place_in_any_header;

    (void)state;
    assert_line(address, "test_backtrace(has_no_place_in_any_header+0x0) [0x", "]\n");
    assert_line(address + 1, "(has_no_place_in_any_header+0x1) [0x", "]\n");
}

/* A file that was stripped still says what it offers to others. */
static void functions_of_libraries_too(void **state)
{
    (void)state;
    assert_line((unsigned long)(uintptr_t)abort, "(abort+0x0) [0x", "]\n");
}

static void what_stands_behind_a_call_belongs_to_the_caller(void **state)
{
    unsigned long behind = (unsigned long)(uintptr_t)has_no_place_in_any_header;
    unsigned long addresses[] = {behind, behind};
    struct parity_buffer text = {0};

    (void)state;
    parity_backtrace_text(&text, addresses, 2);
    assert_null(strstr(strchr(text.data + 11, '\n'), "has_no_place_in_any_header+0x0"));
    parity_buffer_clear(&text);
}

static void what_lies_nowhere_is_an_address(void **state)
{
    (void)state;
    assert_line(0x10, "[0x10]", "[0x10]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(static_functions_have_their_names),
        cmocka_unit_test(functions_of_libraries_too),
        cmocka_unit_test(what_stands_behind_a_call_belongs_to_the_caller),
        cmocka_unit_test(what_lies_nowhere_is_an_address),
    };

    parity_memory_init();
    (void)has_no_place_in_any_header(1);
    return cmocka_run_group_tests_name("backtrace", tests, NULL, NULL);
}
