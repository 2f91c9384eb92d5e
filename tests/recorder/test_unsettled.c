/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/unsettled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

#define LINES "snapshots/.unsettled/sqs/test_send.jsonl"

static void add(const char *id, const char *files)
{
    struct parity_error err = {0};
    json_t *document = scratch_json(files);

    if (parity_unsettled_add(LINES, id, document, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    json_decref(document);
}

static void assert_read(const char *expected)
{
    struct parity_error err = {0};
    struct parity_buffer text = {0};
    json_t *lines;

    if (parity_unsettled_read(LINES, &lines, &err) < 0)
        fail_msg("%s:%d: %s", err.context, err.line, err.message);
    parity_json_write(&text, lines, PARITY_JSON_COMPACT);
    assert_string_equal(text.data, expected);
    parity_buffer_clear(&text);
    json_decref(lines);
}

static void the_lines_of_a_suite_have_a_place_in_its_tree(void **state)
{
    char *path = parity_unsettled_path("snapshots", "sqs/test_send.c::fifo", NULL);
    char *scenario = parity_unsettled_path("snapshots", "sqs/queues/fifo", NULL);
    struct parity_error err = {0};

    (void)state;
    assert_string_equal(path, LINES);
    assert_string_equal(scenario, "snapshots/.unsettled/sqs/queues.jsonl");
    assert_null(parity_unsettled_path("snapshots", "../x::y", &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
    parity_free(path);
    parity_free(scenario);
}

static void each_file_has_the_last_entry_that_was_added(void **state)
{
    (void)state;
    add("a", "{\".snapshot.json\": {\"n\": 1}, \".raw.snapshot.json\": {\"n\": 2}}");
    add("b", "{\".snapshot.json\": {\"n\": 1e400}}");
    add("a", "{\".snapshot.json\": {\"n\": 3.0}}");
    add("b", "{\".snapshot.json\": null}");
    assert_read("{\"a\":{\".snapshot.json\":{\"n\":3.0},\".raw.snapshot.json\":{\"n\":2}},"
                "\"b\":{\".snapshot.json\":null}}");
}

static void no_file_is_no_lines(void **state)
{
    json_t *lines;

    (void)state;
    assert_int_equal(parity_unsettled_read(LINES, &lines, NULL), 0);
    assert_null(lines);
}

static void a_line_that_was_not_finished_is_none(void **state)
{
    static const char whole[] = "{\"id\":\"a\",\"files\":{\".x\":{}}}\n";
    char text[256];

    (void)state;
    snprintf(text, sizeof text, "%s%s", whole, "{\"id\":\"b\",\"files\":{\".x\":{}}}");
    scratch_write(LINES, text);
    assert_read("{\"a\":{\".x\":{}}}");
    /* After a power cut the end of it may be there without its beginning. */
    snprintf(text, sizeof text, "%s%s", whole, "\x01\x01\x01iles\":{\".x\":{}}}\n");
    scratch_write(LINES, text);
    assert_read("{\"a\":{\".x\":{}}}");
}

static void anything_else_is_told_with_its_line(void **state)
{
    static const char *const wrong[] = {"<<<<<<< HEAD", "[]", "{\"id\": 1, \"files\": {}}",
                                        "{\"id\": \"a\"}",
                                        "{\"id\": \"a\", \"files\": {\".x\": []}}"};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct parity_error err = {0};
        char text[256];
        json_t *lines;

        snprintf(text, sizeof text,
                 "{\"id\":\"a\",\"files\":{}}\n%s\n{\"id\":\"b\",\"files\":{}}\n", wrong[i]);
        scratch_write(LINES, text);
        assert_int_equal(parity_unsettled_read(LINES, &lines, &err), -1);
        assert_null(lines);
        assert_int_equal(err.code, PARITY_E_PARSE);
        assert_int_equal(err.line, 2);
        assert_string_equal(err.context, LINES);
        assert_string_equal(err.message,
                            "is no line of a recording that waits to be put into its file; remove "
                            "the line, or the file");
    }
}

static void lines_change_what_they_name_and_nothing_else(void **state)
{
    json_t *lines =
        scratch_json("{\"a\": {\".x\": {\"new\": 1}, \".y\": {}}, \"b\": {\".x\": null},"
                     " \"d\": {\".x\": {}}}");
    json_t *content = scratch_json("{\"c\": {}, \"b\": {}, \"a\": {\"old\": 1}}");
    json_t *expected = scratch_json("{\"c\": {}, \"a\": {\"new\": 1}, \"d\": {}}");

    (void)state;
    assert_int_equal(parity_unsettled_apply(lines, ".x", content), 0);
    assert_true(parity_json_equal(content, expected));
    assert_int_equal(parity_unsettled_apply(NULL, ".x", content), 0);
    assert_true(parity_json_equal(content, expected));
    json_decref(lines);
    json_decref(content);
    json_decref(expected);
}

static void removing_takes_the_folders_that_were_made(void **state)
{
    (void)state;
    add("a", "{}");
    scratch_write("snapshots/.unsettled/sns/x.jsonl", "");
    assert_int_equal(parity_unsettled_remove(LINES, NULL), 0);
    assert_int_equal(access("snapshots/.unsettled/sqs", F_OK), -1);
    assert_int_equal(access("snapshots/.unsettled/sns/x.jsonl", F_OK), 0);
    assert_int_equal(parity_unsettled_remove("snapshots/.unsettled/sns/x.jsonl", NULL), 0);
    assert_int_equal(access("snapshots/.unsettled", F_OK), -1);
    assert_int_equal(access("snapshots", F_OK), 0);
    assert_int_equal(parity_unsettled_remove(LINES, NULL), 0);
}

static void running_out_of_memory_adds_nothing(void **state)
{
    json_t *files = scratch_json("{\".x\": {\"n\": [1, 2]}}");
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_unsettled_add(LINES, "a", files, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || err.code == PARITY_E_NOMEM);
        assert_true(rc == 0 || access(LINES, F_OK) < 0);
    }
    json_decref(files);
    rc = -1;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        json_t *lines;

        parity_memory_fail_at(n, 0);
        rc = parity_unsettled_read(LINES, &lines, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || (err.code == PARITY_E_NOMEM && !lines));
        json_decref(lines);
    }
    assert_read("{\"a\":{\".x\":{\"n\":[1,2]}}}");
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_lines_of_a_suite_have_a_place_in_its_tree),
        TEST(each_file_has_the_last_entry_that_was_added),
        TEST(no_file_is_no_lines),
        TEST(a_line_that_was_not_finished_is_none),
        TEST(anything_else_is_told_with_its_line),
        TEST(lines_change_what_they_name_and_nothing_else),
        TEST(removing_takes_the_folders_that_were_made),
        TEST(running_out_of_memory_adds_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("unsettled", tests, NULL, NULL);
}
