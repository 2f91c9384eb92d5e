/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/cloudformation/api/" test_

/* The waiters' own delays are made for stacks that take minutes. */
#define PATIENTLY waiting(.delay_s = 1, .max_attempts = 120)

PARITY_SUITE(.defaults = DEFAULTS_OLD);

/* The stack that `change_set` makes is deleted when the test ends. */
static void wait_for_change_set(struct parity_test *t, json_t *change_set)
{
    on_cleanup(t, "cloudformation", "DeleteStack", "{'StackName': %s}",
               text(t, change_set, "$.StackId"));
    wait_for_with(t, PATIENTLY, "cloudformation", "ChangeSetCreateComplete",
                  "{'ChangeSetName': %s}", text(t, change_set, "$.Id"));
}

static void wait_for_stack(struct parity_test *t, const char *stack)
{
    wait_for_with(t, PATIENTLY, "cloudformation", "StackCreateComplete", "{'StackName': %s}",
                  stack);
}

PARITY_TEST(template_in_yaml,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_stacks.py::TestStacksApi::"
                                    "test_get_template_using_create_stack[yaml]"),
            .transformers = { preset("cloudformation_api") })
{
    static const char topic[] = "Resources:\n"
                                "  topic69831491:\n"
                                "    Type: AWS::SNS::Topic\n"
                                "Outputs:\n"
                                "  TopicName:\n"
                                "    Value:\n"
                                "      Fn::GetAtt:\n"
                                "        - topic69831491\n"
                                "        - TopicName\n";
    const char *stack = unique_name(t, "stack");

    on_cleanup(t, "cloudformation", "DeleteStack", "{'StackName': %s}", stack);
    call(t, "cloudformation", "CreateStack", "{'StackName': %s, 'TemplateBody': %s}", stack, topic);
    wait_for_stack(t, stack);
    match(t, "template_original",
          call(t, "cloudformation", "GetTemplate", "{'StackName': %s, 'TemplateStage': 'Original'}",
               stack));
    match(t, "template_processed",
          call(t, "cloudformation", "GetTemplate",
               "{'StackName': %s, 'TemplateStage': 'Processed'}", stack));
}

PARITY_TEST(resource_that_a_stack_does_not_have,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_stacks.py::test_stack_resource_not_found"))
{
    static const char topic[] = "AWSTemplateFormatVersion: '2010-09-09'\n"
                                "Metadata:\n"
                                "  TopicName: sns-topic-simple\n"
                                "Parameters:\n"
                                "  TopicName:\n"
                                "    Type: String\n"
                                "    Default: sns-topic-simple\n"
                                "Resources:\n"
                                "  topic123:\n"
                                "    Type: AWS::SNS::Topic\n"
                                "    Properties:\n"
                                "      TopicName: !Ref TopicName\n"
                                "    UpdateReplacePolicy: Delete\n"
                                "    DeletionPolicy: Delete\n";
    const char *stack = unique_name(t, "stack");
    json_t *change_set =
        call(t, "cloudformation", "CreateChangeSet",
             "{'StackName': %s, 'ChangeSetName': %s, 'TemplateBody': %s,"
             " 'Capabilities': ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM',"
             "                  'CAPABILITY_NAMED_IAM'],"
             " 'ChangeSetType': 'CREATE',"
             " 'Parameters': [{'ParameterKey': 'TopicName', 'ParameterValue': 'topic%s'}]}",
             stack, unique_name(t, "change-set"), topic, unique_name(t, "n"));
    const char *stack_id = text(t, change_set, "$.StackId");

    wait_for_change_set(t, change_set);
    call(t, "cloudformation", "ExecuteChangeSet", "{'ChangeSetName': %s}",
         text(t, change_set, "$.Id"));
    wait_for_stack(t, stack_id);
    call(t, "cloudformation", "DescribeStacks", "{'StackName': %s}", stack_id);
    match(t, "Error",
          call_error(t, "cloudformation", "DescribeStackResource",
                     "{'StackName': %s, 'LogicalResourceId': 'NonExistentResource'}", stack));

    transform(t, regex(stack, "<stack-name>"));
}

PARITY_TEST(template_summary_before_the_change_set_is_executed,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_templates.py::"
                                    "test_get_template_summary_non_executed_change_set"),
            .transformers = { preset("cloudformation_api") })
{
    const char *stack = unique_name(t, "stack");
    json_t *parameter =
        json(t,
             "{'Resources': {'MyParameter': {'Type': 'AWS::SSM::Parameter',"
             "                               'Properties': {'Type': 'String', 'Value': %s}}}}",
             unique_name(t, "id"));
    json_t *change_set = call(t, "cloudformation", "CreateChangeSet",
                              "{'StackName': %s, 'ChangeSetName': %s, 'TemplateBody': %J,"
                              " 'ChangeSetType': 'CREATE'}",
                              stack, unique_name(t, "change-set"), parameter);

    wait_for_change_set(t, change_set);
    match(t, "error",
          call_error(t, "cloudformation", "GetTemplateSummary", "{'StackName': %s}", stack));
}
