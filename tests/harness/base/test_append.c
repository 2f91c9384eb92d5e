/* SPDX-License-Identifier: Apache-2.0 */
#include "base/append.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

static void append(const char *line)
{
    struct parity_error err = {0};

    if (parity_append_line("file", line, strlen(line), &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void lines_are_added_to_a_file_that_is_made(void **state)
{
    (void)state;
    append("one\n");
    append("two\n");
    scratch_assert_file("file", "one\ntwo\n");
}

static void what_a_killed_process_left_of_a_line_goes(void **state)
{
    (void)state;
    scratch_write("file", "one\ntw");
    append("three\n");
    scratch_assert_file("file", "one\nthree\n");
    scratch_write("file", "on");
    append("two\n");
    scratch_assert_file("file", "two\n");
}

static void an_unfinished_line_may_be_long(void **state)
{
    char text[10001];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text, "one\n", 4);
    scratch_write("file", text);
    append("two\n");
    scratch_assert_file("file", "one\ntwo\n");
    text[3] = 'x';
    scratch_write("file", text);
    append("two\n");
    scratch_assert_file("file", "two\n");
}

static void a_full_disk_leaves_the_lines_that_are_there(void **state)
{
    const struct rlimit small = {8, RLIM_INFINITY};
    struct parity_error err = {0};
    struct rlimit old;
    int rc;

    (void)state;
    append("one\n");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rc = parity_append_line("file", "two and more\n", 13, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "file");
    assert_string_equal(err.message, "cannot write: File too large");
    scratch_assert_file("file", "one\n");
}

static void a_missing_folder_is_told(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_append_line("none/file", "one\n", 4, &err), -1);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.context, "none/file");
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_are_added_to_a_file_that_is_made),
        TEST(what_a_killed_process_left_of_a_line_goes),
        TEST(an_unfinished_line_may_be_long),
        TEST(a_full_disk_leaves_the_lines_that_are_there),
        TEST(a_missing_folder_is_told),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("append", tests, NULL, NULL);
}
