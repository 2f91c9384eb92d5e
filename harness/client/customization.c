/* SPDX-License-Identifier: Apache-2.0 */
#include "client/customization.h"

#include <string.h>

static const struct parity_customization table[] = {
    {"apigateway", NULL, PARITY_CUSTOM_ACCEPT_JSON, NULL},
    {"autoscaling", "CreateLaunchConfiguration", PARITY_CUSTOM_BASE64_MEMBER, "UserData"},
    {"cloudformation", "GetTemplate", PARITY_CUSTOM_JSON_MEMBER, "TemplateBody"},
    {"docdb", "CopyDBClusterSnapshot", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"docdb", "CreateDBCluster", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"ec2", "CopySnapshot", PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS, "PresignedUrl"},
    {"ec2", "GetConsoleOutput", PARITY_CUSTOM_BASE64_OUTPUT, "Output"},
    {"ec2", "RunInstances", PARITY_CUSTOM_BASE64_MEMBER, "UserData"},
    {"glacier", NULL, PARITY_CUSTOM_API_VERSION, NULL},
    {"glacier", NULL, PARITY_CUSTOM_DEFAULT_ACCOUNT, NULL},
    {"glacier", "UploadArchive", PARITY_CUSTOM_TREE_HASH, NULL},
    {"glacier", "UploadMultipartPart", PARITY_CUSTOM_TREE_HASH, NULL},
    {"iam", NULL, PARITY_CUSTOM_POLICY_TEXTS, NULL},
    {"neptune", "CopyDBClusterSnapshot", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"neptune", "CreateDBCluster", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"rds", "CopyDBClusterSnapshot", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"rds", "CopyDBSnapshot", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"rds", "CreateDBCluster", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"rds", "CreateDBInstanceReadReplica", PARITY_CUSTOM_PRESIGNED_URL, "PreSignedUrl"},
    {"rds", "StartDBInstanceAutomatedBackupsReplication", PARITY_CUSTOM_PRESIGNED_URL,
     "PreSignedUrl"},
    {"route53", NULL, PARITY_CUSTOM_LAST_SEGMENT, NULL},
    {"s3", NULL, PARITY_CUSTOM_BUCKET_NAME, NULL},
    {"s3", NULL, PARITY_CUSTOM_BUCKET_REGION, "HeadBucket"},
    {"s3", NULL, PARITY_CUSTOM_ERROR_IN_200, NULL},
    {"s3", NULL, PARITY_CUSTOM_EXPIRES_STRING, NULL},
    {"s3", NULL, PARITY_CUSTOM_S3_SETTINGS, NULL},
    {"s3", "CompleteMultipartUpload", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "CopyObject", PARITY_CUSTOM_COPY_SOURCE, NULL},
    {"s3", "CopyObject", PARITY_CUSTOM_KEY_DIGEST, "CopySourceSSECustomerKey"},
    {"s3", "CopyObject", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "CreateBucket", PARITY_CUSTOM_CHOOSES_REGION, NULL},
    {"s3", "CreateMultipartUpload", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "DeleteObjects", PARITY_CUSTOM_ESCAPED_XML, NULL},
    {"s3", "GetBucketLocation", PARITY_CUSTOM_LOCATION, "LocationConstraint"},
    {"s3", "GetBucketLocation", PARITY_CUSTOM_PATH_STYLE, NULL},
    {"s3", "GetObject", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "HeadBucket", PARITY_CUSTOM_SILENT_REDIRECT, "x-amz-bucket-region"},
    {"s3", "HeadObject", PARITY_CUSTOM_SILENT_REDIRECT, NULL},
    {"s3", "HeadObject", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "ListObjectVersions", PARITY_CUSTOM_ENCODED_KEYS,
     "KeyMarker NextKeyMarker Prefix Delimiter"},
    {"s3", "ListObjects", PARITY_CUSTOM_ENCODED_KEYS, "Delimiter Marker NextMarker"},
    {"s3", "ListObjectsV2", PARITY_CUSTOM_ENCODED_KEYS, "Delimiter Prefix StartAfter"},
    {"s3", "PutBucketLifecycleConfiguration", PARITY_CUSTOM_ESCAPED_XML, NULL},
    {"s3", "PutObject", PARITY_CUSTOM_EXPECT, "Body"},
    {"s3", "PutObject", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "SelectObjectContent", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "UploadPart", PARITY_CUSTOM_EXPECT, "Body"},
    {"s3", "UploadPart", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3", "UploadPartCopy", PARITY_CUSTOM_COPY_SOURCE, NULL},
    {"s3", "UploadPartCopy", PARITY_CUSTOM_KEY_DIGEST, "CopySourceSSECustomerKey"},
    {"s3", "UploadPartCopy", PARITY_CUSTOM_KEY_DIGEST, "SSECustomerKey"},
    {"s3control", NULL, PARITY_CUSTOM_S3_SETTINGS, NULL},
};

enum { COUNT = sizeof table / sizeof *table };

static bool applies(const struct parity_customization *entry, const char *service,
                    const char *operation)
{
    /* The first letters spare most comparisons; this is asked several times in each call. */
    return entry->service[0] == service[0] && entry->service[1] == service[1] &&
           strcmp(entry->service, service) == 0 &&
           (!entry->operation || (operation && strcmp(entry->operation, operation) == 0));
}

const struct parity_customization *
parity_customization_next(const struct parity_operation *operation,
                          const struct parity_customization *after)
{
    const char *service = parity_service_name(parity_operation_service(operation));
    const char *name = parity_operation_name(operation);

    for (const struct parity_customization *entry = after ? after + 1 : table;
         entry < table + COUNT; entry++)
        if (applies(entry, service, name))
            return entry;
    return NULL;
}

bool parity_customization_has(const struct parity_service *service, enum parity_custom what)
{
    for (size_t i = 0; i < COUNT; i++)
        if (table[i].what == what && applies(&table[i], parity_service_name(service), NULL))
            return true;
    return false;
}

bool parity_customization_has_operation(const struct parity_operation *operation,
                                        enum parity_custom what)
{
    const struct parity_customization *entry = NULL;

    while ((entry = parity_customization_next(operation, entry)))
        if (entry->what == what)
            return true;
    return false;
}
