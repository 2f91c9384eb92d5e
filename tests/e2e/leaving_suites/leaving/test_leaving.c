/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Tests whose run is killed. They register their cleanups at once, late, together or not at all:
 * whatever is there at the moment must be found. */

static void registers_at_once(struct parity_test *t)
{
    for (int i = 0; i < 3; i++) {
        const char *url =
            text(t, call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "q")),
                 "$.QueueUrl");

        on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
        call(t, "sqs", "SendMessage", "{'QueueUrl': %s, 'MessageBody': 'hello'}", url);
    }
}

static void registers_together(struct parity_test *t)
{
    const char *first = unique_name(t, "b"), *second = unique_name(t, "b");

    call(t, "s3", "CreateBucket", "{'Bucket': %s}", first);
    call(t, "s3", "CreateBucket", "{'Bucket': %s}", second);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", first);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", second);
    call(t, "s3", "PutObject", "{'Bucket': %s, 'Key': 'k', 'Body': 'x'}", first);
    call(t, "s3", "DeleteObject", "{'Bucket': %s, 'Key': 'k'}", first);
}

/* Deletes by itself, which is its own business while it lives. */
static void registers_nothing(struct parity_test *t)
{
    const char *name = unique_name(t, "own");
    const char *url =
        text(t, call(t, "sqs", "CreateQueue", "{'QueueName': %s}", name), "$.QueueUrl");

    call(t, "s3", "CreateBucket", "{'Bucket': %s}", name);
    call(t, "s3", "PutObject", "{'Bucket': %s, 'Key': 'a key', 'Body': 'x'}", name);
    call(t, "s3", "DeleteObject", "{'Bucket': %s, 'Key': 'a key'}", name);
    call(t, "s3", "DeleteBucket", "{'Bucket': %s}", name);
    call(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
}

/* --- what tests share --------------------------------------------------------------------------
 */

PARITY_FIXTURE(bucket_of_the_run, .scope = RUN_SCOPE)
{
    const char *name = unique_name(t, "run");
    json_t *bucket = call(t, "s3", "CreateBucket", "{'Bucket': %s}", name);

    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", name);
    return json(t, "{'Name': %s, 'Location': %j}", name, get(t, bucket, "$.Location"));
}

/* Between the queues and their cleanups there is time to be killed, in this process or another. */
PARITY_FIXTURE(queues_of_the_suite, .scope = SUITE_SCOPE)
{
    const char *bucket = text(t, fixture(t, bucket_of_the_run), "$.Name");
    json_t *first = call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "shared"));
    json_t *second = call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "shared"));

    call(t, "s3", "ListObjectsV2", "{'Bucket': %s}", bucket);
    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %j}", get(t, first, "$.QueueUrl"));
    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %j}", get(t, second, "$.QueueUrl"));
    return first;
}

static void shares(struct parity_test *t)
{
    json_t *queue = fixture(t, queues_of_the_suite);

    call(t, "sqs", "SendMessage", "{'QueueUrl': %j, 'MessageBody': 'hello'}",
         get(t, queue, "$.QueueUrl"));
}

#define FOUR(n_)                                                                                   \
    PARITY_TEST(at_once_##n_, .marker = UNKNOWN)                                                   \
    {                                                                                              \
        registers_at_once(t);                                                                      \
    }                                                                                              \
    PARITY_TEST(together_##n_, .marker = UNKNOWN)                                                  \
    {                                                                                              \
        registers_together(t);                                                                     \
    }                                                                                              \
    PARITY_TEST(nothing_##n_, .marker = UNKNOWN)                                                   \
    {                                                                                              \
        registers_nothing(t);                                                                      \
    }                                                                                              \
    PARITY_TEST(shares_##n_, .marker = UNKNOWN)                                                    \
    {                                                                                              \
        shares(t);                                                                                 \
    }

FOUR(0)
FOUR(1)
FOUR(2)
FOUR(3)
