/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/memory.h"
#include "base/spool.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

static int enter(void **state)
{
    return scratch_enter(state) < 0 || setenv("TMPDIR", *state, 1) < 0;
}

static int leave(void **state)
{
    unsetenv("TMPDIR");
    return scratch_leave(state);
}

static void what_was_added_is_read_where_it_was(void **state)
{
    struct parity_spool spool = {0};
    char text[12] = "";

    (void)state;
    assert_int_equal(parity_spool_open(&spool, NULL), 0);
    assert_int_equal(parity_spool_add(&spool, "first ", 6, NULL), 0);
    assert_int_equal(spool.end, 6);
    assert_int_equal(parity_spool_add(&spool, "third", 5, NULL), 0);
    assert_int_equal(parity_spool_change(&spool, 6, "secon", 5, NULL), 0);
    assert_int_equal(spool.end, 11);
    assert_int_equal(parity_spool_read(&spool, 0, text, 11, NULL), 0);
    assert_string_equal(text, "first secon");
    assert_int_equal(parity_spool_read(&spool, 6, text, 2, NULL), 0);
    assert_memory_equal(text, "serst", 5);
    parity_spool_close(&spool);
}

static void what_was_not_added_cannot_be_read(void **state)
{
    struct parity_error err = {0};
    struct parity_spool spool = {0};
    char text[4];

    assert_int_equal(parity_spool_open(&spool, NULL), 0);
    assert_int_equal(parity_spool_add(&spool, "abc", 3, NULL), 0);
    assert_int_equal(parity_spool_read(&spool, 1, text, 3, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, *state);
    assert_string_equal(err.message, "cannot read a temporary file: it has become shorter");
    parity_spool_close(&spool);
}

static void much_is_printed_whole(void **state)
{
    static char block[1000];
    struct parity_spool spool = {0};
    FILE *out = fopen("out", "w+");

    (void)state;
    assert_non_null(out);
    assert_int_equal(parity_spool_open(&spool, NULL), 0);
    for (int i = 0; i < 100; i++) {
        memset(block, 'a' + i % 26, sizeof block);
        assert_int_equal(parity_spool_add(&spool, block, sizeof block, NULL), 0);
    }
    assert_int_equal(parity_spool_print(&spool, 500, 99000, out, NULL), 0);
    assert_int_equal(ftell(out), 99000);
    for (long at = 0; at < 99000; at++) {
        assert_int_equal(fseek(out, at, SEEK_SET), 0);
        assert_int_equal(getc(out), 'a' + (at + 500) / 1000 % 26);
        at += 499;
    }
    fclose(out);
    parity_spool_close(&spool);
}

static void it_has_no_name(void **state)
{
    struct parity_spool spool = {0};

    assert_int_equal(parity_spool_open(&spool, NULL), 0);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(*state), 0); /* nothing is in it */
    assert_int_equal(parity_spool_add(&spool, "abc", 3, NULL), 0);
    parity_spool_close(&spool);
    assert_int_equal(mkdir(*state, 0700), 0);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct parity_error err = {0};
    struct parity_spool spool = {0};

    (void)state;
    setenv("TMPDIR", "missing", 1);
    assert_int_equal(parity_spool_open(&spool, &err), -1);
    assert_false(spool.open);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_int_equal(strncmp(err.context, "missing/", 8), 0);
    assert_string_equal(err.message, "cannot make a temporary file: No such file or directory");
    parity_spool_close(&spool);
}

static void a_full_disk_keeps_what_was_there(void **state)
{
    static char large[8192];
    struct rlimit old, small;
    struct parity_error err = {0};
    struct parity_spool spool = {0};
    char text[4] = "";
    int rc;

    assert_int_equal(parity_spool_open(&spool, NULL), 0);
    assert_int_equal(parity_spool_add(&spool, "abc", 3, NULL), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rc = parity_spool_add(&spool, large, sizeof large, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, *state);
    assert_string_equal(err.message, "cannot write a temporary file: File too large");
    assert_int_equal(spool.end, 3);
    assert_int_equal(parity_spool_read(&spool, 0, text, 3, NULL), 0);
    assert_string_equal(text, "abc");
    parity_spool_close(&spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_added_is_read_where_it_was),
        TEST(what_was_not_added_cannot_be_read),
        TEST(much_is_printed_whole),
        TEST(it_has_no_name),
        TEST(a_folder_that_is_not_there_is_named),
        TEST(a_full_disk_keeps_what_was_there),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
