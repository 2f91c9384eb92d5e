/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/judge_transformers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static char suite_path[] = "x/test_x.c", id[] = "x/test_x.c::it";
static const struct parity_suite_definition first_suite = {
    .transformers = {{.type = "text", .text = "one", .replacement = "1"}}};
static const struct parity_suite_definition second_suite = {
    .transformers = {{.type = "text", .text = "two", .replacement = "2"}}};
static const struct parity_suite_definition broken_suite = {
    .transformers = {{.type = "regex", .pattern = "(", .replacement = "2"}}};
static const struct parity_test_definition definition = {
    .name = "it", .transformers = {{.type = "text", .text = "own", .replacement = "mine"}}};

static struct parity_common_transformers common;
static struct parity_test_environment environment;
static struct parity_case test_case;
static struct parity_test test;

static void enter(const struct parity_suite_definition *suite)
{
    environment = (struct parity_test_environment){
        .primary = {.account_id = "123456789012", .region = "eu-west-1"},
        .partition = "aws",
        .common_transformers = &common};
    test_case = (struct parity_case){
        .id = id, .suite_path = suite_path, .suite = suite, .definition = &definition};
    test = (struct parity_test){.test_case = &test_case, .environment = &environment};
}

static int clear(void **state)
{
    (void)state;
    parity_common_transformers_clear(&common);
    return 0;
}

/* What the test's transformers make of a text. */
static void assert_becomes(const char *text, const char *expected)
{
    struct parity_transformers list = {0};
    struct parity_error err = {0};
    json_t *observed = json_pack("{s:s}", "m", text), *at_run_time, *out;

    at_run_time =
        json_pack("[{s:s, s:s, s:s}]", "type", "text", "text", "late", "replacement", "L");
    assert_int_equal(parity_judge_transformers(&test, at_run_time, NULL, &list, &err), 0);
    assert_int_equal(parity_transform(&list, observed, NULL, NULL, &out, &err), 0);
    assert_string_equal(json_string_value(json_object_get(out, "m")), expected);
    parity_transformers_clear(&list);
    json_decref(at_run_time);
    json_decref(observed);
    json_decref(out);
}

static void tests_of_a_suite_share_what_was_made_for_the_first(void **state)
{
    const struct parity_transformer_entry *made;

    (void)state;
    enter(&first_suite);
    assert_becomes("one two own late eu-west-1", "1 two mine L <region>");
    made = common.list.items;
    assert_non_null(made);
    assert_becomes("one own", "1 mine");
    assert_ptr_equal(common.list.items, made);
}

static void suites_share_the_presets_that_they_name(void **state)
{
    static const struct parity_suite_definition first = {
        .transformers = {{.type = "preset", .name = "sqs_api"}}};
    static const struct parity_suite_definition second = {
        .transformers = {{.type = "preset", .name = "sqs_api"},
                         {.type = "text", .text = "two", .replacement = "2"}}};

    (void)state;
    enter(&first);
    assert_becomes("one own", "one mine");
    assert_int_equal(common.kept.count, 1);
    test_case.suite = &second;
    assert_becomes("two own", "2 mine");
    test_case.suite = &first;
    assert_becomes("two own", "two mine");
    assert_int_equal(common.kept.count, 1);
}

static void another_suite_account_or_set_of_defaults_has_its_own(void **state)
{
    struct parity_test_definition old = definition;

    (void)state;
    enter(&first_suite);
    assert_becomes("one two 123456789012", "1 two 111111111111");
    test_case.suite = &second_suite;
    assert_becomes("one two", "one 2");
    environment.primary.account_id = "999988887777";
    assert_becomes("999988887777 123456789012", "111111111111 123456789012");
    old.defaults = PARITY_DEFAULTS_OLD;
    test_case.definition = &old;
    assert_becomes("two", "2");
    assert_true(common.old);
    test_case.suite = NULL;
    assert_becomes("one two", "one two");
}

static void without_a_place_to_share_each_test_makes_its_own(void **state)
{
    (void)state;
    enter(&first_suite);
    environment.common_transformers = NULL;
    assert_becomes("one own", "1 mine");
    assert_int_equal(common.list.count, 0);
}

static void what_cannot_be_made_is_an_error_of_each_test(void **state)
{
    (void)state;
    enter(&broken_suite);
    for (int i = 0; i < 2; i++) {
        struct parity_transformers list = {0};
        struct parity_error err = {0};

        assert_int_equal(parity_judge_transformers(&test, NULL, NULL, &list, &err), -1);
        assert_int_equal(err.code, PARITY_E_PARSE);
        parity_transformers_clear(&list);
    }
}

static void without_memory_nothing_is_kept(void **state)
{
    (void)state;
    enter(&first_suite);
    for (unsigned long n = 1;; n++) {
        struct parity_transformers list = {0};
        struct parity_error err = {0};
        int rc;

        parity_memory_fail_at(n, 1);
        rc = parity_judge_transformers(&test, NULL, NULL, &list, &err);
        parity_memory_fail_at(0, 0);
        parity_transformers_clear(&list);
        if (rc == 0)
            break;
        assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_common_transformers_clear(&common);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(tests_of_a_suite_share_what_was_made_for_the_first, clear),
        cmocka_unit_test_teardown(suites_share_the_presets_that_they_name, clear),
        cmocka_unit_test_teardown(another_suite_account_or_set_of_defaults_has_its_own, clear),
        cmocka_unit_test_teardown(without_a_place_to_share_each_test_makes_its_own, clear),
        cmocka_unit_test_teardown(what_cannot_be_made_is_an_error_of_each_test, clear),
        cmocka_unit_test_teardown(without_memory_nothing_is_kept, clear),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
