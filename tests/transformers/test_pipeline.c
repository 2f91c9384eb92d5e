/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include "transformers/pipeline.h"

static void read_list(struct parity_transformers *list, const char *specs)
{
    json_t *array = json_of(specs), *spec;
    size_t i;

    json_array_foreach(array, i, spec)
        assert_int_equal(parity_transformers_add_spec(list, spec, NULL), 0);
    json_decref(array);
}

static void assert_line(const json_t *value, const char *expected)
{
    char *text = line_of(value);

    assert_string_equal(text, expected);
    parity_free(text);
}

static void match_order_sorts_members_and_puts_metadata_last(void **state)
{
    json_t *value = json_of("{'b': [{'z': 1, 'a': 2}, [{'z': 1, 'a': 2}]], 'ResponseMetadata': 1,"
                            " 'Z': 2, 'a': {'ResponseMetadata': 1, 'z': 2}}");
    json_t *ordered = parity_match_order(value);

    (void)state;
    assert_line(ordered, "{'Z': 2, 'a': {'z': 2, 'ResponseMetadata': 1}, 'b': [{'a': 2, 'z': 1},"
                         " [{'z': 1, 'a': 2}]], 'ResponseMetadata': 1}");
    json_decref(ordered);
    ordered = parity_match_order_hollow(value);
    assert_line(ordered, "{'Z': 2, 'a': {'z': 2, 'ResponseMetadata': 1}, 'b': [{'a': 2, 'z': 1},"
                         " [{'z': 1, 'a': 2}]], 'ResponseMetadata': 1}");
    json_decref(ordered);
    json_decref(value);
    value = json_of("[{'b': 1, 'a': 2}]");
    ordered = parity_match_order(value);
    assert_line(ordered, "[{'b': 1, 'a': 2}]");
    json_decref(ordered);
    json_decref(value);
}

static int drop_member(json_t *document, void *data, struct parity_error *err)
{
    (void)err;
    return json_object_del(json_object_get(document, "m"), data);
}

static void hook_runs_between_transformers_and_replacements(void **state)
{
    struct parity_transformers list = {0};
    json_t *observed = json_of("{'m': {'a': 'x', 'b': 'y', 'c': 'xy'}}"), *out;
    char name[] = "a";
    const struct parity_transform_hook hook = {drop_member, name};

    (void)state;
    read_list(&list, "[{'type': 'key_value', 'key': 'a'}, {'type': 'key_value', 'key': 'b'}]");
    assert_int_equal(parity_transform(&list, observed, &hook, NULL, &out, NULL), 0);
    assert_line(out, "{'m': {'b': '<b:1>', 'c': '<a:1><b:1>'}}");
    assert_line(observed, "{'m': {'a': 'x', 'b': 'y', 'c': 'xy'}}");
    json_decref(out);
    json_decref(observed);
    parity_transformers_clear(&list);
}

static void pipeline_finishes_as_often_as_asked(void **state)
{
    struct parity_transformers list = {0};
    json_t *observed = json_of("{'m': {'a': 'x'}}"), *raw, *out;
    char name[] = "a";
    const struct parity_transform_hook hook = {drop_member, name};
    struct parity_pipeline *pipeline;

    (void)state;
    read_list(&list, "[{'type': 'key_value', 'key': 'a'}]");
    pipeline = parity_pipeline_new(&list, observed, &raw, NULL);
    assert_non_null(pipeline);
    assert_line(raw, "{'m': {'a': 'x'}}");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(parity_pipeline_finish(pipeline, &hook, &out, NULL), 0);
        assert_line(out, "{'m': {}}");
        json_decref(out);
        assert_int_equal(parity_pipeline_finish(pipeline, NULL, &out, NULL), 0);
        assert_line(out, "{'m': {'a': '<a:1>'}}");
        json_decref(out);
    }
    assert_int_equal(parity_pipeline_finish_last(pipeline, &hook, &out, NULL), 0);
    assert_line(out, "{'m': {}}");
    json_decref(out);
    parity_pipeline_free(pipeline);
    json_decref(raw);
    parity_transformers_clear(&list);
}

static void references_are_numbered_across_match_keys(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(transform_into("[{'type': 'key_value', 'key': 'Id'}]",
                                    "{'b': {'Id': 'p'}, 'a': {'Id': 'q', 'x': 'p'}}", &out, &err),
                     0);
    assert_line(out, "{'b': {'Id': '<id:1>'}, 'a': {'Id': '<id:2>', 'x': '<id:1>'}}");
    json_decref(out);
}

