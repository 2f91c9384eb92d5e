/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* REST-XML, each bucket with a host name of its own. Keys are plain: moto takes what needs escapes
 * for wrongly signed, an SDK's requests too. */

PARITY_SUITE(.transformers = {preset("s3_api")});

static const char *bucket(struct parity_test *t)
{
    const char *name = unique_name(t, "parity-bucket");

    call(t, "s3", "CreateBucket",
         "{'Bucket': %s, 'CreateBucketConfiguration': {'LocationConstraint': %s}}", name,
         region(t));
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", name);
    return name;
}

PARITY_TEST(object, .marker = AWS_VALIDATED)
{
    const char *name = bucket(t);

    match(t, "put",
          call(t, "s3", "PutObject",
               "{'Bucket': %s, 'Key': 'a/b.c', 'Body': {'$bytes': 'aGVsbG8='}, "
               "'Metadata': {'colour': 'red'}}",
               name));
    on_cleanup(t, "s3", "DeleteObject", "{'Bucket': %s, 'Key': 'a/b.c'}", name);
    match(t, "get", call(t, "s3", "GetObject", "{'Bucket': %s, 'Key': 'a/b.c'}", name));
    match(t, "list", call(t, "s3", "ListObjectsV2", "{'Bucket': %s, 'Prefix': 'a'}", name));
}

PARITY_TEST(missing_object, .marker = AWS_VALIDATED)
{
    match(t, "missing",
          call_error(t, "s3", "GetObject", "{'Bucket': %s, 'Key': 'none'}", bucket(t)));
}
