/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/last_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/memory.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_enter, scratch_leave)

static const char lines[] =
    "{\"id\": \"a\", \"outcome\": \"failed\", \"duration_seconds\": 1.5, \"operations\": []}\n"
    "{\"id\": \"b\", \"outcome\": \"passed\", \"duration_seconds\": 2, \"operations\": []}\n"
    "{\"id\": \"c\", \"outcome\": \"crashed\"}\n"
    "{\"id\": \"a\", \"outcome\": \"passed\", \"duration_seconds\": 3}\n";

static void the_last_line_of_a_test_counts(void **state)
{
    json_t *last_run;

    (void)state;
    scratch_write("last", lines);
    assert_int_equal(parity_last_run_read("last", &last_run, NULL), 0);
    assert_int_equal(json_object_size(last_run), 3);
    assert_false(parity_last_run_failed(last_run, "a"));
    assert_true(parity_last_run_seconds(last_run, "a") > 2.9);
    assert_true(parity_last_run_failed(last_run, "c"));
    json_decref(last_run);
}

static void only_those_that_failed_are_kept(void **state)
{
    json_t *last_run;

    (void)state;
    scratch_write("last", lines);
    assert_int_equal(parity_last_run_read_failed("last", &last_run, NULL), 0);
    assert_int_equal(json_object_size(last_run), 1);
    assert_true(parity_last_run_failed(last_run, "c"));
    json_decref(last_run);
}

static void append_id(void *data, const char *id, json_t *entry)
{
    assert_string_equal(json_string_value(json_object_get(entry, "id")), id);
    parity_buffer_add_text(data, id);
}

static void each_test_is_told_in_order(void **state)
{
    struct parity_buffer ids = {0};

    (void)state;
    scratch_write("last", lines);
    assert_int_equal(parity_last_run_each("last", append_id, &ids, NULL), 0);
    scratch_write("results", "{\"tests\": [{\"id\": \"x\"}, {\"id\": \"y\"}]}");
    assert_int_equal(parity_last_run_each("results", append_id, &ids, NULL), 0);
    assert_int_equal(parity_last_run_each("missing", append_id, &ids, NULL), 0);
    assert_string_equal(ids.data, "abcaxy");
    parity_buffer_clear(&ids);
}

static void a_line_that_cannot_be_read_is_told_with_its_number(void **state)
{
    struct parity_error err = {0};
    json_t *last_run;

    (void)state;
    scratch_write("last", "{\"id\": \"a\"}\n{\"id\"\n");
    assert_int_equal(parity_last_run_read("last", &last_run, &err), -1);
    assert_null(last_run);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.context, "last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_line_of_a_test_counts),
        TEST(only_those_that_failed_are_kept),
        TEST(each_test_is_told_in_order),
        TEST(a_line_that_cannot_be_read_is_told_with_its_number),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("last_run", tests, NULL, NULL);
}
