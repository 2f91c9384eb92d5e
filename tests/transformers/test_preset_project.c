/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include "scratch.h"
#include "transformers/presets.h"

static int forget(void **state)
{
    (void)state;
    parity_presets_clear();
    return 0;
}

static int leave(void **state)
{
    parity_presets_clear();
    return scratch_leave(state);
}

static int add(const char *text, struct parity_error *err)
{
    json_t *presets = json_of(text);
    int rc = parity_presets_add_object(presets, "parity.json", err);

    json_decref(presets);
    return rc;
}

static void assert_added(const char *text)
{
    struct parity_error err = {0};

    if (add(text, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void assert_refused(const char *text, enum parity_errc code, const char *context,
                           const char *part)
{
    struct parity_error err = {0};

    assert_int_equal(add(text, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.context, context);
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
}

static void a_project_adds_presets(void **state)
{
    (void)state;
    assert_added("{'queue_api': {'about': 'Queues.', 'transformers':"
                 " [{'type': 'key_value', 'key': 'QueueName'}]}}");
    assert_transforms("[{'type': 'preset', 'name': 'queue_api'}]", "{'QueueName': 'q-1'}",
                      "{'QueueName': '<queue-name:1>'}");
}

static void a_project_overrides_presets(void **state)
{
    (void)state;
    assert_added("{'iam_api': {'transformers': [{'type': 'key_value', 'key': 'RoleName',"
                 " 'replacement': 'my-role'}]}}");
    assert_transforms("[{'type': 'preset', 'name': 'iam_api'}]",
                      "{'RoleName': 'r-1', 'UserName': 'u-1'}",
                      "{'RoleName': '<my-role:1>', 'UserName': 'u-1'}");
}

static void a_preset_that_names_itself_adds_to_the_one_it_overrides(void **state)
{
    (void)state;
    assert_added("{'iam_api': {'transformers': [{'type': 'preset', 'name': 'iam_api'},"
                 " {'type': 'key_value', 'key': 'Extra'}]}}");
    assert_transforms("[{'type': 'preset', 'name': 'iam_api'}]",
                      "{'RoleName': 'r-1', 'Extra': 'e-1'}",
                      "{'RoleName': '<role-name:1>', 'Extra': '<extra:1>'}");
}

static void presets_of_one_object_may_name_each_other(void **state)
{
    (void)state;
    assert_added("{'a_api': {'transformers': [{'type': 'preset', 'name': 'b_api'}]},"
                 " 'b_api': {'transformers': [{'type': 'key_value', 'key': 'B'}]}}");
    assert_transforms("[{'type': 'preset', 'name': 'a_api'}]", "{'B': 'x'}", "{'B': '<b:1>'}");
}

static void a_broken_preset_is_named_with_its_source(void **state)
{
    (void)state;
    assert_refused("{'a': {'transformers': [{'type': 'regex', 'pattern': 'a(', "
                   "'replacement': 'x'}]}}",
                   PARITY_E_PARSE, "parity.json: preset a", "");
    assert_refused("{'a': {'transformers': [{'type': 'preset', 'name': 'iam_apy'}]}}",
                   PARITY_E_NOT_FOUND, "parity.json: preset a", "did you mean 'iam_api'?");
    assert_refused("{'a': {'transformers': 1}}", PARITY_E_INVALID, "parity.json: preset a",
                   "'transformers' is missing or no array");
    assert_refused("{'a': {'transformers': [], 'priority': 1}}", PARITY_E_INVALID,
                   "parity.json: preset a",
                   "none of 'about', 'parameters', 'values' and 'transformers'");
    assert_refused(
        "{'a': {'transformers': [{'type': 'preset', 'name': 'a'}]}}", PARITY_E_INVALID,
        "parity.json: preset a: preset a: preset a: preset a: preset a: preset a: preset "
        "a: preset a",
        "preset 'a' names itself");
    assert_refused("[]", PARITY_E_INVALID, "parity.json", "an object from names to presets");
    assert_refused("{'a': {'transformers': [{'type': 'preset', 'name': 'b'}]},"
                   " 'b': {'transformers': [{'type': 'preset', 'name': 'a'}]}}",
                   PARITY_E_INVALID,
                   "parity.json: preset a: preset b: preset a: preset b: preset "
                   "a: preset b: preset a: preset b",
                   "names itself");
}

static void with_an_error_nothing_is_added(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(add("{'good': {'transformers': []}, 'bad': {}}", &err), -1);
    assert_refuses("[{'type': 'preset', 'name': 'good'}]", "1", PARITY_E_NOT_FOUND,
                   "there is no preset 'good'");
}

static void misspelt_names_are_compared_with_the_projects(void **state)
{
    (void)state;
    assert_added("{'queue_api': {'transformers': []}}");
    assert_refuses("[{'type': 'preset', 'name': 'queue_apy'}]", "1", PARITY_E_NOT_FOUND,
                   "did you mean 'queue_api'?");
}

static void a_folder_is_read_by_name(void **state)
{
    struct parity_error err = {0};

    (void)state;
    scratch_write("presets/a.json", "{\"one\": {\"transformers\": [{\"type\": \"preset\", "
                                    "\"name\": \"two\"}]}}");
    scratch_write("presets/b.json", "{\"two\": {\"transformers\": [{\"type\": \"key_value\", "
                                    "\"key\": \"K\"}]}}");
    scratch_write("presets/readme.txt", "no preset");
    if (parity_presets_add_folder("presets", &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_transforms("[{'type': 'preset', 'name': 'one'}]", "{'K': 'x'}", "{'K': '<k:1>'}");
}

static void a_file_that_is_no_json_is_named(void **state)
{
    struct parity_error err = {0};

    (void)state;
    scratch_write("presets/a.json", "{\"one\":\n  }");
    assert_int_equal(parity_presets_add_folder("presets", &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "presets/a.json");
    assert_int_equal(err.line, 2);
    memset(&err, 0, sizeof err);
    assert_int_equal(parity_presets_add_folder("nowhere", &err), -1);
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.context, "nowhere");
}

static void running_out_of_memory_adds_nothing(void **state)
{
    json_t *presets = json_of("{'mine': {'transformers': [{'type': 'preset', 'name': 'iam_api'},"
                              " {'type': 'regex', 'pattern': '[a-z]+', 'replacement': 'x'}]}}");
    struct parity_error err = {.code = PARITY_E_NOMEM};

    (void)state;
    for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
        int rc;

        memset(&err, 0, sizeof err);
        parity_memory_fail_at(n, 1);
        rc = parity_presets_add_object(presets, "parity.json", &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        assert_true(n < 10000);
    }
    json_decref(presets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_project_adds_presets, forget),
        cmocka_unit_test_teardown(a_project_overrides_presets, forget),
        cmocka_unit_test_teardown(a_preset_that_names_itself_adds_to_the_one_it_overrides, forget),
        cmocka_unit_test_teardown(presets_of_one_object_may_name_each_other, forget),
        cmocka_unit_test_teardown(a_broken_preset_is_named_with_its_source, forget),
        cmocka_unit_test_teardown(with_an_error_nothing_is_added, forget),
        cmocka_unit_test_teardown(misspelt_names_are_compared_with_the_projects, forget),
        cmocka_unit_test_setup_teardown(a_folder_is_read_by_name, scratch_enter, leave),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_json_is_named, scratch_enter, leave),
        cmocka_unit_test_teardown(running_out_of_memory_adds_nothing, forget),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
