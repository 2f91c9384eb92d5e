/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

static size_t count_entries(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;

    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count - 2; /* "." and ".." */
}

static void a_file_is_read_into_no_more_memory_than_it_needs(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    scratch_write("file", "small");
    assert_int_equal(parity_file_read("file", 0, &text, NULL), 0);
    assert_string_equal(text.data, "small");
    assert_in_range(text.capacity, 6, 128); /* the least that a buffer has */
    parity_buffer_clear(&text);
}

static void what_is_read_comes_behind_what_is_there(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    scratch_write("file", "end");
    scratch_write("empty", "");
    parity_buffer_add_text(&text, "start ");
    assert_int_equal(parity_file_read("file", 3, &text, NULL), 0);
    assert_int_equal(parity_file_read("empty", 3, &text, NULL), 0);
    assert_string_equal(text.data, "start end");
    assert_int_equal(text.length, 9);
    parity_buffer_clear(&text);
}

static void a_file_without_a_size_is_read_to_its_end(void **state)
{
    static char sent[200 * 1000];
    struct parity_buffer text = {0};
    pid_t writer;

    (void)state;
    memset(sent, 'x', sizeof sent);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    writer = fork();
    if (writer == 0) {
        int fd = open("pipe", O_WRONLY);

        _exit(fd >= 0 && write(fd, sent, sizeof sent) == sizeof sent ? 0 : 1);
    }
    assert_int_equal(parity_file_read("pipe", 0, &text, NULL), 0);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    assert_int_equal(text.length, sizeof sent);
    assert_memory_equal(text.data, sent, sizeof sent);
    parity_buffer_reset(&text);
    assert_int_equal(parity_file_read("/proc/self/stat", 0, &text, NULL), 0);
    assert_int_equal(text.data[text.length - 1], '\n');
    parity_buffer_clear(&text);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    struct parity_buffer text = {0};
    struct parity_error err = {0};

    (void)state;
    scratch_write("file", "12345");
    assert_int_equal(parity_file_read("file", 5, &text, &err), 0);
    assert_int_equal(parity_file_read("file", 4, &text, &err), -1);
    assert_int_equal(err.code, PARITY_E_LIMIT);
    assert_string_equal(err.context, "file");
    assert_string_equal(err.message, "larger than 4 bytes");
    parity_buffer_clear(&text);
}

static void reading_says_what_it_could_not_read(void **state)
{
    struct parity_buffer text = {0};
    struct parity_error err = {0}, of_folder = {0};

    (void)state;
    assert_int_equal(parity_file_read("none", 0, &text, &err), -1);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_int_equal(parity_file_read(".", 0, &text, &of_folder), -1);
    assert_int_equal(of_folder.code, PARITY_E_IO);
    assert_string_equal(of_folder.message, "cannot read: Is a directory");
    parity_buffer_clear(&text);
}

static void replacing_makes_missing_folders(void **state)
{
    (void)state;
    scratch_write("a/b/c.json", "new");
    scratch_assert_file("a/b/c.json", "new");
    assert_int_equal(count_entries("a/b"), 1);
}

