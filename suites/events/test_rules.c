/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/events/" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD);

static json_t *list_rules(struct parity_test *t, const char *prefix)
{
    return call(t, "events", "ListRules", "{'NamePrefix': %s, 'EventBusName': 'default'}", prefix);
}

PARITY_TEST(lifecycle_on_the_default_bus,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_events.py::TestEventRule::"
                                    "test_put_list_with_prefix_describe_delete_rule[default]"))
{
    const char *rule = unique_name(t, "test-rule");
    json_t *pattern = json(t, "{'source': ['core.update-account-command'],"
                              " 'detail-type': ['core.update-account-command'],"
                              " 'detail': {'command': ['update-account']}}");

    match(t, "put-rule",
          call(t, "events", "PutRule",
               "{'Name': %s, 'EventPattern': %J, 'EventBusName': 'default'}", rule, pattern));
    on_cleanup(t, "events", "DeleteRule", "{'Name': %s, 'EventBusName': 'default'}", rule);
    match(t, "list-rules", list_rules(t, rule));
    match(t, "describe-rule",
          call(t, "events", "DescribeRule", "{'Name': %s, 'EventBusName': 'default'}", rule));
    match(t, "delete-rule",
          call(t, "events", "DeleteRule", "{'Name': %s, 'EventBusName': 'default'}", rule));
    match(t, "list-rules-after-delete", list_rules(t, rule));

    transform(t, regex(rule, "<rule-name>"));
}

PARITY_TEST(tags_of_what_does_not_exist,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_events_tags.py::"
                                    "tests_tag_list_untag_not_existing_resource"),
            .variants = { { "not_existing_rule", "'rule'" },
                          { "not_existing_event_bus", "'event-bus'" } })
{
    const char *name = unique_name(t, "id");
    const char *kind = text(t, variant_value(t), "$");
    const char *arn =
        format(t, "arn:%s:events:%s:%s:%s/%s", partition(t), region(t), account_id(t), kind, name);

    match(t, "tag_not_existing_resource_error",
          call_error(t, "events", "TagResource",
                     "{'ResourceARN': %s, 'Tags': [{'Key': 'tag1', 'Value': 'value1'}]}", arn));
    match(t, "list_tags_for_not_existing_resource_error",
          call_error(t, "events", "ListTagsForResource", "{'ResourceARN': %s}", arn));
    match(
        t, "untag_not_existing_resource_error",
        call_error(t, "events", "UntagResource", "{'ResourceARN': %s, 'TagKeys': ['tag1']}", arn));

    transform(t, regex(name, "<not-existing-resource-name>"));
}
