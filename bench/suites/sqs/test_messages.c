/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* A hundred tests of five calls and three matches each; pytest_suite.py holds the same. */

PARITY_SUITE(.transformers = {preset("sqs_api")});

static void send_and_receive(struct parity_test *t)
{
    json_t *queue = call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "bench"));
    const char *url = text(t, queue, "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    match(t, "send",
          call(t, "sqs", "SendMessage", "{'QueueUrl': %s, 'MessageBody': 'hello'}", url));
    match(t, "receive", call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s}", url));
    match(t, "attributes",
          call(t, "sqs", "GetQueueAttributes",
               "{'QueueUrl': %s, 'AttributeNames': ['VisibilityTimeout']}", url));
}

#define TEST(n_)                                                                                   \
    PARITY_TEST(message_##n_, .marker = UNKNOWN)                                                   \
    {                                                                                              \
        send_and_receive(t);                                                                       \
    }
#define TEN(n_)                                                                                    \
    TEST(n_##0)                                                                                    \
    TEST(n_##1)                                                                                    \
    TEST(n_##2)                                                                                    \
    TEST(n_##3)                                                                                    \
    TEST(n_##4)                                                                                    \
    TEST(n_##5)                                                                                    \
    TEST(n_##6)                                                                                    \
    TEST(n_##7)                                                                                    \
    TEST(n_##8)                                                                                    \
    TEST(n_##9)

TEN(0)
TEN(1)
TEN(2)
TEN(3)
TEN(4)
TEN(5)
TEN(6)
TEN(7)
TEN(8)
TEN(9)
