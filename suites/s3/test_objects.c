/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/s3/" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD);

/* A bucket that is deleted when the test ends, with its one object. */
static void create_bucket(struct parity_test *t, const char *bucket, const char *key)
{
    call(t, "s3", "CreateBucket", "{'Bucket': %s}", bucket);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", bucket);
    on_cleanup(t, "s3", "DeleteObjects", "{'Bucket': %s, 'Delete': {'Objects': [{'Key': %s}]}}",
               bucket, key);
}

PARITY_TEST(restore_from_the_deep_archive,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3.py::TestS3DeepArchive::"
                                    "test_s3_get_deep_archive_object_restore"),
            .transformers = { preset("s3_api") })
{
    const char *archive = unique_name(t, "bucket");
    const char *copies = unique_name(t, "bucket");
    const char *key = unique_name(t, "key");
    json_t *refusal;

    create_bucket(t, archive, key);
    call(t, "s3", "PutObject",
         "{'Bucket': %s, 'Key': %s, 'Body': 'body data', 'StorageClass': 'DEEP_ARCHIVE'}", archive,
         key);
    refusal = call_error(t, "s3", "GetObject", "{'Bucket': %s, 'Key': %s}", archive, key);
    match(t, "get-object-invalid-state", refusal);
    match(t, "get_object_invalid_state", refusal);
    match(t, "restore_object",
          call(t, "s3", "RestoreObject",
               "{'Bucket': %s, 'Key': %s,"
               " 'RestoreRequest': {'Days': 30, 'GlacierJobParameters': {'Tier': 'Bulk'}}}",
               archive, key));
    call(t, "s3", "HeadObject", "{'Bucket': %s, 'Key': %s}", archive, key);
    create_bucket(t, copies, key);
    call(t, "s3", "CopyObject",
         "{'CopySource': {'Bucket': %s, 'Key': %s}, 'Bucket': %s, 'Key': %s}", archive, key, copies,
         key);
    call(t, "s3", "GetObject", "{'Bucket': %s, 'Key': %s}", copies, key);
}

PARITY_TEST(complete_an_upload_of_what_is_there_by_now,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_s3_api.py::TestS3ObjectWritePrecondition::"
                                    "test_multipart_if_none_match_with_put"),
            .transformers = { key_value("Bucket", "bucket"),
                              key_value("UploadId", "upload-id"),
                              key_value("VersionId", "version-id"),
                              key_value("DisplayName", "display-name"),
                              key_value("ID", "i-d"),
                              key_value("Name", "name"),
                              key_value("Location", "location", .priority = -1) })
{
    static const char key[] = "test-precondition";
    const char *bucket = unique_name(t, "test-bucket");
    json_t *upload;
    const char *upload_id;

    create_bucket(t, bucket, key);
    upload =
        match(t, "create-multipart",
              call(t, "s3", "CreateMultipartUpload", "{'Bucket': %s, 'Key': %s}", bucket, key));
    upload_id = text(t, upload, "$.UploadId");
    on_cleanup(t, "s3", "AbortMultipartUpload", "{'Bucket': %s, 'Key': %s, 'UploadId': %s}", bucket,
               key, upload_id);
    call(t, "s3", "UploadPart",
         "{'Bucket': %s, 'Key': %s, 'UploadId': %s, 'Body': 'test', 'PartNumber': 1}", bucket, key,
         upload_id);
    match(t, "put-obj",
          call(t, "s3", "PutObject", "{'Bucket': %s, 'Key': %s, 'IfNoneMatch': '*'}", bucket, key));
    match(t, "complete-multipart-if-none-match-put-during",
          call_error(t, "s3", "CompleteMultipartUpload",
                     "{'Bucket': %s, 'Key': %s, 'UploadId': %s, 'IfNoneMatch': '*',"
                     " 'MultipartUpload': {"
                     "   'Parts': [{'ETag': '\"098f6bcd4621d373cade4e832627b4f6\"',"
                     "              'PartNumber': 1}]}}",
                     bucket, key, upload_id));
}
