/* SPDX-License-Identifier: Apache-2.0 */
#include "../transformers/transform.h"

#include "recorder/verify.h"

static const struct parity_transformers no_transformers;

static int verify(const char *recorded, const char *observed, const struct parity_skip *skips,
                  size_t skip_count, bool compat, struct parity_verification *out,
                  struct parity_error *err)
{
    const struct parity_verify_options options = {&no_transformers, skips, skip_count, compat,
                                                  .raw = true};
    json_t *a = recorded ? json_of(recorded) : NULL, *b = json_of(observed);
    int rc = parity_verify(&options, a, b, out, err);

    json_decref(a);
    json_decref(b);
    return rc;
}

static void assert_line(const json_t *value, const char *expected)
{
    char *text = line_of(value);

    assert_string_equal(text, expected);
    parity_free(text);
}

static void skipped_differences_are_hidden_with_their_reason(void **state)
{
    const char *const paths[] = {"$..b", "$..nothing"};
    const struct parity_skip skips[] = {{.paths = paths, .path_count = 2, .reason = "moto: no b"}};
    struct parity_verification out = {0};

    (void)state;
    assert_int_equal(
        verify("{'m': {'a': 1, 'b': 2}}", "{'m': {'b': 3, 'a': 1}}", skips, 1, false, &out, NULL),
        0);
    assert_line(out.differences, "[]");
    assert_line(out.hidden, "[{'key': 'm', 'path': ['b'], 'kind': 'changed', 'recorded': 2,"
                            " 'observed': 3, 'reason': 'moto: no b', 'skip': '$..b'}]");
    assert_line(out.unused_skips, "['$..nothing']");
    assert_line(out.transformed, "{'m': {'a': 1, 'b': 3}}");
    parity_verification_clear(&out);
}

static void paths_that_select_nothing_are_warned_of_once(void **state)
{
    const char *const paths[] = {"$..b", "$..nothing"};
    const char *const of_suite[] = {"$..elsewhere"}; /* other tests may need it */
    const struct parity_skip skips[] = {{.paths = paths, .path_count = 2},
                                        {.paths = of_suite, .path_count = 1, .shared = true}};
    struct parity_transformers list = {0};
    json_t *specs = json_of("[{'type': 'jsonpath', 'path': '$..Gone', 'replacement': 'gone'},"
                            " {'type': 'jsonpath', 'path': '$..Gone', 'replacement': 'x',"
                            "  'reference': false},"
                            " {'type': 'jsonpath', 'path': '$..a', 'replacement': 'x'},"
                            " {'type': 'preset', 'name': 'lambda_api'}]"),
           *spec, *recorded = json_of("{'m': {'a': '<x:1>', 'b': 1}}"),
           *observed = json_of("{'m': {'a': 'q', 'b': 1}}");
    const struct parity_verify_options options = {&list, skips, 2, false, false};
    struct parity_verification out = {0};
    size_t i;

    (void)state;
    json_array_foreach(specs, i, spec)
        assert_int_equal(parity_transformers_add_spec(&list, spec, NULL), 0);
    assert_int_equal(parity_verify(&options, recorded, observed, &out, NULL), 0);
    assert_line(out.differences, "[]");
    assert_line(out.warnings,
                "['transformer jsonpath: $..Gone selects nothing',"
                " 'skip_verify: $..nothing selects nothing, neither in the recording nor in what "
                "was observed']");
    parity_verification_clear(&out);
    parity_transformers_clear(&list);
    json_decref(specs);
    json_decref(recorded);
    json_decref(observed);
}

static void skip_above_and_below_a_difference_hide_it(void **state)
{
    const char *const paths[] = {"$..o"};
    const struct parity_skip skips[] = {{.paths = paths, .path_count = 1, .reason = NULL}};
    struct parity_verification out = {0};

    (void)state;
    assert_int_equal(verify("{'m': {'o': {'x': [1]}, 'p': 1}}", "{'m': {'o': {'x': [2]}, 'p': 2}}",
                            skips, 1, false, &out, NULL),
                     0);
    assert_line(out.hidden, "[{'key': 'm', 'path': ['o', 'x', 0], 'kind': 'changed',"
                            " 'recorded': 1, 'observed': 2, 'reason': null, 'skip': '$..o'}]");
    assert_line(out.differences, "[{'key': 'm', 'path': ['p'], 'kind': 'changed', 'recorded': 1,"
                                 " 'observed': 2}]");
    assert_line(out.unused_skips, "[]");
    parity_verification_clear(&out);
}

static void skip_that_settles_a_whole_object_hides_that_difference(void **state)
{
    const char *const paths[] = {"$..a", "$..b", "$..x", "$..y"};
    const struct parity_skip skips[] = {{.paths = paths, .path_count = 4, .reason = "r"}};
    struct parity_verification out = {0};

    (void)state;
    assert_int_equal(verify("{'m': {'a': 1, 'b': 2, 'c': 3}}", "{'m': {'x': 1, 'y': 2, 'c': 3}}",
                            skips, 1, true, &out, NULL),
                     0);
    assert_line(out.differences, "[]");
    assert_int_equal(json_array_size(out.hidden), 1);
    assert_line(json_object_get(json_array_get(out.hidden, 0), "path"), "[]");
    parity_verification_clear(&out);
}

