/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include "transformers/presets.h"

static void preset_adds_its_transformers(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'iam_api'}]",
                      "{'RoleName': 'r-1', 'Text': 'r-1'}",
                      "{'RoleName': '<role-name:1>', 'Text': '<role-name:1>'}");
}

static void preset_may_name_another_preset(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'sfn_sqs_integration'}]",
                      "{'ReceiptHandle': 'AQEB1', 'MD5OfMessageBody': '5d41'}",
                      "{'ReceiptHandle': '<receipt-handle:1>',"
                      " 'MD5OfMessageBody': '<m-d5-of-message-body:1>'}");
}

static void preset_takes_one_priority_for_all(void **state)
{
    struct parity_transformers list = {0};
    json_t *spec = json_of("{'type': 'preset', 'name': 's3_api', 'priority': 7}");

    (void)state;
    assert_int_equal(parity_transformers_add_spec(&list, spec, NULL), 0);
    assert_int_equal(list.count, 13);
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(list.items[i].priority, 7);
    parity_transformers_clear(&list);
    json_decref(spec);
}

static void preset_that_is_misspelt_gets_a_suggestion(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'preset', 'name': 'sqsapi'}]", "1", PARITY_E_NOT_FOUND,
                   "there is no preset 'sqsapi'; did you mean 'sqs_api'?");
}

/* `${x}` for each parameter: a value that is not known yet. */
static json_t *sample_arguments(const json_t *preset)
{
    json_t *arguments = NULL, *parameter;
    const char *name;

    json_object_foreach(json_object_get(preset, "parameters"), name, parameter) {
        if (!arguments)
            arguments = json_object();
        json_object_set_new(arguments, name, json_string("${x}"));
    }
    return arguments;
}

static void every_preset_can_be_made(void **state)
{
    size_t presets = 0;

    (void)state;
    for (size_t i = 0; i < parity_preset_file_count; i++) {
        json_t *file, *preset;
        const char *name;

        assert_int_equal(parity_json_parse((const char *)parity_preset_files[i].text,
                                           parity_preset_files[i].length, "preset", &file, NULL),
                         0);
        json_object_foreach(file, name, preset) {
            json_t *spec = json_pack("{ss ss}", "type", "preset", "name", name);
            struct parity_error err = {0};
            json_t *arguments = sample_arguments(preset);

            assert_true(json_is_string(json_object_get(preset, "about")));
            assert_true(json_array_size(json_object_get(preset, "transformers")) > 0);
            if (arguments)
                json_object_set_new(spec, "arguments", arguments);
            if (parity_transformers_try_spec(spec, &err) < 0)
                fail_msg("%s: %s: %s", name, err.context, err.message);
            json_decref(spec);
            presets++;
        }
        json_decref(file);
    }
    assert_int_equal(presets, 41);
}

/* The predefined helpers and fixtures of existing snapshot tests, with what each is called with.
 * The presets must answer to their names, whatever files they are in. */
