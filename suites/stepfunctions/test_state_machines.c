/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/stepfunctions/v2/" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("stepfunctions_api") });

/* The ARN of a role that Step Functions may take, deleted when the test ends. */
static const char *create_role(struct parity_test *t)
{
    const char *name = unique_name(t, "test-sfn-role");
    const char *policy_name = unique_name(t, "test-sfn-policy");
    json_t *trust =
        json(t, "{'Version': '2012-10-17',"
                " 'Statement': [{'Effect': 'Allow', 'Action': ['sts:AssumeRole'],"
                "                'Principal': {'Service': ['states.amazonaws.com']}}]}");
    json_t *everything =
        json(t, "{'Version': '2012-10-17',"
                " 'Statement': [{'Effect': 'Allow', 'Action': ['*'], 'Resource': ['*']}]}");
    json_t *role, *policy;
    const char *policy_arn;

    role = call(t, "iam", "CreateRole", "{'RoleName': %s, 'AssumeRolePolicyDocument': %J}", name,
                trust);
    on_cleanup(t, "iam", "DeleteRole", "{'RoleName': %s}", name);
    policy = call(t, "iam", "CreatePolicy", "{'PolicyName': %s, 'PolicyDocument': %J}", policy_name,
                  everything);
    policy_arn = text(t, policy, "$.Policy.Arn");
    on_cleanup(t, "iam", "DeletePolicy", "{'PolicyArn': %s}", policy_arn);
    call(t, "iam", "AttachRolePolicy", "{'RoleName': %s, 'PolicyArn': %s}", name, policy_arn);
    on_cleanup(t, "iam", "DetachRolePolicy", "{'RoleName': %s, 'PolicyArn': %s}", name, policy_arn);
    return text(t, role, "$.Role.Arn");
}

/* A machine with one state, deleted when the test ends. Its name becomes a placeholder. */
static json_t *create_machine(struct parity_test *t, const char *role, bool publish)
{
    const char *name = format(t, "statemachine_%s", unique_name(t, "n"));
    json_t *definition = json(t, "{'Comment': 'BASE_PASS_RESULT',"
                                 " 'StartAt': 'State_1',"
                                 " 'States': {'State_1': {'Type': 'Pass',"
                                 "                        'Result': {'Arg1': 'argument1'},"
                                 "                        'End': true}}}");
    json_t *machine = call(t, "stepfunctions", "CreateStateMachine",
                           "{'name': %s, 'definition': %J, 'roleArn': %s, 'publish': %j}", name,
                           definition, role, json(t, publish ? "true" : "false"));

    on_cleanup(t, "stepfunctions", "DeleteStateMachine", "{'stateMachineArn': %s}",
               text(t, machine, "$.stateMachineArn"));
    transform_preset(t, "sfn_sm_create_arn", "{'response': %j, 'index': 0}", machine);
    return machine;
}

PARITY_TEST(describe_an_execution,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_sfn_api.py::TestSnfApi::test_describe_execution"),
            .skip_verify = { { .paths = { "$..redriveCount", "$..redriveStatus",
                                          "$..redriveStatusReason", "$..tracingConfiguration" },
                               .reason = "emulators need not redrive or trace" } })
{
    const char *role = create_role(t);
    json_t *machine, *execution;
    const char *arn;

    transform(t, regex(role, "snf_role_arn"));
    machine = match(t, "creation_resp", create_machine(t, role, false));
    execution = match(t, "exec_resp",
                      call(t, "stepfunctions", "StartExecution", "{'stateMachineArn': %s}",
                           text(t, machine, "$.stateMachineArn")));
    arn = text(t, execution, "$.executionArn");
    on_cleanup(t, "stepfunctions", "StopExecution", "{'executionArn': %s}", arn);
    call(t, "stepfunctions", "GetExecutionHistory", "{'executionArn': %s}", arn);
    match(t, "describe_execution",
          call(t, "stepfunctions", "DescribeExecution", "{'executionArn': %s}", arn));
    transform_preset(t, "sfn_sm_exec_arn", "{'response': %j, 'index': 0}", execution);
}

PARITY_TEST(delete_a_machine_that_has_an_alias,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_sfn_api_aliasing.py::TestSfnApiAliasing::"
                                    "test_delete_revision_with_alias"),
            .skip_verify = { { .paths = { "$..tracingConfiguration", "$..redriveCount",
                                          "$..redriveStatus", "$..redriveStatusReason" },
                               .reason = "emulators need not redrive or trace" } })
{
    const char *alias = unique_name(t, "AliasName");
    const char *role = create_role(t);
    json_t *machine;
    const char *arn;

    transform(t, regex(role, "sfn_role_arn"));
    machine = create_machine(t, role, true);
    arn = text(t, machine, "$.stateMachineArn");
    match(t, "create_state_machine_alias_response",
          call(t, "stepfunctions", "CreateStateMachineAlias",
               "{'name': %s, 'description': 'create state machine alias description',"
               " 'routingConfiguration': [{'stateMachineVersionArn': %s, 'weight': 100}]}",
               alias, text(t, machine, "$.stateMachineVersionArn")));
    call(t, "stepfunctions", "ListStateMachineAliases", "{'stateMachineArn': %s}", arn);
    match(t, "delete_state_machine_response",
          call(t, "stepfunctions", "DeleteStateMachine", "{'stateMachineArn': %s}", arn));
    transform(t, regex(alias, "state_machine_alias_name"));
}

#define UNTAGGED(keys_)                                                                            \
    RECORDED("test_sfn_api_tagging.py::TestSnfApiTagging::test_untag_state_machine[" keys_ "]")

PARITY_TEST(untag,
            .marker = AWS_VALIDATED,
            .variants = { { "nothing", "[]", UNTAGGED("tag_keys0") },
                          { "the_tag", "['key1']", UNTAGGED("tag_keys1") } })
{
    const char *role = create_role(t);
    json_t *machine;
    const char *arn;

    transform(t, regex(role, "snf_role_arn"));
    machine = match(t, "creation_resp_1", create_machine(t, role, false));
    arn = text(t, machine, "$.stateMachineArn");
    match(t, "tag_resource_resp",
          call(t, "stepfunctions", "TagResource",
               "{'resourceArn': %s, 'tags': [{'key': 'key1', 'value': 'value1'}]}", arn));
    match(t, "untag_resource_resp",
          call(t, "stepfunctions", "UntagResource", "{'resourceArn': %s, 'tagKeys': %j}", arn,
               variant_value(t)));
    match(t, "list_resources_res",
          call(t, "stepfunctions", "ListTagsForResource", "{'resourceArn': %s}", arn));
}