static void match_keys_of_one_side_are_differences(void **state)
{
    struct parity_verification out = {0};

    (void)state;
    assert_int_equal(verify("{'a': 1}", "{'b': 2}", NULL, 0, false, &out, NULL), 0);
    assert_line(out.differences, "[{'key': 'b', 'path': [], 'kind': 'added', 'observed': 2},"
                                 " {'key': 'a', 'path': [], 'kind': 'removed', 'recorded': 1}]");
    parity_verification_clear(&out);
}

static void missing_recording_is_an_error_to_the_reference(void **state)
{
    struct parity_verification out = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(verify("{'a': 1, 'n': null}", "{'n': null}", NULL, 0, true, &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.context, "n");
    parity_verification_clear(&out);
    memset(&err, 0, sizeof err);
    assert_int_equal(verify("{'a': 1}", "{}", NULL, 0, true, &out, &err), 0);
    assert_line(out.differences, "[]");
    parity_verification_clear(&out);
}

static void without_recording_it_only_transforms(void **state)
{
    struct parity_verification out = {0};

    (void)state;
    assert_int_equal(verify(NULL, "{'m': {'b': '{}', 'a': 1}}", NULL, 0, false, &out, NULL), 0);
    assert_line(out.transformed, "{'m': {'a': 1, 'b': {}}}");
    assert_line(out.raw, "{'m': {'a': 1, 'b': {}}}");
    assert_line(out.differences, "[]");
    parity_verification_clear(&out);
}

/* Skip paths of a state on their own. */
static void assert_removed(const char *state, const char *const *paths, size_t count,
                           const char *expected)
{
    json_t *value = json_of(state);
    struct parity_error err = {0};

    if (parity_skip_remove(value, paths, count, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_line(value, expected);
    json_decref(value);
}

static void positions_do_not_shift_between_paths(void **state)
{
    const char *const paths[] = {"$..l[0]", "$..l[1]", "$..l[-1]"};

    (void)state;
    assert_removed("{'m': {'l': [1, 2, 3, 4]}}", paths, 3, "{'m': {'l': [3]}}");
}

static void steps_with_signs_of_the_grammar_are_followed_at_the_end_only(void **state)
{
    const char *const last[] = {"$..'a:b'"}, *const middle[] = {"$..'a:b'.c"};

    (void)state;
    assert_removed("{'m': {'a:b': {'c': 1}, 'd': 2}}", last, 1, "{'m': {'d': 2}}");
    assert_removed("{'m': {'a:b': {'c': 1}, 'd': 2}}", middle, 1,
                   "{'m': {'a:b': {'c': 1}, 'd': 2}}");
}

static void negative_positions_are_followed_at_the_end_only(void **state)
{
    const char *const paths[] = {"$..l[-1].a"};

    (void)state;
    assert_removed("{'m': {'l': [{'a': 1}]}}", paths, 1, "{'m': {'l': [{'a': 1}]}}");
}

static void path_below_a_removed_one_is_ignored(void **state)
{
    const char *const paths[] = {"$..a", "$..a.b", "$..*"};

    (void)state;
    assert_removed("{'m': {'a': {'b': 1}, 'l': [{'x': 1}]}}", paths, 2, "{'m': {'l': [{'x': 1}]}}");
    assert_removed("{'m': {'a': {'b': 1}, 'l': [{'x': 1}]}}", paths + 2, 1, "{}");
}

static void path_to_everything_or_nonsense_is_an_error(void **state)
{
    const char *const all[] = {"$"}, *const broken[] = {"$..a["};
    json_t *value = json_of("{'m': 1}");
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_skip_remove(value, all, 1, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_non_null(strstr(err.context, "skip path $"));
    memset(&err, 0, sizeof err);
    assert_int_equal(parity_skip_remove(value, broken, 1, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    json_decref(value);
}

static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    const char *const paths[] = {"$..b", "$..l[0]"};
    const struct parity_skip skips[] = {{.paths = paths, .path_count = 2, .reason = "r"}};
    struct parity_error err = {.code = PARITY_E_NOMEM};

    (void)state;
    for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
        const struct parity_verify_options options = {&no_transformers, skips, 1, false, false};
        json_t *a = json_of("{'m': {'a': 1, 'b': 2, 'l': [1, 2]}}");
        json_t *b = json_of("{'m': {'a': 2, 'b': 3, 'l': [2, 3]}}");
        struct parity_verification out = {0};
        int rc;

        memset(&err, 0, sizeof err);
        parity_memory_fail_at(n, 1);
        rc = parity_verify(&options, a, b, &out, &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        parity_verification_clear(&out);
        json_decref(a);
        json_decref(b);
        assert_true(n < 10000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skipped_differences_are_hidden_with_their_reason),
        cmocka_unit_test(paths_that_select_nothing_are_warned_of_once),
        cmocka_unit_test(skip_above_and_below_a_difference_hide_it),
        cmocka_unit_test(skip_that_settles_a_whole_object_hides_that_difference),
        cmocka_unit_test(match_keys_of_one_side_are_differences),
        cmocka_unit_test(missing_recording_is_an_error_to_the_reference),
        cmocka_unit_test(without_recording_it_only_transforms),
        cmocka_unit_test(positions_do_not_shift_between_paths),
        cmocka_unit_test(steps_with_signs_of_the_grammar_are_followed_at_the_end_only),
        cmocka_unit_test(negative_positions_are_followed_at_the_end_only),
        cmocka_unit_test(path_below_a_removed_one_is_ignored),
        cmocka_unit_test(path_to_everything_or_nonsense_is_an_error),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
