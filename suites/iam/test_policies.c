/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/iam/" test_

/* The waiters' own delays are made for stacks that take minutes. */
#define PATIENTLY waiting(.delay_s = 1, .max_attempts = 120)

PARITY_SUITE(.transformers = { preset("iam_api") });

/* A template that makes a role, and a policy whose text CloudFormation has to fill in. */
static json_t *role_template(struct parity_test *t, const char *role, const char *policy)
{
    json_t *document = json(t, "{'Version': '2012-10-17',"
                               " 'Statement': [{'Effect': 'Allow', 'Action': 's3:GetObject',"
                               "                'Resource': 'arn:${AWS::Partition}:s3:::"
                               "my-bucket-${AWS::Region}/*'}]}");
    json_t *trust = json(t, "{'Version': '2012-10-17',"
                            " 'Statement': [{'Effect': 'Allow', 'Action': 'sts:AssumeRole',"
                            "                'Principal': {'Service': 'lambda.amazonaws.com'}}]}");

    return json(t,
                "{'AWSTemplateFormatVersion': '2010-09-09',"
                " 'Resources': {"
                "   'TestRole': {'Type': 'AWS::IAM::Role',"
                "                'Properties': {'RoleName': %s, 'AssumeRolePolicyDocument': %j}},"
                "   'TestPolicy': {'Type': 'AWS::IAM::Policy',"
                "                  'Properties': {'PolicyName': %s, 'Roles': [{'Ref': 'TestRole'}],"
                "                                 'PolicyDocument': {'Fn::Sub': %J}}}}}",
                role, trust, policy, document);
}

/* The stack is deleted when the test ends. */
static void create_stack(struct parity_test *t, json_t *stack_template)
{
    json_t *change_set =
        call(t, "cloudformation", "CreateChangeSet",
             "{'StackName': %s, 'ChangeSetName': %s, 'TemplateBody': %J,"
             " 'Capabilities': ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM',"
             "                  'CAPABILITY_NAMED_IAM'],"
             " 'ChangeSetType': 'CREATE', 'Parameters': []}",
             unique_name(t, "stack"), unique_name(t, "change-set"), stack_template);
    const char *id = text(t, change_set, "$.Id");
    const char *stack_id = text(t, change_set, "$.StackId");

    on_cleanup(t, "cloudformation", "DeleteStack", "{'StackName': %s}", stack_id);
    wait_for_with(t, PATIENTLY, "cloudformation", "ChangeSetCreateComplete",
                  "{'ChangeSetName': %s}", id);
    call(t, "cloudformation", "ExecuteChangeSet", "{'ChangeSetName': %s}", id);
    wait_for_with(t, PATIENTLY, "cloudformation", "StackCreateComplete", "{'StackName': %s}",
                  stack_id);
    call(t, "cloudformation", "DescribeStacks", "{'StackName': %s}", stack_id);
}

PARITY_TEST(inline_policy_from_a_template_is_json,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("resource_providers/test_iam.py::"
                                    "test_inline_policy_with_fn_sub_json_string"))
{
    const char *policy = unique_name(t, "test-policy");
    const char *role = unique_name(t, "test-role");
    json_t *policies;

    create_stack(t, role_template(t, role, policy));
    policies = call(t, "iam", "ListRolePolicies", "{'RoleName': %s}", role);
    match_select(t, "inline_policy_document",
                 call(t, "iam", "GetRolePolicy", "{'RoleName': %s, 'PolicyName': %s}", role,
                      text(t, policies, "$.PolicyNames[0]")),
                 "$.PolicyDocument");
}

PARITY_TEST(percent_signs_in_a_user_policy,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_iam.py::TestIAMPolicyEncoding::"
                                    "test_put_user_policy_encoding"))
{
    const char *user = unique_name(t, "test-user");
    const char *policy = unique_name(t, "test-policy");
    json_t *document =
        json(t,
             "{'Version': '2012-10-17',"
             " 'Statement': [{'Effect': 'Allow', 'Action': ['apigatway:PUT'],"
             "                'Resource': ['arn:%s:apigateway:%s::/tags/arn%%3Aaws%%3Aapigateway"
             "%%3Aus-east-1%%3A%%3A%%2Frestapis%%2Faaeeieije']}]}",
             partition(t), region(t));

    call(t, "iam", "CreateUser", "{'UserName': %s}", user);
    on_cleanup(t, "iam", "DeleteUser", "{'UserName': %s}", user);
    call(t, "iam", "PutUserPolicy", "{'UserName': %s, 'PolicyName': %s, 'PolicyDocument': %J}",
         user, policy, document);
    on_cleanup(t, "iam", "DeleteUserPolicy", "{'UserName': %s, 'PolicyName': %s}", user, policy);
    match(t, "get-policy-response",
          call(t, "iam", "GetUserPolicy", "{'UserName': %s, 'PolicyName': %s}", user, policy));
}
