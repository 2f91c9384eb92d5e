/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = {
                 preset("s3_api"),
                 jsonpath("$..ReplicationConfiguration.Role", "role", .direct = true),
                 jsonpath("$..Destination.Bucket", "dest-bucket", .direct = true),
                 key_value("ID", "id", .direct = true) });

/* The ARN of a role that S3 may take, deleted when the test ends. */
static const char *create_role(struct parity_test *t)
{
    const char *name = format(t, "replication_role_%s", unique_name(t, "n"));
    const char *policy = format(t, "replication_policy_%s", unique_name(t, "n"));
    json_t *trust = json(t, "{'Version': '2012-10-17',"
                            " 'Statement': [{'Effect': 'Allow', 'Action': 'sts:AssumeRole',"
                            "                'Principal': {'Service': 's3.amazonaws.com'}}]}");
    json_t *everything =
        json(t, "{'Version': '2012-10-17',"
                " 'Statement': [{'Effect': 'Allow', 'Action': ['s3:*'], 'Resource': '*'}]}");
    json_t *role = call(t, "iam", "CreateRole", "{'RoleName': %s, 'AssumeRolePolicyDocument': %J}",
                        name, trust);

    on_cleanup(t, "iam", "DeleteRole", "{'RoleName': %s}", name);
    call(t, "iam", "PutRolePolicy", "{'RoleName': %s, 'PolicyName': %s, 'PolicyDocument': %J}",
         name, policy, everything);
    on_cleanup(t, "iam", "DeleteRolePolicy", "{'RoleName': %s, 'PolicyName': %s}", name, policy);
    return text(t, role, "$.Role.Arn");
}

static void enable_versions(struct parity_test *t, const struct parity_test_options *where,
                            const char *bucket)
{
    call_with(t, where, "s3", "PutBucketVersioning",
              "{'Bucket': %s, 'VersioningConfiguration': {'Status': 'Enabled'}}", bucket);
}

PARITY_TEST(set_and_delete,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/s3/test_s3.py::"
                           "TestS3BucketReplication::test_replication_config")
{
    const struct parity_test_options *west = options(.region = "us-west-2");
    const char *role = create_role(t);
    const char *source = unique_name(t, "src");
    const char *destination = unique_name(t, "dst");
    json_t *rules = json(t,
                         "[{'Status': 'Enabled', 'Priority': 1, 'Filter': {'Prefix': 'Tax'},"
                         "  'DeleteMarkerReplication': {'Status': 'Disabled'},"
                         "  'Destination': {'Bucket': 'arn:%s:s3:::%s'}}]",
                         partition(t), destination);
    json_t *replication = json(t,
                               "{'Bucket': %s,"
                               " 'ReplicationConfiguration': {'Role': %s, 'Rules': %j}}",
                               source, role, rules);

    call(t, "s3", "CreateBucket", "{'Bucket': %s}", source);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", source);
    call_with(t, west, "s3", "CreateBucket",
              "{'Bucket': %s, 'CreateBucketConfiguration': {'LocationConstraint': 'us-west-2'}}",
              destination);
    on_cleanup_with(t, west, "s3", "DeleteBucket", "{'Bucket': %s}", destination);
    enable_versions(t, west, destination);
    match(t, "expected_error_no_replication_set",
          call_error(t, "s3", "GetBucketReplication", "{'Bucket': %s}", source));
    match(t, "expected_error_versioning_not_enabled",
          call_error(t, "s3", "PutBucketReplication", "%j", replication));
    enable_versions(t, NULL, source);
    match(t, "put-bucket-replication", call(t, "s3", "PutBucketReplication", "%j", replication));
    match(t, "get-bucket-replication",
          call(t, "s3", "GetBucketReplication", "{'Bucket': %s}", source));
    match(t, "put-empty-bucket-replication-rules",
          call_error(t, "s3", "PutBucketReplication",
                     "{'Bucket': %s, 'ReplicationConfiguration': {'Role': %s, 'Rules': []}}",
                     source, role));
    match(t, "delete-bucket-replication",
          call(t, "s3", "DeleteBucketReplication", "{'Bucket': %s}", source));
    match(t, "delete-bucket-replication-idempotent",
          call(t, "s3", "DeleteBucketReplication", "{'Bucket': %s}", source));
}
