/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD, .transformers = {preset("sqs_api")});

static const char *create_queue(struct parity_test *t, const char *name)
{
    const char *url =
        text(t, call(t, "sqs", "CreateQueue", "{'QueueName': %s}", name), "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    return url;
}

static json_t *all_attributes(struct parity_test *t, const char *url)
{
    return call(t, "sqs", "GetQueueAttributes", "{'QueueUrl': %s, 'AttributeNames': ['All']}", url);
}

PARITY_TEST(receive_from_empty_queue, .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/sqs/test_sqs.py::"
                           "TestSqsProvider::test_receive_empty_queue[sqs]")
{
    const char *url = create_queue(t, unique_name(t, "test-queue"));

    match(t, "empty_short_poll_resp",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s, 'MaxNumberOfMessages': 1}", url));
    match(t, "empty_short_poll_resp_no_param",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s}", url));
    match(t, "empty_long_poll_resp",
          call(t, "sqs", "ReceiveMessage",
               "{'QueueUrl': %s, 'MaxNumberOfMessages': 1, 'WaitTimeSeconds': 1}", url));
}

PARITY_TEST(set_attributes_to_their_defaults, .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/sqs/test_sqs.py::"
                           "TestSqsProvider::test_set_queue_attributes_default_values[sqs]",
            .skip_verify = {{.paths = {"$..Attributes.SqsManagedSseEnabled"},
                             .reason = "emulators do not encrypt by default"}})
{
    const char *url = create_queue(t, unique_name(t, "test-queue"));

    match(t, "get-queue-attributes-initial-values", all_attributes(t, url));
    call(t, "sqs", "SetQueueAttributes",
         "{'QueueUrl': %s, 'Attributes': {'KmsMasterKeyId': 'testKeyId',"
         " 'KmsDataKeyReusePeriodSeconds': '6000'}}",
         url);
    match(t, "get-queue-attributes-after-update", all_attributes(t, url));
    call(t, "sqs", "SetQueueAttributes",
         "{'QueueUrl': %s, 'Attributes': {'KmsMasterKeyId': '',"
         " 'KmsDataKeyReusePeriodSeconds': '300'}}",
         url);
    match(t, "get-queue-attributes-after-set-to-defaults", all_attributes(t, url));
}

PARITY_TEST(
    move_task_needs_an_existing_destination, .marker = AWS_VALIDATED,
    .recorded_as = "tests/aws/services/sqs/test_sqs_move_task.py::test_destination_needs_to_exist")
{
    const char *name = unique_name(t, "test-queue");
    const char *dead_letters = create_queue(t, name);
    json_t *policy = json(t, "{'deadLetterTargetArn': 'arn:%s:sqs:%s:%s:%s', 'maxReceiveCount': 1}",
                          partition(t), region(t), account_id(t), name);
    json_t *queue =
        call(t, "sqs", "CreateQueue", "{'QueueName': %s, 'Attributes': {'RedrivePolicy': %J}}",
             unique_name(t, "test-queue"), policy);
    const char *arn;

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", text(t, queue, "$.QueueUrl"));
    arn = text(t, all_attributes(t, dead_letters), "$.Attributes.QueueArn");
    match(t, "error",
          call_error(t, "sqs", "StartMessageMoveTask",
                     "{'SourceArn': %s, 'DestinationArn': '%sdoesntexist'}", arn, arn));
}