static void replacing_keeps_the_permissions_of_the_old_file(void **state)
{
    struct stat info;

    (void)state;
    scratch_write("file", "old");
    assert_int_equal(chmod("file", 0640), 0);
    scratch_write("file", "new");
    assert_int_equal(stat("file", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void a_new_file_gets_what_the_umask_leaves(void **state)
{
    mode_t old = umask(027);
    struct stat info;

    (void)state;
    scratch_write("file", "new");
    umask(old);
    assert_int_equal(stat("file", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void replacing_follows_a_link(void **state)
{
    struct stat info;

    (void)state;
    scratch_write("folder/real", "old");
    assert_int_equal(symlink("folder/real", "link"), 0);
    scratch_write("link", "new");
    scratch_assert_file("folder/real", "new");
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
}

static void a_link_that_leads_nowhere_is_refused(void **state)
{
    struct parity_error err = {0};
    struct stat info;

    (void)state;
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_int_equal(parity_file_replace("link", "x", 1, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.message, "is a symbolic link that leads nowhere");
    assert_int_equal(lstat("link", &info), 0);
}

static void a_folder_is_not_replaced(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(parity_file_replace("folder", "x", 1, &err), -1);
    assert_string_equal(err.message, "is a folder, not a file");
    assert_int_equal(count_entries("."), 1);
}

static void a_file_in_the_way_of_a_folder_is_named(void **state)
{
    struct parity_error err = {0};

    (void)state;
    scratch_write("way", "old");
    assert_int_equal(parity_file_replace("way/file", "x", 1, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "way");
    assert_string_equal(err.message, "cannot make the folder: a file of that name is in the way");
    scratch_assert_file("way", "old");
}

static void a_device_is_written_to_and_stays_a_device(void **state)
{
    struct parity_error err = {0};
    struct stat info;

    (void)state;
    assert_int_equal(parity_file_replace("/dev/null", "x", 1, &err), 0);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void an_abandoned_change_leaves_nothing(void **state)
{
    struct parity_file_change change;
    struct parity_error err = {0};

    (void)state;
    scratch_write("file", "old");
    assert_int_equal(parity_file_prepare("file", "new", 3, &change, &err), 0);
    assert_int_equal(count_entries("."), 2);
    parity_file_abandon(&change);
    assert_int_equal(count_entries("."), 1);
    scratch_assert_file("file", "old");
}

/* A limit on the size of files stands in for a full disk: writing ends in the middle. */
static void a_file_is_written_in_pieces_and_then_replaced(void **state)
{
    struct parity_file_writer writer = {0};
    struct parity_error err = {0};
    char *text;

    (void)state;
    scratch_write("report", "old");
    assert_int_equal(parity_file_writer_open("report", &writer, &err), 0);
    assert_int_equal(parity_file_writer_add(&writer, "one, ", 5, &err), 0);
    assert_int_equal(parity_file_writer_add(&writer, "two", 3, &err), 0);
    text = scratch_read("report");
    assert_string_equal(text, "old");
    free(text);
    assert_int_equal(parity_file_writer_close(&writer, &err), 0);
    text = scratch_read("report");
    assert_string_equal(text, "one, two");
    free(text);
}

static void an_abandoned_writer_leaves_the_old_file_alone(void **state)
{
    struct parity_file_writer writer = {0};
    struct parity_error err = {0};
    char *text;

    (void)state;
    scratch_write("folder/report", "old");
    assert_int_equal(parity_file_writer_open("folder/report", &writer, &err), 0);
    assert_int_equal(parity_file_writer_add(&writer, "new", 3, &err), 0);
    parity_file_writer_abandon(&writer);
    parity_file_writer_abandon(&writer);
    text = scratch_read("folder/report");
    assert_string_equal(text, "old");
    free(text);
    assert_int_equal(unlink("folder/report"), 0);
    assert_int_equal(rmdir("folder"), 0); /* nothing else is in it */
}

static void a_writer_takes_a_device_as_it_is(void **state)
{
    struct parity_file_writer writer = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_file_writer_open("/dev/full", &writer, &err), 0);
    assert_int_equal(parity_file_writer_add(&writer, "new", 3, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "/dev/full");
    parity_file_writer_abandon(&writer);
    assert_int_equal(access("/dev/full", W_OK), 0);
}

static void a_writer_refuses_a_folder(void **state)
{
    struct parity_file_writer writer = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(parity_file_writer_open("folder", &writer, &err), -1);
    assert_string_equal(err.message, "is a folder, not a file");
}

static void a_full_disk_leaves_the_old_file_and_nothing_beside_it(void **state)
{
    static char large[1 << 16];
    struct rlimit old, small;
    struct parity_error err = {0};
    int rc;

    (void)state;
    scratch_write("file", "old");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    memset(large, 'x', sizeof large);
    rc = parity_file_replace("file", large, sizeof large, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "file");
    assert_string_equal(err.message, "cannot write: File too large");
    scratch_assert_file("file", "old");
    assert_int_equal(count_entries("."), 1);
}

static void sweeping_removes_leftovers_and_nothing_else(void **state)
{
    struct parity_file_change change;

    (void)state;
    scratch_write("folder/test.snapshot.json", "{}");
    scratch_write("folder/.parity-notes.tmp", "mine");
    assert_int_equal(parity_file_prepare("folder/test.snapshot.json", "x", 1, &change, NULL), 0);
    assert_int_equal(count_entries("folder"), 3);
    parity_file_sweep("folder");
    assert_int_equal(count_entries("folder"), 2);
    scratch_assert_file("folder/.parity-notes.tmp", "mine");
    parity_file_abandon(&change);
}

static void running_out_of_memory_leaves_the_old_file(void **state)
{
    int rc = -1;

    (void)state;
    scratch_write("file", "old");
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_file_replace("file", "new", 3, &err);
        parity_memory_fail_at(0, 0);
        if (rc == 0)
            break;
        assert_int_equal(err.code, PARITY_E_NOMEM);
        scratch_assert_file("file", "old");
        assert_int_equal(count_entries("."), 1);
    }
    scratch_assert_file("file", "new");
}

static void an_empty_name_is_no_folder(void **state)
{
    (void)state;
    assert_int_equal(parity_file_make_folders("", NULL), 0);
    assert_int_equal(parity_file_make_folders("a/b/", NULL), 0);
    assert_int_equal(count_entries("a/b"), 0);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_into_no_more_memory_than_it_needs),
        TEST(what_is_read_comes_behind_what_is_there),
        TEST(a_file_without_a_size_is_read_to_its_end),
        TEST(a_file_that_is_too_large_is_refused),
        TEST(reading_says_what_it_could_not_read),
        TEST(replacing_makes_missing_folders),
        TEST(replacing_keeps_the_permissions_of_the_old_file),
        TEST(a_new_file_gets_what_the_umask_leaves),
        TEST(replacing_follows_a_link),
        TEST(a_link_that_leads_nowhere_is_refused),
        TEST(a_folder_is_not_replaced),
        TEST(a_file_in_the_way_of_a_folder_is_named),
        TEST(a_device_is_written_to_and_stays_a_device),
        TEST(an_abandoned_change_leaves_nothing),
        TEST(a_file_is_written_in_pieces_and_then_replaced),
        TEST(an_abandoned_writer_leaves_the_old_file_alone),
        TEST(a_writer_takes_a_device_as_it_is),
        TEST(a_writer_refuses_a_folder),
        TEST(a_full_disk_leaves_the_old_file_and_nothing_beside_it),
        TEST(sweeping_removes_leftovers_and_nothing_else),
        TEST(running_out_of_memory_leaves_the_old_file),
        TEST(an_empty_name_is_no_folder),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