static void every_helper_of_existing_tests_is_a_preset(void **state)
{
    static const char machine[] = "{'response': {'stateMachineArn': 'a:b'}, 'index': 0}";
    static const char execution[] = "{'response': {'executionArn': 'a:b:c'}, 'index': 0}";
    static const struct {
        const char *name, *arguments;
    } helpers[] = {
        {"basic", NULL},
        {"basic_new", NULL},
        {"lambda_api", NULL},
        {"lambda_report_logs", NULL},
        {"apigateway_api", NULL},
        {"apigateway_proxy_event", NULL},
        {"apigateway_invocation_headers", NULL},
        {"apigatewayv2_jwt_authorizer_event", NULL},
        {"apigatewayv2_lambda_proxy_event", NULL},
        {"cloudformation_api", NULL},
        {"cfn_stack_resource", NULL},
        {"dynamodb_api", NULL},
        {"dynamodb_streams_api", NULL},
        {"iam_api", NULL},
        {"transcribe_api", NULL},
        {"s3_api", NULL},
        {"s3_notifications_transformer", NULL},
        {"s3_dynamodb_notifications", NULL},
        {"kinesis_api", NULL},
        {"route53resolver_api", NULL},
        {"route53_api", NULL},
        {"sqs_api", NULL},
        {"kms_api", NULL},
        {"sns_api", NULL},
        {"cloudwatch_api", NULL},
        {"logs_api", NULL},
        {"secretsmanager_api", NULL},
        {"secretsmanager_secret_id_arn",
         "{'response': {'Name': 'n', 'ARN': 'a:n-AbCdEf'}, 'index': 0}"},
        {"sfn_sm_create_arn", machine},
        {"sfn_sm_exec_arn", execution},
        {"sfn_sm_express_exec_arn", execution},
        {"sfn_sm_sync_exec_arn", execution},
        {"sfn_map_run_arn", "{'arn': 'a:b/c:d', 'index': 0}"},
        {"sfn_sqs_integration", NULL},
        {"stepfunctions_api", NULL},
        {"sfn_snapshot", NULL},
        {"sfn_batch_snapshot", NULL},
        {"sfn_ecs_snapshot", NULL},
        {"sfn_none_recursive_parallel", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++) {
        json_t *arguments = helpers[i].arguments ? json_of(helpers[i].arguments) : NULL;
        json_t *spec = json_pack("{ss ss so*}", "type", "preset", "name", helpers[i].name,
                                 "arguments", arguments);
        struct parity_transformers list = {0};
        struct parity_error err = {0};

        if (parity_transformers_add_spec(&list, spec, &err) < 0)
            fail_msg("%s: %s: %s", helpers[i].name, err.context, err.message);
        assert_true(list.count > 0);
        parity_transformers_clear(&list);
        json_decref(spec);
    }
}

static void sets_of_step_functions_replace_what_their_executions_hold(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'sfn_batch_snapshot'}]",
                      "{'JobName': 'job-1', 'StartedAt': 1700000000, 'Text': 'of job-1',"
                      " 'SdkHttpMetadata': {'Date': 'now'}}",
                      "{'JobName': '<job-name:1>', 'StartedAt': 'time',"
                      " 'Text': 'of <job-name:1>', 'SdkHttpMetadata': {'Date': 'date'}}");
    assert_transforms("[{'type': 'preset', 'name': 'sfn_ecs_snapshot'}]",
                      "{'TaskArn': 'task-1', 'StoppingAt': 17, 'Details': ['subnet-0aB', 'sg-1',"
                      " 'eni-2', 'ip-10-0-0-1.ec2', '0a:1b:2c:3d', '0a:1b:2c:3d:4e:5f']}",
                      "{'TaskArn': '<task_arn:1>', 'StoppingAt': 'time', 'Details':"
                      " ['subnet_value', 'sg_value', 'eni_value', 'ip_value.ec2', 'ip_value',"
                      " 'ip_value:4e:5f']}");
}

static json_t *with_defaults(const struct parity_defaults_options *options, const char *observed)
{
    struct parity_transformers list = {0};
    json_t *document = json_of(observed), *out;

    assert_int_equal(parity_transformers_add_defaults(&list, options, NULL), 0);
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(list.items[i].priority, 2);
    assert_int_equal(parity_transform(&list, document, NULL, NULL, &out, NULL), 0);
    parity_transformers_clear(&list);
    json_decref(document);
    return out;
}

static void defaults_replace_account_region_and_partition(void **state)
{
    const struct parity_defaults_options options = {"123456789012", "eu-west-1", "aws-cn", false};
    json_t *out = with_defaults(&options, "{'m': 'arn:aws-cn:sqs:eu-west-1:123456789012:q'}");
    char *text = line_of(out);

    (void)state;
    assert_string_equal(text, "{'m': 'arn:<partition>:sqs:<region>:111111111111:q'}");
    parity_free(text);
    json_decref(out);
}

static void defaults_of_old_recordings_write_dates_as_words(void **state)
{
    const struct parity_defaults_options old = {.old = true}, new = {.old = false};
    const char *observed = "{'m': {'at': {'$datetime': '2024-01-02T03:04:05+00:00'},"
                           " 'eventId': '01234567-89ab-cdef-0123-456789abcdef/x'}}";
    json_t *first = with_defaults(&old, observed), *second = with_defaults(&new, observed);
    char *text = line_of(first);

    (void)state;
    assert_string_equal(text, "{'m': {'at': 'datetime', 'eventId': '<uuid:1>'}}");
    parity_free(text);
    text = line_of(second);
    assert_string_equal(text, "{'m': {'at': '<datetime>', 'eventId': '<uuid:1>'}}");
    parity_free(text);
    json_decref(first);
    json_decref(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preset_adds_its_transformers),
        cmocka_unit_test(preset_may_name_another_preset),
        cmocka_unit_test(preset_takes_one_priority_for_all),
        cmocka_unit_test(preset_that_is_misspelt_gets_a_suggestion),
        cmocka_unit_test(every_preset_can_be_made),
        cmocka_unit_test(every_helper_of_existing_tests_is_a_preset),
        cmocka_unit_test(sets_of_step_functions_replace_what_their_executions_hold),
        cmocka_unit_test(defaults_replace_account_region_and_partition),
        cmocka_unit_test(defaults_of_old_recordings_write_dates_as_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
