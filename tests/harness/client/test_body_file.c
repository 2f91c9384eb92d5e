/* SPDX-License-Identifier: Apache-2.0 */
#include "client/body_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "scratch.h"

static struct parity_body_file *open_with(const char *content, size_t length)
{
    struct parity_body_file *file;

    assert_int_equal(parity_file_replace("body", content, length, NULL), 0);
    assert_int_equal(parity_body_file_open("body", &file, NULL), 0);
    assert_non_null(file);
    return file;
}

/* All that is sent, read through a buffer of `size` bytes. */
static void read_all(const struct parity_body_file *file, size_t size, struct parity_buffer *out)
{
    struct parity_body_reader reader = {.file = file};
    char *piece = malloc(size);
    size_t length;

    do {
        assert_int_equal(parity_body_reader_read(&reader, piece, size, &length, NULL), 0);
        parity_buffer_add(out, piece, length);
    } while (length == size);
    assert_int_equal(parity_body_reader_read(&reader, piece, size, &length, NULL), 0);
    assert_int_equal(length, 0);
    free(piece);
}

static void content_is_sent_as_it_stands(void **state)
{
    struct parity_body_file *file = open_with("hello", 5);

    (void)state;
    for (size_t size = 1; size < 8; size++) {
        struct parity_buffer sent = {0};

        read_all(file, size, &sent);
        assert_int_equal(sent.length, 5);
        assert_string_equal(sent.data, "hello");
        parity_buffer_clear(&sent);
    }
    parity_body_file_free(file);
}

static void trailer_ends_a_body_in_chunks(void **state)
{
    struct parity_body_file *file = open_with("hello", 5);

    (void)state;
    parity_buffer_add_text(&file->trailer, "0\r\nname:value\r\n\r\n");
    for (size_t size = 1; size < 40; size++) {
        struct parity_buffer sent = {0};

        read_all(file, size, &sent);
        assert_string_equal(sent.data, "5\r\nhello\r\n0\r\nname:value\r\n\r\n");
        parity_buffer_clear(&sent);
    }
    parity_body_file_free(file);
}

static void chunks_are_of_one_mebibyte_but_the_last(void **state)
{
    size_t length = 2 * PARITY_AWS_CHUNK_BYTES + 10;
    char *content = calloc(1, length);
    struct parity_body_file *file = open_with(content, length);
    struct parity_buffer sent = {0};

    (void)state;
    parity_buffer_add_text(&file->trailer, "0\r\n\r\n");
    read_all(file, 1000, &sent);
    assert_int_equal(sent.length,
                     length + 2 * strlen("100000\r\n\r\n") + strlen("a\r\n\r\n0\r\n\r\n"));
    assert_memory_equal(sent.data, "100000\r\n", 8);
    assert_memory_equal(sent.data + 8 + PARITY_AWS_CHUNK_BYTES, "\r\n100000\r\n", 10);
    assert_string_equal(sent.data + sent.length - 7, "\r\n0\r\n\r\n");
    parity_buffer_clear(&sent);
    parity_body_file_free(file);
    free(content);
}

static void empty_file_is_a_trailer_alone_or_nothing(void **state)
{
    struct parity_body_file *file = open_with("", 0);
    struct parity_buffer plain = {0}, chunked = {0};
    char hash[PARITY_SHA256_HEX + 1];

    (void)state;
    read_all(file, 10, &plain);
    assert_int_equal(plain.length, 0);
    parity_buffer_add_text(&file->trailer, "0\r\n\r\n");
    read_all(file, 10, &chunked);
    assert_string_equal(chunked.data, "0\r\n\r\n");
    assert_int_equal(parity_body_file_sha256(file, hash, NULL), 0);
    assert_string_equal(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    parity_buffer_clear(&plain);
    parity_buffer_clear(&chunked);
    parity_body_file_free(file);
}

static void hash_and_beginning_are_those_of_the_content(void **state)
{
    struct parity_body_file *file = open_with("abc", 3);
    struct parity_buffer beginning = {0};
    char hash[PARITY_SHA256_HEX + 1];

    (void)state;
    assert_int_equal(parity_body_file_sha256(file, hash, NULL), 0);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(parity_body_file_beginning(file, 2, &beginning, NULL), 0);
    assert_int_equal(parity_body_file_beginning(file, SIZE_MAX, &beginning, NULL), 0);
    assert_string_equal(beginning.data, "ababc");
    parity_buffer_clear(&beginning);
    parity_body_file_free(file);
}

static void file_that_becomes_shorter_is_told(void **state)
{
    struct parity_body_file *file = open_with("hello", 5);
    struct parity_body_reader reader = {.file = file};
    struct parity_error err = {0};
    char piece[8], hash[PARITY_SHA256_HEX + 1];
    size_t length;

    (void)state;
    assert_int_equal(truncate("body", 2), 0);
    assert_int_equal(parity_body_reader_read(&reader, piece, sizeof piece, &length, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "body");
    assert_string_equal(err.message, "became shorter while it was read: it had 5 bytes, and now "
                                     "ends after 2");
    assert_int_equal(parity_body_file_sha256(file, hash, NULL), -1);
    parity_body_file_free(file);
}

static void file_that_grows_is_sent_as_it_was(void **state)
{
    struct parity_body_file *file = open_with("hello", 5);
    int fd = open("body", O_WRONLY | O_APPEND);
    struct parity_buffer sent = {0};

    (void)state;
    assert_int_equal(write(fd, " there", 6), 6);
    close(fd);
    read_all(file, 100, &sent);
    assert_string_equal(sent.data, "hello");
    parity_buffer_clear(&sent);
    parity_body_file_free(file);
}

static void what_can_be_read_only_once_is_no_such_file(void **state)
{
    struct parity_body_file *file;
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_body_file_open("-", &file, NULL), 0);
    assert_null(file);
    assert_int_equal(parity_body_file_open("/dev/null", &file, NULL), 0);
    assert_null(file);
    assert_int_equal(parity_body_file_open("absent", &file, &err), -1);
    assert_null(file);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.context, "absent");
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    char hash[PARITY_SHA256_HEX + 1];
    int rc = -1;

    (void)state;
    assert_int_equal(parity_file_replace("body", "hello", 5, NULL), 0);
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_body_file *file;
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_body_file_open("body", &file, &err);
        if (rc == 0)
            rc = parity_body_file_sha256(file, hash, &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        parity_body_file_free(file);
        assert_true(n < 20);
    }
}

#define test(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(content_is_sent_as_it_stands),
        test(trailer_ends_a_body_in_chunks),
        test(chunks_are_of_one_mebibyte_but_the_last),
        test(empty_file_is_a_trailer_alone_or_nothing),
        test(hash_and_beginning_are_those_of_the_content),
        test(file_that_becomes_shorter_is_told),
        test(file_that_grows_is_sent_as_it_was),
        test(what_can_be_read_only_once_is_no_such_file),
        test(survives_a_lack_of_memory_at_any_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
