/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include <parity/suite.h>

PARITY_TEST(waits_to_be_killed, .marker = AWS_VALIDATED)
{
    const char *url =
        text(t, call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "left")),
             "$.QueueUrl");

    on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
    call(t, "sns", "CreateTopic", "{'Name': %s}", unique_name(t, "left"));
    on_cleanup(t, "iam", "DeleteAccessKey", "{'UserName': 'judge', 'AccessKeyId': %s}",
               text(t, call(t, "iam", "CreateAccessKey", "{'UserName': 'judge'}"),
                    "$.AccessKey.AccessKeyId"));
    for (;;)
        sleep(1000);
}
