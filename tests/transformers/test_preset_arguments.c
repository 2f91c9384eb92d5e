/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include "transformers/presets.h"

/* Presets that take values of the run. */

static int forget(void **state)
{
    (void)state;
    parity_presets_clear();
    return 0;
}

/* The preset `p` of a project. */
static int add(const char *preset, struct parity_error *err)
{
    char *text = parity_asprintf("{'p': %s}", preset);
    json_t *presets = json_of(text);
    int rc = parity_presets_add_object(presets, "parity.json", err);

    json_decref(presets);
    parity_free(text);
    return rc;
}

static void assert_added(const char *preset)
{
    struct parity_error err = {0};

    if (add(preset, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void assert_refused(const char *preset, enum parity_errc code, const char *part)
{
    struct parity_error err = {0};

    assert_int_equal(add(preset, &err), -1);
    assert_int_equal(err.code, code);
    assert_memory_equal(err.context, "parity.json: preset p", strlen("parity.json: preset p"));
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
}

/* --- the predefined ones -----------------------------------------------------------------------
 */

static void a_secret_is_known_by_its_name_and_its_suffix(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'secretsmanager_secret_id_arn', 'arguments':"
                      " {'response': {'Name': 's-1', 'ARN': 'arn:aws:secretsmanager:eu-west-1:1:"
                      "secret:s-1-AbCdEf'}, 'index': 3}}]",
                      "{'SecretId': 's-1', 'ARN': 'secret:s-1-AbCdEf'}",
                      "{'SecretId': '<SecretId-3idx>', 'ARN': 'secret:<SecretId-3idx>"
                      "<ArnPart-3idx>'}");
}

/* The reference takes the text for a pattern, and recordings show it. */
static void a_name_with_signs_of_a_pattern_is_taken_for_one(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'secretsmanager_secret_id_arn', 'arguments':"
                      " {'response': {'Name': 'Valid/_+=.@-Name', 'ARN': 'secret:Valid/_+=.@-Name-"
                      "AbCdEf'}, 'index': 0}}]",
                      "'secret:Valid/_+=.@-Name-AbCdEf'",
                      "'secret:Valid/_+=.@-Name<ArnPart-0idx>'");
}

static void an_execution_is_known_by_the_last_parts_of_its_arn(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments': {'response':"
                      " {'stateMachineArn': 'arn:aws:states:r:1:stateMachine:m1'}, 'index': 0}},"
                      " {'type': 'preset', 'name': 'sfn_sm_exec_arn', 'arguments': {'response':"
                      " {'executionArn': 'arn:aws:states:r:1:execution:m1:e1'}, 'index': 1}}]",
                      "'execution:m1:e1'", "'execution:<ArnPart_0idx>:<ExecArnPart_1idx>'");
    assert_transforms("[{'type': 'preset', 'name': 'sfn_sm_express_exec_arn', 'arguments':"
                      " {'response': {'executionArn': 'express:m1:e1:f1'}, 'index': 0}}]",
                      "'m1:e1:f1'", "'m1:<ExpressExecArn_Part1_0idx>:<ExpressExecArn_Part2_0idx>'");
    assert_transforms("[{'type': 'preset', 'name': 'sfn_sm_sync_exec_arn', 'arguments':"
                      " {'response': {'executionArn': 'express:m1:e1:f1'}, 'index': 0}}]",
                      "'m1:e1:f1'", "'m1:<SyncExecArn_Part1_0idx>:<SyncExecArn_Part2_0idx>'");
}

static void a_map_run_has_a_first_part_only_if_that_is_a_uuid(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'sfn_map_run_arn', 'arguments':"
                      " {'arn': 'mapRun:m1/Label:r1', 'index': 0}}]",
                      "'m1/Label:r1'", "'m1/Label:<MapRunArnPart1_0idx>'");
    assert_transforms("[{'type': 'preset', 'name': 'sfn_map_run_arn', 'arguments':"
                      " {'arn': 'mapRun:m1/01234567-89ab-cdef-0123-456789abcdef:r1', 'index': 0}}]",
                      "'m1/01234567-89ab-cdef-0123-456789abcdef:r1'",
                      "'m1/<MapRunArnPart0_0idx>:<MapRunArnPart1_0idx>'");
}

/* --- what goes wrong with arguments ------------------------------------------------------------
 */

