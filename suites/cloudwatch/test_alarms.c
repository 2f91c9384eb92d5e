/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/cloudwatch/test_cloudwatch.py::TestCloudwatch::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { sorting("Tags", .by = "Key") });

static json_t *tags_of(struct parity_test *t, const char *arn)
{
    return call(t, "cloudwatch", "ListTagsForResource", "{'ResourceARN': %s}", arn);
}

PARITY_TEST(tags,
            .marker = AWS_VALIDATED,
            .protocols = { "json", "query" },
            .recorded_as = RECORDED("test_tagging_metric_alarm"),
            .skip_verify = { { .paths = { "$.list_tags_for_deleted_resource.Tags" },
                               .reason = "moto keeps the tags of a deleted alarm",
                               .when = { .emulators = { "moto" }, .variants = { "query" } } } })
{
    const char *name = unique_name(t, "a");
    json_t *alarms;
    const char *arn;

    match(t, "put_metric_alarm",
          call(t, "cloudwatch", "PutMetricAlarm",
               "{'AlarmName': %s, 'Namespace': %s, 'MetricName': 'store_tags',"
               " 'EvaluationPeriods': 1, 'ComparisonOperator': 'GreaterThanThreshold',"
               " 'Period': 60, 'Statistic': 'Sum', 'Threshold': 30,"
               " 'Tags': [{'Key': 'Environment', 'Value': 'Production'}]}",
               name, unique_name(t, "test-ns")));
    on_cleanup(t, "cloudwatch", "DeleteAlarms", "{'AlarmNames': [%s]}", name);
    alarms = call(t, "cloudwatch", "DescribeAlarms", "{'AlarmNames': [%s]}", name);
    arn = text(t, alarms, "$.MetricAlarms[0].AlarmArn");
    match(t, "list_tags_for_resource_after_creation", tags_of(t, arn));
    call(t, "cloudwatch", "TagResource",
         "{'ResourceARN': %s,"
         " 'Tags': [{'Key': 'tag1', 'Value': 'foo'}, {'Key': 'tag2', 'Value': 'bar'}]}",
         arn);
    match(t, "list_tags_for_resource_updated", tags_of(t, arn));
    call(t, "cloudwatch", "UntagResource", "{'ResourceARN': %s, 'TagKeys': ['tag1']}", arn);
    match(t, "list_tags_for_resource_post_untag", tags_of(t, arn));
    call(t, "cloudwatch", "DeleteAlarms", "{'AlarmNames': [%s]}", name);
    match(t, "list_tags_for_deleted_resource", tags_of(t, arn));
}
