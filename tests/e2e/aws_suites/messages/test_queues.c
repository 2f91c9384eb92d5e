/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* The JSON and the query protocol. */

PARITY_SUITE(.transformers = {preset("sqs_api"), preset("sns_api")});

static const char *queue(struct parity_test *t)
{
    json_t *created = call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "queue"));
    const char *url = text(t, created, "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    return url;
}

PARITY_TEST(queue_attributes, .marker = AWS_VALIDATED)
{
    match(t, "attributes",
          call(t, "sqs", "GetQueueAttributes",
               "{'QueueUrl': %s, 'AttributeNames': ['QueueArn', 'VisibilityTimeout']}", queue(t)));
}

PARITY_TEST(missing_queue, .marker = AWS_VALIDATED)
{
    match(t, "missing",
          call_error(t, "sqs", "GetQueueUrl", "{'QueueName': %s}", unique_name(t, "none")));
}

PARITY_TEST(topic, .marker = AWS_VALIDATED)
{
    json_t *created =
        call(t, "sns", "CreateTopic", "{'Name': %s, 'Tags': [{'Key': 'a+b', 'Value': 'c d/é~*'}]}",
             unique_name(t, "topic"));

    on_cleanup(t, "sns", "DeleteTopic", "{'TopicArn': %s}", text(t, created, "$.TopicArn"));
    match(t, "create", created);
    match(t, "publish",
          call(t, "sns", "Publish", "{'TopicArn': %s, 'Message': 'hello & goodbye = 100%%'}",
               text(t, created, "$.TopicArn")));
}

/* What an emulator is excused from, AWS is not. */
PARITY_TEST(skips_on_emulators, .marker = AWS_VALIDATED,
            .skip_verify = {{.paths = {"$..Attributes.VisibilityTimeout"},
                             .reason = "emulators have their own idea of it"}})
{
    match(t, "attributes",
          call(t, "sqs", "GetQueueAttributes",
               "{'QueueUrl': %s, 'AttributeNames': ['VisibilityTimeout']}", queue(t)));
}

PARITY_TEST(on_emulators_only, .marker = EMULATOR_ONLY)
{
    match(t, "queues", call(t, "sqs", "ListQueues", "{}"));
}