static void assert_arguments_refused(const char *arguments, const char *part)
{
    char *specs = parity_asprintf("[{'type': 'preset', 'name': 'sfn_sm_create_arn'%s%s}]",
                                  *arguments ? ", 'arguments': " : "", arguments);

    assert_refuses(specs, "1", PARITY_E_INVALID, part);
    parity_free(specs);
}

static void arguments_must_be_those_that_the_preset_takes(void **state)
{
    (void)state;
    assert_arguments_refused("", "the argument 'response' is missing; the preset takes values of "
                                 "the run (response, index)");
    assert_arguments_refused("{'response': {}}", "the argument 'index' is missing");
    assert_arguments_refused("{'respons': {}}",
                             "there is no argument 'respons'; did you mean 'response'? (the preset "
                             "takes: response, index)");
    assert_arguments_refused("{'response': 'arn', 'index': 0}",
                             "the argument 'response' must be an object");
    assert_arguments_refused("{'response': {'$bytes': ''}, 'index': 0}",
                             "the argument 'response' must be an object");
    assert_arguments_refused("{'response': {}, 'index': 0.5}",
                             "the argument 'index' must be a whole number");
    assert_arguments_refused("[]", "the arguments must be an object");
}

static void a_preset_without_parameters_takes_no_arguments(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'preset', 'name': 'iam_api', 'arguments': {'response': {}}}]", "1",
                   PARITY_E_INVALID, "there is no argument 'response' (the preset takes: none)");
}

static void a_path_that_selects_no_text_is_named(void **state)
{
    (void)state;
    assert_arguments_refused("{'response': {'executionArn': 'a'}, 'index': 0}",
                             "$.stateMachineArn selects nothing in 'response'");
    assert_arguments_refused("{'response': {'stateMachineArn': ['a']}, 'index': 0}",
                             "what stands at $.stateMachineArn is no text");
    assert_arguments_refused("{'response': {'stateMachineArn': 'a:'}, 'index': 0}",
                             "the text is empty");
}

static void a_part_that_is_not_there_is_named(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'preset', 'name': 'sfn_map_run_arn', 'arguments':"
                   " {'arn': 'mapRun:m1/run', 'index': 0}}]",
                   "1", PARITY_E_INVALID, "'run' has 1 parts between ':', so none of number 1");
}

/* --- presets of a project ----------------------------------------------------------------------
 */

static void a_project_declares_parameters(void **state)
{
    (void)state;
    assert_added("{'parameters': {'queue': {'type': 'object', 'about': 'from CreateQueue'},"
                 " 'label': {'type': 'text', 'default': 'queue'}},"
                 " 'values': {'name': {'of': 'queue', 'path': '$.QueueUrl', 'split': '/',"
                 " 'part': -1}},"
                 " 'transformers': [{'type': 'text', 'text': '${name}',"
                 " 'replacement': '<$${label}=${label}>'}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'queue': {'QueueUrl':"
                      " 'http://h/1/q.1'}}}]",
                      "'q.1 q-1'", "'<${label}=queue> q-1'");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'label': 'x', 'queue':"
                      " {'QueueUrl': 'http://h/1/q.1'}}}]",
                      "'q.1 q-1'", "'<${label}=x> q-1'");
}

static void a_preset_with_defaults_for_all_needs_no_arguments(void **state)
{
    (void)state;
    assert_added(
        "{'parameters': {'label': {'type': 'text', 'default': 'ticket'}},"
        " 'transformers': [{'type': 'key_value', 'key': 'T', 'replacement': '${label}'}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p'}]", "{'T': 'T-17'}", "{'T': '<ticket:1>'}");
}

static void an_escaped_text_matches_only_itself(void **state)
{
    (void)state;
    assert_added("{'parameters': {'name': {'type': 'text'}},"
                 " 'values': {'literal': {'of': 'name', 'escape': true}},"
                 " 'transformers': [{'type': 'regex', 'pattern': '(?<=:)${literal}(?=-)',"
                 " 'replacement': '<name>'}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'name': 'a.b+[c]'}}]",
                      "':a.b+[c]- :aXb+[c]-'", "':<name>- :aXb+[c]-'");
}

static void values_are_made_of_values(void **state)
{
    (void)state;
    assert_added("{'parameters': {'arn': {'type': 'text'}},"
                 " 'values': {'last': {'of': 'arn', 'split': '/', 'part': -1},"
                 " 'version': {'of': 'last', 'split': ':', 'part': 1, 'optional': true},"
                 " 'major': {'of': 'version', 'split': '.', 'part': 0}},"
                 " 'transformers': [{'type': 'text', 'text': '${major}', 'replacement': '<major>'},"
                 " {'type': 'text', 'text': '${last}', 'replacement': '<last>'}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'arn': 'a/f:7.1'}}]",
                      "'7 f:7.1'", "'<major> f:<major>.1'");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'arn': 'a/f'}}]", "'7 f'",
                      "'7 <last>'");
}

