/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/logs/" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD);

static json_t *get_events(struct parity_test *t, const char *group, const char *stream)
{
    return call_error(t, "logs", "GetLogEvents", "{'logGroupName': %s, 'logStreamName': %s}", group,
                      stream);
}

PARITY_TEST(events_of_what_does_not_exist,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_logs_events.py::TestLogsEventsErrors::"
                                    "test_resource_does_not_exist"))
{
    const char *group = unique_name(t, "log-group");
    const char *stream = unique_name(t, "log-stream");

    match(t, "error-log-group-does-not-exist", get_events(t, group, stream));
    on_cleanup(t, "logs", "DeleteLogGroup", "{'logGroupName': %s}", group);
    call(t, "logs", "CreateLogGroup", "{'logGroupName': %s}", group);
    match(t, "error-log-stream-does-not-exist", get_events(t, group, stream));
}

PARITY_TEST(create_and_delete_a_stream,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_logs_streams.py::TestLogsStreams::"
                                    "test_create_and_delete_log_stream"),
            .transformers = { preset("logs_api") })
{
    const char *group = unique_name(t, "test-log-group");
    const char *stream = unique_name(t, "test-log-stream");

    call(t, "logs", "CreateLogGroup", "{'logGroupName': %s}", group);
    on_cleanup(t, "logs", "DeleteLogGroup", "{'logGroupName': %s}", group);
    call(t, "logs", "CreateLogStream", "{'logGroupName': %s, 'logStreamName': %s}", group, stream);
    match(t, "describe-log-streams-after-create",
          call(t, "logs", "DescribeLogStreams", "{'logGroupName': %s}", group));
    call(t, "logs", "DeleteLogStream", "{'logGroupName': %s, 'logStreamName': %s}", group, stream);
    call(t, "logs", "DescribeLogStreams", "{'logGroupName': %s}", group);

    transform(t, regex(group, "<log-group>"));
}

/* The old operations and the new ones show the same tags. */
static json_t *tags_of_group(struct parity_test *t, const char *group)
{
    return call(t, "logs", "ListTagsLogGroup", "{'logGroupName': %s}", group);
}

static json_t *tags_of_resource(struct parity_test *t, const char *arn)
{
    return call(t, "logs", "ListTagsForResource", "{'resourceArn': %s}", arn);
}

PARITY_TEST(tags_in_the_old_and_the_new_way,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_logs_groups.py::TestLogsGroupsTags::"
                                    "test_tag_resource_api"),
            .transformers = { preset("logs_api") })
{
    const char *group = unique_name(t, "test-tags");
    json_t *found;
    const char *arn;

    call(t, "logs", "CreateLogGroup", "{'logGroupName': %s, 'tags': {'env': 'testing1'}}", group);
    on_cleanup(t, "logs", "DeleteLogGroup", "{'logGroupName': %s}", group);
    match(t, "list-tags-after-create", tags_of_group(t, group));
    found = call(t, "logs", "DescribeLogGroups", "{'logGroupNamePrefix': %s}", group);
    arn = text(t, found, "$.logGroups[0].logGroupArn");
    call(t, "logs", "TagResource",
         "{'resourceArn': %s, 'tags': {'test1': 'val1', 'test2': 'val2'}}", arn);
    match(t, "list-tags-log-group-after-tag-resource", tags_of_group(t, group));
    match(t, "list-tags-for-resource-after-tag-resource", tags_of_resource(t, arn));
    call(t, "logs", "TagLogGroup", "{'logGroupName': %s, 'tags': {'test3': 'val3'}}", group);
    match(t, "list-tags-log-group-after-tag-log-group", tags_of_group(t, group));
    match(t, "list-tags-for-resource-after-tag-log-group", tags_of_resource(t, arn));
    call(t, "logs", "UntagLogGroup", "{'logGroupName': %s, 'tags': ['test3']}", group);
    call(t, "logs", "UntagResource", "{'resourceArn': %s, 'tagKeys': ['env', 'test1']}", arn);
    match(t, "list-tags-log-group-after-untag", tags_of_group(t, group));
    match(t, "list-tags-for-resource-after-untag", tags_of_resource(t, arn));
}
