/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/paginator.h"

/* JSON with ' for ". */
static json_t *json(const char *text)
{
    struct parity_error err = {0};
    char *copy = parity_strdup(text);
    json_t *value = NULL;

    assert_non_null(copy);
    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    if (parity_json_parse(copy, strlen(copy), text, &value, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    parity_free(copy);
    return value;
}

static void assert_json(const json_t *value, const char *expected)
{
    json_t *wanted = json(expected);
    struct parity_buffer text = {0}, wanted_text = {0};

    parity_json_write(&text, value, PARITY_JSON_COMPACT);
    parity_json_write(&wanted_text, wanted, PARITY_JSON_COMPACT);
    assert_string_equal(text.data, wanted_text.data);
    parity_buffer_clear(&text);
    parity_buffer_clear(&wanted_text);
    json_decref(wanted);
}

/* Answers with one response after the other, then fails. */
struct script {
    json_t *responses;
    json_t *inputs; /* what was asked; NULL: not kept */
    size_t at;
};

static int call(void *data, const char *operation, const json_t *input, json_t **out,
                struct parity_error *err)
{
    struct script *script = data;
    const json_t *response = json_array_get(script->responses, script->at);

    *out = NULL;
    assert_string_equal(operation, "ListThings");
    if (!response) {
        parity_fail(err, PARITY_E_NETWORK, "http://target", "connection reset");
        return -1;
    }
    script->at++;
    if (script->inputs)
        assert_int_equal(json_array_append_new(script->inputs, parity_json_copy(input)), 0);
    *out = parity_json_copy(response);
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

static struct parity_paginator *paginator(const char *entry, struct parity_error *err)
{
    json_t *file = json("{'pagination': {'ListThings': null, 'ListOthers': {}}}");
    struct parity_paginator *made;

    json_object_set_new(json_object_get(file, "pagination"), "ListThings", json(entry));
    made = parity_paginator_new(file, "ListThings", err);
    json_decref(file);
    return made;
}

/* All pages merged; `inputs` are those that the calls must have. */
static int merge(const char *entry, const char *responses, const char *inputs, json_t **out,
                 struct parity_error *err)
{
    struct parity_paginator *made = paginator(entry, err);
    struct script script = {.responses = json(responses), .inputs = json_array()};
    json_t *input = json("{'Own': 1}");
    int rc;

    if (!made)
        fail_msg("%s", err->message);
    rc = parity_paginate(made, (struct parity_caller){call, &script}, input, NULL, out, err);
    if (inputs)
        assert_json(script.inputs, inputs);
    assert_json(input, "{'Own': 1}");
    json_decref(input);
    json_decref(script.inputs);
    json_decref(script.responses);
    parity_paginator_free(made);
    return rc;
}

static void expect(const char *entry, const char *responses, const char *inputs,
                   const char *expected)
{
    struct parity_error err = {0};
    json_t *out;

    if (merge(entry, responses, inputs, &out, &err) < 0)
        fail_msg("%s", err.message);
    assert_json(out, expected);
    json_decref(out);
}

#define SIMPLE "{'input_token': 'Token', 'output_token': 'Next', 'result_key': 'Things'}"

static void lists_are_concatenated_over_pages(void **state)
{
    (void)state;
    expect(SIMPLE, "[{'Things': [1], 'Next': 'a'}, {'Next': 'b'}, {'Things': [2, 3], 'Next': ''}]",
           "[{'Own': 1}, {'Own': 1, 'Token': 'a'}, {'Own': 1, 'Token': 'b'}]",
           "{'Things': [1, 2, 3]}");
}

static void what_is_no_result_is_left_out(void **state)
{
    (void)state;
    expect(SIMPLE, "[{'Things': [], 'Other': 1, 'ResponseMetadata': {}}]", "[{'Own': 1}]",
           "{'Things': []}");
}

static void numbers_are_added_and_strings_joined(void **state)
{
    (void)state;
    expect("{'input_token': 'T', 'output_token': 'N', 'result_key': ['L', 'Count', 'Text']}",
           "[{'L': [1], 'Count': 2, 'Text': 'ab', 'N': 'x'}, {'L': [2], 'Count': 0.5, 'Text': "
           "'c'}]",
           NULL, "{'L': [1, 2], 'Count': 2.5, 'Text': 'abc'}");
}

static void of_objects_the_first_pages_counts(void **state)
{
    (void)state;
    expect(SIMPLE, "[{'Things': {'a': 1}, 'Next': 'x'}, {'Things': {'b': 2}}]", NULL,
           "{'Things': {'a': 1}}");
}

static void results_may_be_nested(void **state)
{
    (void)state;
    expect("{'input_token': 'Start', 'output_token': 'D.Last', 'more_results': 'D.More', "
           "'result_key': 'D.Shards', 'non_aggregate_keys': ['D.Arn', 'D.Status']}",
           "[{'D': {'Arn': 'x', 'Shards': [1], 'More': true, 'Last': '1'}}, "
           "{'D': {'Arn': 'y', 'Shards': [2], 'More': false, 'Last': '2'}}]",
           "[{'Own': 1}, {'Own': 1, 'Start': '1'}]",
           "{'D': {'Shards': [1, 2], 'Arn': 'x', 'Status': null}}");
}

static void a_kept_object_shows_the_whole_result_in_it(void **state)
{
    (void)state;
    expect("{'input_token': 'T', 'output_token': 'N', 'result_key': 'C.Tags', "
           "'non_aggregate_keys': ['C']}",
           "[{'C': {'Tags': [1], 'x': 1}, 'N': 'a'}, {'C': {'Tags': [2], 'x': 2}}]", NULL,
           "{'C': {'Tags': [1, 2], 'x': 1}}");
}

static void several_tokens_go_together(void **state)
{
    (void)state;
    expect("{'input_token': ['Key', 'Id'], 'output_token': ['NextKey', 'NextId || L[-1]'], "
           "'result_key': 'L'}",
           "[{'L': ['p', 'q'], 'NextKey': 'k'}, {'L': [], 'NextId': {'S': 'i'}}, {'L': []}]",
           "[{'Own': 1}, {'Own': 1, 'Key': 'k', 'Id': 'q'}, {'Own': 1, 'Id': {'S': 'i'}}]",
           "{'L': ['p', 'q']}");
}

static void a_token_that_comes_again_is_refused(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(
        merge(SIMPLE, "[{'Next': 'a'}, {'Next': 'a'}, {'Next': 'b'}]", NULL, &out, &err), -1);
    assert_null(out);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    assert_string_equal(err.message,
                        "pages 1 and 2 end with the same token to go on with, [\"a\"]");
    assert_string_equal(err.context, "after page 2: ListThings");
}

static void an_error_answer_is_the_result(void **state)
{
    (void)state;
    expect(SIMPLE, "[{'Things': [1], 'Next': 'a'}, {'Error': {'Code': 'Throttled'}}]", NULL,
           "{'Error': {'Code': 'Throttled'}}");
}

static void a_failed_call_fails_the_walk(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(merge(SIMPLE, "[{'Next': 'a'}]", NULL, &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_NETWORK);
    assert_string_equal(err.context, "after page 1: http://target");
}

static void values_that_cannot_be_merged_are_refused(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(
        merge(SIMPLE, "[{'Things': [1], 'Next': 'a'}, {'Things': 'x'}]", NULL, &out, &err), -1);
    assert_null(out);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    assert_string_equal(err.message, "two pages have values of different types here");
    assert_string_equal(err.context, "ListThings: Things");
}

static void pages_can_be_taken_one_by_one(void **state)
{
    struct parity_error err = {0};
    struct parity_paginator *made =
        paginator("{'input_token': 'T', 'output_token': 'N', 'limit_key': 'Max'}", &err);
    struct script script = {.responses = json("[{'N': 'a'}, {'N': 'b'}, {'x': 1}]")};
    struct parity_pages_options options = {.max_pages = 2};
    json_t *input = json("{}"), *page;
    struct parity_pages *pages =
        parity_pages_new(made, (struct parity_caller){call, &script}, input, &options, &err);

    (void)state;
    assert_string_equal(parity_paginator_limit_key(made), "Max");
    assert_int_equal(parity_pages_next(pages, &page, &err), 1);
    assert_json(page, "{'N': 'a'}");
    json_decref(page);
    assert_int_equal(parity_pages_next(pages, &page, &err), 1);
    json_decref(page);
    assert_int_equal(parity_pages_next(pages, &page, &err), -1);
    assert_null(page);
    assert_int_equal(err.code, PARITY_E_LIMIT);
    assert_string_equal(err.message, "there are more than 2 pages");
    assert_int_equal(parity_pages_next(pages, &page, NULL), 0);
    parity_pages_free(pages);
    json_decref(script.responses);
    json_decref(input);
    parity_paginator_free(made);
}

static void pages_without_a_result_cannot_be_merged(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(merge("{'input_token': 'T', 'output_token': 'N'}", "[{}]", "[]", &out, &err),
                     -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message,
                        "paginators-1.json names no result_key, so pages can't be merged");
}

static void a_broken_description_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *entry, *context, *message;
    } faults[] = {
        {"[]", "paginators-1.json: ListThings", "an object is expected"},
        {"{'output_token': 'a'}", "paginators-1.json: ListThings",
         "input_token and output_token must name the same number of tokens, at least one"},
        {"{}", "paginators-1.json: ListThings",
         "input_token and output_token must name the same number of tokens, at least one"},
        {"{'input_token': ['a', 'b'], 'output_token': 'a'}", "paginators-1.json: ListThings",
         "input_token and output_token must name the same number of tokens, at least one"},
        {"{'input_token': 1, 'output_token': 'a'}", "paginators-1.json: ListThings: input_token",
         "the name of a member is expected"},
        {"{'input_token': 'a', 'output_token': 'a['}",
         "paginators-1.json: ListThings: output_token: a[",
         "the expression ends where an index, a slice or '*' is expected"},
        {"{'input_token': 'a', 'output_token': [1]}", "paginators-1.json: ListThings: output_token",
         "a JMESPath expression is expected"},
        {"{'input_token': 'a', 'output_token': 'a', 'result_key': 'a[0]'}",
         "paginators-1.json: ListThings: result_key",
         "a name, or names joined by dots, is expected"},
        {"{'input_token': 'a', 'output_token': 'a', 'result_key': ['a', 'b..c']}",
         "paginators-1.json: ListThings: result_key",
         "a name, or names joined by dots, is expected"},
        {"{'input_token': 'a', 'output_token': 'a', 'non_aggregate_keys': ['']}",
         "paginators-1.json: ListThings: non_aggregate_keys",
         "a name, or names joined by dots, is expected"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct parity_error err = {0};

        assert_null(paginator(faults[i].entry, &err));
        assert_string_equal(err.message, faults[i].message);
        assert_string_equal(err.context, faults[i].context);
    }
}

static void an_operation_without_pages_is_named_with_the_nearest(void **state)
{
    struct parity_error err = {0};
    json_t *file = json("{'pagination': {'ListThings': {}}}");

    (void)state;
    assert_null(parity_paginator_new(file, "ListThing", &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.message, "ListThing is not paged; did you mean 'ListThings'?");
    json_decref(file);
    parity_error_clear(&err);
    file = json("[]");
    assert_null(parity_paginator_new(file, "ListThing", &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
    json_decref(file);
}

static void a_lack_of_memory_is_reported_wherever_it_happens(void **state)
{
    json_t *file =
        json("{'pagination': {'ListThings': {'input_token': ['T', 'U'], 'output_token': ['N', "
             "'M'], 'result_key': ['A.L', 'Count'], 'non_aggregate_keys': ['A.K', 'X'], "
             "'limit_key': 'Max', 'more_results': 'More'}}}");
    json_t *responses =
        json("[{'A': {'L': [1], 'K': 1}, 'Count': 1, 'X': {'a': 1}, 'N': 'a', 'M': {'x': 1}, "
             "'More': true}, {'A': {'L': [2]}, 'Count': 2, 'More': false}]");
    json_t *input = json("{'Own': 1}"), *out = NULL;
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        struct script script = {.responses = responses};
        struct parity_paginator *made;

        parity_memory_fail_at(n, 0);
        made = parity_paginator_new(file, "ListThings", &err);
        if (made)
            rc = parity_paginate(made, (struct parity_caller){call, &script}, input, NULL, &out,
                                 &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0) {
            assert_int_equal(err.code, PARITY_E_NOMEM);
            assert_null(out);
        }
        parity_paginator_free(made);
        assert_true(n < 10000);
    }
    assert_json(out, "{'A': {'L': [1, 2], 'K': 1}, 'Count': 3, 'X': {'a': 1}}");
    assert_json(input, "{'Own': 1}");
    json_decref(out);
    json_decref(input);
    json_decref(responses);
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_concatenated_over_pages),
        cmocka_unit_test(what_is_no_result_is_left_out),
        cmocka_unit_test(numbers_are_added_and_strings_joined),
        cmocka_unit_test(of_objects_the_first_pages_counts),
        cmocka_unit_test(results_may_be_nested),
        cmocka_unit_test(a_kept_object_shows_the_whole_result_in_it),
        cmocka_unit_test(several_tokens_go_together),
        cmocka_unit_test(a_token_that_comes_again_is_refused),
        cmocka_unit_test(an_error_answer_is_the_result),
        cmocka_unit_test(a_failed_call_fails_the_walk),
        cmocka_unit_test(values_that_cannot_be_merged_are_refused),
        cmocka_unit_test(pages_can_be_taken_one_by_one),
        cmocka_unit_test(pages_without_a_result_cannot_be_merged),
        cmocka_unit_test(a_broken_description_is_refused_with_its_place),
        cmocka_unit_test(an_operation_without_pages_is_named_with_the_nearest),
        cmocka_unit_test(a_lack_of_memory_is_reported_wherever_it_happens),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