static void short_reference_spoils_a_longer_one_as_in_the_reference(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'key_value', 'key': 'Id'}]", "[{'Id': 'ab'}, {'Id': 'xaby'}]",
                      "[{'Id': '<id:1>'}, {'Id': 'x<id:1>y'}]");
}

static void failure_names_match_key_and_transformer(void **state)
{
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(
        transform_into("[{'type': 'key_value', 'key': 'Id'}]", "{'b': {'Id': 1}}", &out, &err), -1);
    assert_string_equal(err.context, "transformer key_value: member 'Id'");
    memset(&err, 0, sizeof err);
    assert_int_equal(transform_into("[{'type': 'text', 'text': '1', 'replacement': 'x'}]",
                                    "{'b': 2, 'c': 1}", &out, &err),
                     -1);
    assert_string_equal(err.context, "c");
}

/* Of a text of megabytes less is kept while its tree is made. */
static void a_large_value_is_transformed_and_spoiled_like_a_small_one(void **state)
{
    enum { LETTERS = 3 << 20 };
    char *letters = parity_calloc(LETTERS + 1, 1);
    struct parity_error err = {0};
    char *observed;
    json_t *out;

    (void)state;
    memset(letters, 'a', LETTERS);
    observed = parity_asprintf("{'m': {'Id': 'i-1', 'Text': '%s i-1', 'n': 7}}", letters);
    assert_int_equal(transform_into("[{'type': 'key_value', 'key': 'Id'}]", observed, &out, &err),
                     0);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(out, "m"), "Text")) + LETTERS, " <id:1>");
    json_decref(out);
    assert_int_equal(transform_into("[{'type': 'text', 'text': 'i-1', 'replacement': '<i>'},"
                                    " {'type': 'text', 'text': '7', 'replacement': 'x'}]",
                                    observed, &out, &err),
                     -1);
    assert_string_equal(err.context, "m");
    if (!strstr(err.message, "no JSON any more after '7' was replaced by 'x'"))
        fail_msg("%s", err.message);
    parity_free(observed);
    parity_free(letters);
}

static void unknown_type_gets_a_suggestion(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'keyvalue', 'key': 'a'}]", "1", PARITY_E_INVALID,
                   "unknown transformer type 'keyvalue'; did you mean 'key_value'?");
    assert_refuses("[5]", "1", PARITY_E_INVALID, "a transformer must be an object");
    assert_refuses("[{'type': 'timestamp', 'priority': 'x'}]", "1", PARITY_E_INVALID,
                   "member 'priority' must be an integer");
}

/* Everything that allocates is made to fail once, at every place. */
static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    struct parity_transformers list = {0};
    json_t *observed = json_of("{'m': {'Id': 'x', 'l': [3, 1], 'b': '[\\u0022{}\\u0022]',"
                               " 'at': {'$datetime': '2024-01-02T03:04:05+00:00'},"
                               " 'Arn': 'arn:aws:sqs:::q', 'y': {'$bytes': 'YQ=='}, 'p': 'qqq'}}");
    struct parity_error err = {.code = PARITY_E_NOMEM};

    (void)state;
    read_list(&list, "[{'type': 'preset', 'name': 'basic_new'}, {'type': 'resource_name'},"
                     " {'type': 'sorting', 'key': 'l'}, {'type': 'json_string', 'key': 'b'},"
                     " {'type': 'regex', 'pattern': '(q+)', 'replacement': '\\\\1'},"
                     " {'type': 'jsonpath', 'path': '$..p', 'replacement': 'z',"
                     "  'reference': false}, {'type': 'key_value', 'key': 'Id'}]");
    for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
        json_t *out, *raw;
        int rc;

        memset(&err, 0, sizeof err);
        parity_memory_fail_at(n, 1);
        rc = parity_transform(&list, observed, NULL, &raw, &out, &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        assert_int_equal(out == NULL, rc < 0);
        json_decref(out);
        json_decref(raw);
        assert_true(n < 10000);
    }
    json_decref(observed);
    parity_transformers_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_order_sorts_members_and_puts_metadata_last),
        cmocka_unit_test(hook_runs_between_transformers_and_replacements),
        cmocka_unit_test(pipeline_finishes_as_often_as_asked),
        cmocka_unit_test(references_are_numbered_across_match_keys),
        cmocka_unit_test(short_reference_spoils_a_longer_one_as_in_the_reference),
        cmocka_unit_test(failure_names_match_key_and_transformer),
        cmocka_unit_test(a_large_value_is_transformed_and_spoiled_like_a_small_one),
        cmocka_unit_test(unknown_type_gets_a_suggestion),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
