/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static json_t *parse(const char *text)
{
    json_t *document;

    assert_int_equal(parity_json_parse(text, strlen(text), "test", &document, NULL), 0);
    return document;
}

/* A results file with one test. */
static json_t *results(const char *outcome)
{
    json_t *document =
        parse("{\"target\": {\"kind\": \"emulator\", \"name\": \"moto\", \"version\": \"5\","
              " \"endpoint_url\": null, \"region\": \"us-east-1\", \"mode\": \"verify\"},"
              " \"tests\": [{\"id\": \"a/b.c::d\", \"outcome\": \"\", \"message\": \"m\"}],"
              " \"summary\": {\"duration_seconds\": 2}}");

    json_object_set_new(json_array_get(json_object_get(document, "tests"), 0), "outcome",
                        json_string(outcome));
    return document;
}

static int join(const json_t *documents, struct parity_summary *summary, struct parity_error *err)
{
    struct parity_reporter *const none[] = {NULL};
    struct parity_merge *merge = parity_merge_new();
    json_t *document;
    size_t i;
    int rc = merge ? 0 : -1;

    if (!merge)
        parity_fail_nomem(err);
    json_array_foreach(documents, i, document)
        if (rc == 0)
            rc = parity_merge_add(merge, document, "file", err);
    if (rc == 0)
        rc = parity_merge_report(merge, none, summary, err);
    parity_merge_free(merge);
    return rc;
}

static void the_last_result_counts_and_knows_of_the_others(void **state)
{
    json_t *documents = json_array();
    struct parity_summary summary;

    (void)state;
    json_array_append_new(documents, results("failed"));
    json_array_append_new(documents, results("passed"));
    assert_int_equal(join(documents, &summary, NULL), 0);
    assert_int_equal(summary.counts[PARITY_PASSED], 1);
    assert_int_equal(summary.flaky, 1);
    assert_int_equal(summary.selected, 1);
    assert_true(summary.duration_s > 3.9 && summary.duration_s < 4.1);
    json_decref(documents);
}

/* Files may be large, and many. */
static void tests_of_a_file_are_not_kept_in_memory(void **state)
{
    struct parity_merge *merge = parity_merge_new();
    json_t *document = results("failed");
    const json_t *tests = json_object_get(document, "tests");

    (void)state;
    assert_non_null(merge);
    assert_int_equal(parity_merge_add(merge, document, "file", NULL), 0);
    assert_int_equal(document->refcount, 1);
    assert_int_equal(tests->refcount, 1);
    assert_int_equal(json_array_get(tests, 0)->refcount, 1);
    json_decref(document);
    parity_merge_free(merge);
}

static void running_out_of_memory_is_an_error_at_every_allocation(void **state)
{
    json_t *documents = json_array();
    struct parity_summary summary;
    int rc = -1;

    (void)state;
    json_array_append_new(documents, results("failed"));
    json_array_append_new(documents, results("passed"));
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        rc = join(documents, &summary, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
    }
    json_decref(documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_result_counts_and_knows_of_the_others),
        cmocka_unit_test(tests_of_a_file_are_not_kept_in_memory),
        cmocka_unit_test(running_out_of_memory_is_an_error_at_every_allocation),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
