/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/s3/" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD);

/* A bucket, deleted when the test ends. */
static const char *create_bucket(struct parity_test *t)
{
    const char *bucket = unique_name(t, "test-bucket");

    call(t, "s3", "CreateBucket", "{'Bucket': %s}", bucket);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", bucket);
    return bucket;
}

PARITY_TEST(lifecycle_rules_come_and_go,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3.py::TestS3BucketLifecycle::"
                                    "test_delete_bucket_lifecycle_configuration"),
            .transformers = { key_value("BucketName", "bucket-name") })
{
    const char *bucket = create_bucket(t);

    match(t, "get-bucket-lifecycle-exc-1",
          call_error(t, "s3", "GetBucketLifecycleConfiguration", "{'Bucket': %s}", bucket));
    match(t, "delete-bucket-lifecycle-no-bucket",
          call(t, "s3", "DeleteBucketLifecycle", "{'Bucket': %s}", bucket));
    call(t, "s3", "PutBucketLifecycleConfiguration",
         "{'Bucket': %s,"
         " 'LifecycleConfiguration': {'Rules': [{'Expiration': {'Days': 7}, 'ID': 'wholebucket',"
         "                                       'Filter': {'Prefix': ''}, 'Status': 'Enabled'}]}}",
         bucket);
    match(t, "get-bucket-lifecycle-conf",
          call_until(t, until("$.Rules[0].Status", "Enabled"), "s3",
                     "GetBucketLifecycleConfiguration", "{'Bucket': %s}", bucket));
    call(t, "s3", "DeleteBucketLifecycle", "{'Bucket': %s}", bucket);
    match(t, "get-bucket-lifecycle-exc-2",
          call_error(t, "s3", "GetBucketLifecycleConfiguration", "{'Bucket': %s}", bucket));
}

PARITY_TEST(settings_are_seen_from_another_region,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3.py::TestS3::test_bucket_operation_between_regions"),
            .transformers = { preset("s3_api") })
{
    const struct parity_test_options *west = options(.region = "us-west-2");
    const char *bucket = unique_name(t, "bucket");

    call_with(t, west, "s3", "CreateBucket",
              "{'Bucket': %s, 'CreateBucketConfiguration': {'LocationConstraint': 'us-west-2'}}",
              bucket);
    on_cleanup_with(t, west, "s3", "DeleteBucket", "{'Bucket': %s}", bucket);
    match(t, "put-website-config-region-1",
          call_with(t, west, "s3", "PutBucketWebsite",
                    "{'Bucket': %s,"
                    " 'WebsiteConfiguration': {'IndexDocument': {'Suffix': 'index.html'}}}",
                    bucket));
    match(t, "put-cors-config-region-1",
          call_with(t, west, "s3", "PutBucketCors",
                    "{'Bucket': %s,"
                    " 'CORSConfiguration': {'CORSRules': [{'AllowedOrigins': ['*'],"
                    "                                      'AllowedMethods': ['GET']}]}}",
                    bucket));
    match(t, "get-website-config-region-2",
          call(t, "s3", "GetBucketWebsite", "{'Bucket': %s}", bucket));
    match(t, "get-cors-config-region-2", call(t, "s3", "GetBucketCors", "{'Bucket': %s}", bucket));
}

PARITY_TEST(delete_the_policy,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3.py::TestS3::test_delete_bucket_policy"),
            .transformers = { key_value("Resource", "resource"),
                              key_value("BucketName", "bucket-name") })
{
    const char *bucket = create_bucket(t);
    json_t *everyone_reads =
        json(t,
             "{'Version': '2012-10-17',"
             " 'Statement': [{'Action': 's3:GetObject', 'Effect': 'Allow',"
             "                'Resource': 'arn:%s:s3:::%s/*', 'Principal': {'AWS': '*'}}]}",
             partition(t), bucket);

    call(t, "s3", "DeleteBucketOwnershipControls", "{'Bucket': %s}", bucket);
    call(t, "s3", "DeletePublicAccessBlock", "{'Bucket': %s}", bucket);
    call(t, "s3", "PutBucketPolicy", "{'Bucket': %s, 'Policy': %J}", bucket, everyone_reads);
    match(t, "delete-bucket-policy", call(t, "s3", "DeleteBucketPolicy", "{'Bucket': %s}", bucket));
    match(t, "get-bucket-policy-no-such-bucket-policy",
          call_error(t, "s3", "GetBucketPolicy", "{'Bucket': %s}", bucket));
}

PARITY_TEST(tag_set_without_a_value,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3_api.py::TestS3BucketObjectTagging::"
                                    "test_put_bucket_tagging_none_value"),
            .transformers = { key_value("BucketName", "bucket-name") })
{
    const char *bucket = create_bucket(t);

    match(t, "put-bucket-tags-origin",
          call(t, "s3", "PutBucketTagging",
               "{'Bucket': %s, 'Tagging': {'TagSet': [{'Key': 'tag3', 'Value': 'tag3'}]}}",
               bucket));
    match(t, "put-none-tag-set",
          call_with(t, options(.no_validate = true), "s3", "PutBucketTagging",
                    "{'Bucket': %s, 'Tagging': {'TagSet': null}}", bucket));
    match(t, "no-such-tag-set", call_error(t, "s3", "GetBucketTagging", "{'Bucket': %s}", bucket));
}
