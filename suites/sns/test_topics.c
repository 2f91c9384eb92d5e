/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/sns/test_sns.py::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("sns_api") });

/* The ARN of a topic that is deleted when the test ends. */
static const char *create_topic(struct parity_test *t, const char *name)
{
    const char *arn = text(t, call(t, "sns", "CreateTopic", "{'Name': %s}", name), "$.TopicArn");

    on_cleanup(t, "sns", "DeleteTopic", "{'TopicArn': %s}", arn);
    return arn;
}

PARITY_TEST(remove_a_permission,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestSNSTopicCrudV2::test_topic_remove_permission"))
{
    const char *topic = create_topic(t, unique_name(t, "test-topic"));

    call(t, "sns", "AddPermission",
         "{'TopicArn': %s, 'Label': 'test', 'AWSAccountId': [%s], 'ActionName': ['Publish']}",
         topic, account_id(t));
    call(t, "sns", "RemovePermission", "{'TopicArn': %s, 'Label': 'test'}", topic);
    match_select(t, "topic-policy", call(t, "sns", "GetTopicAttributes", "{'TopicArn': %s}", topic),
                 "$.Attributes.Policy");
}

PARITY_TEST(tags_go_with_their_topic,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestSNSTopicCrud::test_tags_removed_after_deletion"))
{
    const char *name = unique_name(t, "topic");
    const char *topic = create_topic(t, name);

    call(t, "sns", "TagResource",
         "{'ResourceArn': %s,"
         " 'Tags': [{'Key': 'k1', 'Value': 'v1'}, {'Key': 'k2', 'Value': 'v2'}]}",
         topic);
    match(t, "list-created-tags",
          call(t, "sns", "ListTagsForResource", "{'ResourceArn': %s}", topic));
    call(t, "sns", "DeleteTopic", "{'TopicArn': %s}", topic);
    call(t, "sns", "CreateTopic", "{'Name': %s}", name);
    match(t, "list-empty-tags",
          call(t, "sns", "ListTagsForResource", "{'ResourceArn': %s}", topic));
}
