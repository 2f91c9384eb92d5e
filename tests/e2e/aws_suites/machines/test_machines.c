/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* The EC2 and the REST-JSON protocol. */

PARITY_SUITE(.transformers = {regex("none-[0-9a-f]+", "<function>")});

PARITY_TEST(security_group, .marker = AWS_VALIDATED,
            .transformers = {key_value("GroupId", "group"), key_value("GroupName", "name"),
                             jsonpath("$..SecurityGroupArn", "group-arn")})
{
    const char *name = unique_name(t, "group");
    json_t *vpcs =
        call(t, "ec2", "DescribeVpcs", "{'Filters': [{'Name': 'is-default', 'Values': ['true']}]}");
    json_t *created =
        call(t, "ec2", "CreateSecurityGroup",
             "{'GroupName': %s, 'Description': 'a b+c', 'VpcId': %s, 'TagSpecifications': "
             "[{'ResourceType': 'security-group', 'Tags': [{'Key': 'k', 'Value': 'v/w'}]}]}",
             name, text(t, vpcs, "$.Vpcs[0].VpcId"));

    on_cleanup(t, "ec2", "DeleteSecurityGroup", "{'GroupId': %s}", text(t, created, "$.GroupId"));
    match(t, "create", created);
}

PARITY_TEST(missing_instance, .marker = AWS_VALIDATED)
{
    match(t, "missing",
          call_error(t, "ec2", "DescribeInstances", "{'InstanceIds': ['i-0123456789abcdef0']}"));
}

/* Requests with a body only: moto takes those without one for wrongly signed, an SDK's too. */
PARITY_TEST(job_queues, .marker = AWS_VALIDATED)
{
    match(t, "queues", call(t, "batch", "DescribeJobQueues", "{'maxResults': 10}"));
}

PARITY_TEST(missing_function, .marker = AWS_VALIDATED)
{
    match(t, "missing",
          call_error(t, "lambda", "CreateEventSourceMapping",
                     "{'FunctionName': %s, 'EventSourceArn': %s}", unique_name(t, "none"),
                     format(t, "arn:aws:sqs:%s:%s:none", region(t), account_id(t))));
}
