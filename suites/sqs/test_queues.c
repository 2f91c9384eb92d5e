/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/sqs/" test_

/* The newest model of SQS has JSON alone; over query a test runs where an older model is. */
#define JSON_AND_QUERY(test_)                                                                      \
    .protocols = {"json", "query"},                                                                \
    .recordings = {{"json", RECORDED(test_ "[sqs]")}, {"query", RECORDED(test_ "[sqs_query]")}}

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("sqs_api") });

static const char *queue_url(struct parity_test *t, json_t *queue)
{
    const char *url = text(t, queue, "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    return url;
}

/* The URL of a queue that is deleted when the test ends. */
static const char *create_queue(struct parity_test *t, const char *name)
{
    return queue_url(t, call(t, "sqs", "CreateQueue", "{'QueueName': %s}", name));
}

static json_t *all_attributes(struct parity_test *t, const char *url)
{
    return call(t, "sqs", "GetQueueAttributes", "{'QueueUrl': %s, 'AttributeNames': ['All']}", url);
}

static const char *queue_arn(struct parity_test *t, const char *url)
{
    json_t *attributes = call(t, "sqs", "GetQueueAttributes",
                              "{'QueueUrl': %s, 'AttributeNames': ['QueueArn']}", url);

    return text(t, attributes, "$.Attributes.QueueArn");
}

PARITY_TEST(set_attributes_to_their_defaults,
            .marker = AWS_VALIDATED,
            JSON_AND_QUERY("test_sqs.py::TestSqsProvider::"
                           "test_set_queue_attributes_default_values"),
            .skip_verify = { { .paths = { "$..Attributes.SqsManagedSseEnabled" },
                               .reason = "emulators do not turn it off when a key is set" } })
{
    const char *url = create_queue(t, unique_name(t, "test-queue"));

    match(t, "get-queue-attributes-initial-values", all_attributes(t, url));
    call(t, "sqs", "SetQueueAttributes",
         "{'QueueUrl': %s, 'Attributes': {'KmsMasterKeyId': 'testKeyId',"
         "                                'KmsDataKeyReusePeriodSeconds': '6000'}}",
         url);
    match(t, "get-queue-attributes-after-update", all_attributes(t, url));
    call(t, "sqs", "SetQueueAttributes",
         "{'QueueUrl': %s, 'Attributes': {'KmsMasterKeyId': '',"
         "                                'KmsDataKeyReusePeriodSeconds': '300'}}",
         url);
    match(t, "get-queue-attributes-after-set-to-defaults", all_attributes(t, url));
}

PARITY_TEST(queue_that_does_not_exist_any_more,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_sqs.py::TestSqsProvider::test_non_existent_queue"),
            .skip_verify = { { .paths = { "$..Error.Detail" },
                               .reason = "emulators leave out the empty element" } })
{
    const char *name = unique_name(t, "test-queue");
    const char *url;

    needs_protocol(t, "sqs", "query");
    url = create_queue(t, name);
    call(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    call_error(t, "sqs", "GetQueueUrl", "{'QueueName': %s}", name);
    match(t, "queue-does-not-exist",
          call_error(t, "sqs", "GetQueueAttributes", "{'QueueUrl': %s}", url));
    match(t, "queue-does-not-exist-url",
          call_error(t, "sqs", "GetQueueUrl", "{'QueueName': %s}", name));
    match(t, "queue-does-not-exist-query",
          call_with(t, options(.protocol = "query", .expect = EXPECT_ERROR), "sqs",
                    "GetQueueAttributes", "{'QueueUrl': %s}", url));
}

PARITY_TEST(tag_and_untag,
            .marker = AWS_VALIDATED,
            JSON_AND_QUERY("test_sqs.py::TestSqsProvider::test_tag_untag_queue"))
{
    const char *url = create_queue(t, unique_name(t, "test-queue"));

    call(t, "sqs", "TagQueue",
         "{'QueueUrl': %s, 'Tags': {'tag1': 'value1', 'tag2': 'value2', 'tag3': ''}}", url);
    match(t, "get-tag-1", call(t, "sqs", "ListQueueTags", "{'QueueUrl': %s}", url));
    call(t, "sqs", "UntagQueue", "{'QueueUrl': %s, 'TagKeys': ['tag1', 'tag3']}", url);
    match(t, "get-tag-2", call(t, "sqs", "ListQueueTags", "{'QueueUrl': %s}", url));
    call(t, "sqs", "UntagQueue", "{'QueueUrl': %s, 'TagKeys': ['tag2']}", url);
    match(t, "get-tag-after-untag", call(t, "sqs", "ListQueueTags", "{'QueueUrl': %s}", url));
}

PARITY_TEST(move_task_needs_an_existing_destination,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_sqs_move_task.py::test_destination_needs_to_exist"))
{
    const char *name = unique_name(t, "test-queue");
    const char *dead_letters = create_queue(t, name);
    json_t *redrive_policy =
        json(t, "{'deadLetterTargetArn': 'arn:%s:sqs:%s:%s:%s', 'maxReceiveCount': 1}",
             partition(t), region(t), account_id(t), name);
    const char *source, *destination;

    queue_url(t, call(t, "sqs", "CreateQueue",
                      "{'QueueName': %s, 'Attributes': {'RedrivePolicy': %J}}",
                      unique_name(t, "test-queue"), redrive_policy));
    source = queue_arn(t, dead_letters);
    destination = queue_arn(t, create_queue(t, unique_name(t, "test-queue")));
    match(t, "error",
          call_error(t, "sqs", "StartMessageMoveTask",
                     "{'SourceArn': %s, 'DestinationArn': '%sdoesntexist'}", source, destination));
}
