/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/sqs/test_sqs.py::TestSqsProvider::" test_

/* The newest model of SQS has JSON alone; over query a test runs where an older model is. */
#define JSON_AND_QUERY(test_)                                                                      \
    .protocols = {"json", "query"},                                                                \
    .recordings = {{"json", RECORDED(test_ "[sqs]")}, {"query", RECORDED(test_ "[sqs_query]")}}

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("sqs_api") });

/* The URL of a queue that is deleted when the test ends. */
static const char *create_queue(struct parity_test *t, const char *name, json_t *attributes)
{
    json_t *queue =
        call(t, "sqs", "CreateQueue", "{'QueueName': %s, 'Attributes': %j}", name, attributes);
    const char *url = text(t, queue, "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    return url;
}

PARITY_TEST(receive_from_an_empty_queue,
            .marker = AWS_VALIDATED,
            JSON_AND_QUERY("test_receive_empty_queue"))
{
    const char *url = create_queue(t, unique_name(t, "test-queue"), json(t, "{}"));

    match(t, "empty_short_poll_resp",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s, 'MaxNumberOfMessages': 1}", url));
    match(t, "empty_short_poll_resp_no_param",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s}", url));
    match(t, "empty_long_poll_resp",
          call(t, "sqs", "ReceiveMessage",
               "{'QueueUrl': %s, 'MaxNumberOfMessages': 1, 'WaitTimeSeconds': 1}", url));
}

PARITY_TEST(delete_while_still_invisible,
            .marker = AWS_VALIDATED,
            JSON_AND_QUERY("test_fifo_delete_after_visibility_timeout_extended"))
{
    json_t *attributes = json(t, "{'VisibilityTimeout': '1', 'FifoQueue': 'True',"
                                 " 'ContentBasedDeduplication': 'True'}");
    const char *name = format(t, "%s.fifo", unique_name(t, "test"));
    const char *url = create_queue(t, name, attributes);
    json_t *received;
    const char *handle;

    call(t, "sqs", "SendMessage",
         "{'QueueUrl': %s, 'MessageBody': 'foobar', 'MessageGroupId': '1'}", url);
    received =
        match(t, "received_sqs_message",
              call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s, 'WaitTimeSeconds': 5}", url));
    handle = text(t, received, "$.Messages[0].ReceiptHandle");
    call(t, "sqs", "ChangeMessageVisibility",
         "{'QueueUrl': %s, 'ReceiptHandle': %s, 'VisibilityTimeout': 5}", url, handle);
    sleep_for(t, 1.5); /* longer than the queue's own timeout */
    call(t, "sqs", "DeleteMessage", "{'QueueUrl': %s, 'ReceiptHandle': %s}", url, handle);
    match(t, "delete_after_timeout_fifo_extended",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s}", url));
}

PARITY_TEST(binary_attribute,
            .marker = AWS_VALIDATED,
            JSON_AND_QUERY("test_send_message_with_binary_attributes"))
{
    static const char trace_parent[] = "traceparent\x1e"
                                       "00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01";
    const char *url = create_queue(t, unique_name(t, "queue"), json(t, "{}"));

    call(t, "sqs", "SendMessage",
         "{'QueueUrl': %s, 'MessageBody': 'test',"
         " 'MessageAttributes': {'attr1': {'DataType': 'Binary', 'BinaryValue': %b}}}",
         url, trace_parent, sizeof trace_parent - 1);
    match(t, "binary-attrs-msg",
          call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s, 'MessageAttributeNames': ['All']}",
               url));
}