static void a_preset_hands_its_arguments_on(void **state)
{
    (void)state;
    assert_added("{'parameters': {'machine': {'type': 'object'}, 'n': {'type': 'integer'}},"
                 " 'transformers': [{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments':"
                 " {'response': '${machine}', 'index': '${n}'}}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {'n': 4, 'machine':"
                      " {'stateMachineArn': 'a:m1'}}}]",
                      "'m1'", "'<ArnPart_4idx>'");
}

static void a_preset_that_overrides_one_hands_its_arguments_to_it(void **state)
{
    json_t *presets =
        json_of("{'sfn_sm_create_arn': {'parameters': {'response': {'type': 'object'}},"
                " 'transformers': [{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments':"
                " {'response': '${response}', 'index': 0}},"
                " {'type': 'key_value', 'key': 'K'}]}}");
    struct parity_error err = {0};

    (void)state;
    if (parity_presets_add_object(presets, NULL, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_transforms("[{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments': {'response':"
                      " {'stateMachineArn': 'a:m1'}}}]",
                      "{'K': 'kk', 'L': 'm1'}", "{'K': '<k:1>', 'L': '<ArnPart_0idx>'}");
    json_decref(presets);
}

static void a_text_without_parameters_keeps_its_dollar_signs(void **state)
{
    (void)state;
    assert_added("{'transformers': [{'type': 'text', 'text': '${x}', 'replacement': '<x>'}]}");
    assert_transforms("[{'type': 'preset', 'name': 'p', 'arguments': {}}]", "'${x}'", "'<x>'");
}

static void broken_declarations_are_told_when_they_are_read(void **state)
{
    (void)state;
    assert_refused("{'parameters': [], 'transformers': []}", PARITY_E_INVALID,
                   "'parameters' and 'values' must be objects");
    assert_refused("{'values': {}, 'transformers': []}", PARITY_E_INVALID,
                   "it has 'values', and no 'parameters'");
    assert_refused("{'parameters': {'a': {'type': 'string'}}, 'transformers': []}",
                   PARITY_E_INVALID, "the parameter 'a' must look like {\"type\": \"text\"}");
    assert_refused("{'parameters': {'a': {'type': 'text', 'defualt': ''}}, 'transformers': []}",
                   PARITY_E_INVALID, "may have 'default' and 'about'");
    assert_refused("{'parameters': {'a': {'type': 'text', 'default': 1}}, 'transformers': []}",
                   PARITY_E_INVALID, "the argument 'a' must be a text");
}

static void broken_values_are_told_when_they_are_read(void **state)
{
    static const struct {
        const char *value, *part;
        enum parity_errc code;
    } broken[] = {
        {"1", "it must be an object like", PARITY_E_INVALID},
        {"{}", "member 'of' is missing", PARITY_E_INVALID},
        {"{'of': 'b'}", "'of' must name a parameter or an earlier value, not 'b'",
         PARITY_E_INVALID},
        {"{'of': 'v'}", "'of' must name a parameter or an earlier value, not 'v'",
         PARITY_E_INVALID},
        {"{'of': 'a', 'pth': '$'}", "a value has no member 'pth'; did you mean 'path'?",
         PARITY_E_INVALID},
        {"{'of': 'a', 'path': '$['}", "", PARITY_E_PARSE},
        {"{'of': 'a', 'pattern': 'a('}", "", PARITY_E_PARSE},
        {"{'of': 'a', 'split': ':'}", "'part' the number of the one that is meant",
         PARITY_E_INVALID},
        {"{'of': 'a', 'split': '', 'part': 1}", "'split' is the text between the parts",
         PARITY_E_INVALID},
        {"{'of': 'a', 'optional': 1}", "member 'optional' must be true or false", PARITY_E_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char *preset = parity_asprintf("{'parameters': {'a': {'type': 'text'}}, 'values':"
                                       " {'v': %s}, 'transformers': []}",
                                       broken[i].value);

        assert_refused(preset, broken[i].code, broken[i].part);
        parity_free(preset);
    }
    assert_refused("{'parameters': {'a': {'type': 'text'}}, 'values': {'a': {'of': 'a'}},"
                   " 'transformers': []}",
                   PARITY_E_INVALID, "a parameter has the same name");
}

static void broken_references_are_told_when_they_are_read(void **state)
{
    (void)state;
    assert_refused("{'parameters': {'a': {'type': 'text'}}, 'transformers': [{'type': 'text',"
                   " 'text': '${b}', 'replacement': ''}]}",
                   PARITY_E_INVALID, "${b} names none of the preset's parameters and values");
    assert_refused("{'parameters': {'a': {'type': 'text'}}, 'transformers': [{'type': 'text',"
                   " 'text': '${a', 'replacement': ''}]}",
                   PARITY_E_INVALID, "'${' without a '}'");
    assert_refused("{'parameters': {'a': {'type': 'object'}}, 'transformers': [{'type': 'text',"
                   " 'text': 'x${a}', 'replacement': ''}]}",
                   PARITY_E_INVALID, "${a} is no text, so it cannot stand inside one");
    assert_refused("{'parameters': {'a': {'type': 'text'}}, 'transformers': [{'type': 'texxt',"
                   " 'text': '${a}', 'replacement': ''}]}",
                   PARITY_E_INVALID, "unknown transformer type 'texxt'");
    assert_refused("{'parameters': {'a': {'type': 'text'}}, 'transformers': [{'type': 'preset',"
                   " 'name': 'sfn_map_run_arn', 'arguments': {'arn': '${a}'}}]}",
                   PARITY_E_INVALID, "the argument 'index' is missing");
}

static void arguments_may_be_unknown_while_a_spec_is_only_tried(void **state)
{
    json_t *spec = json_of("{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments':"
                           " {'response': '${machine}', 'index': 0}}");
    json_t *wrong = json_of("{'type': 'preset', 'name': 'sfn_sm_create_arn', 'arguments':"
                            " {'response': '${machine}', 'index': '0'}}");
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_transformers_try_spec(spec, &err), 0);
    assert_int_equal(parity_transformers_try_spec(wrong, &err), -1);
    assert_string_equal(err.message, "the argument 'index' must be a whole number");
    json_decref(spec);
    json_decref(wrong);
}

static void running_out_of_memory_makes_nothing(void **state)
{
    json_t *spec = json_of("{'type': 'preset', 'name': 'sfn_map_run_arn', 'arguments':"
                           " {'arn': 'mapRun:m1/Label:r1', 'index': 0}}");
    struct parity_error err = {.code = PARITY_E_NOMEM};

    (void)state;
    for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
        struct parity_transformers list = {0};
        int rc;

        memset(&err, 0, sizeof err);
        parity_memory_fail_at(n, 1);
        rc = parity_transformers_add_spec(&list, spec, &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        parity_transformers_clear(&list);
        assert_true(n < 10000);
    }
    json_decref(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_known_by_its_name_and_its_suffix),
        cmocka_unit_test(a_name_with_signs_of_a_pattern_is_taken_for_one),
        cmocka_unit_test(an_execution_is_known_by_the_last_parts_of_its_arn),
        cmocka_unit_test(a_map_run_has_a_first_part_only_if_that_is_a_uuid),
        cmocka_unit_test(arguments_must_be_those_that_the_preset_takes),
        cmocka_unit_test(a_preset_without_parameters_takes_no_arguments),
        cmocka_unit_test(a_path_that_selects_no_text_is_named),
        cmocka_unit_test(a_part_that_is_not_there_is_named),
        cmocka_unit_test_teardown(a_project_declares_parameters, forget),
        cmocka_unit_test_teardown(a_preset_with_defaults_for_all_needs_no_arguments, forget),
        cmocka_unit_test_teardown(an_escaped_text_matches_only_itself, forget),
        cmocka_unit_test_teardown(values_are_made_of_values, forget),
        cmocka_unit_test_teardown(a_preset_hands_its_arguments_on, forget),
        cmocka_unit_test_teardown(a_preset_that_overrides_one_hands_its_arguments_to_it, forget),
        cmocka_unit_test_teardown(a_text_without_parameters_keeps_its_dollar_signs, forget),
        cmocka_unit_test_teardown(broken_declarations_are_told_when_they_are_read, forget),
        cmocka_unit_test_teardown(broken_values_are_told_when_they_are_read, forget),
        cmocka_unit_test_teardown(broken_references_are_told_when_they_are_read, forget),
        cmocka_unit_test(arguments_may_be_unknown_while_a_spec_is_only_tried),
        cmocka_unit_test(running_out_of_memory_makes_nothing),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
