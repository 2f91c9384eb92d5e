/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("logs_api") });

/* The ARN of a destination that writes to a bucket of its own. */
static const char *create_destination(struct parity_test *t, const char *bucket)
{
    const char *name = unique_name(t, "test-dd");
    json_t *destination =
        call(t, "logs", "PutDeliveryDestination",
             "{'name': %s,"
             " 'deliveryDestinationConfiguration': {'destinationResourceArn': 'arn:%s:s3:::%s'}}",
             name, partition(t), bucket);

    on_cleanup(t, "logs", "DeleteDeliveryDestination", "{'name': %s}", name);
    return text(t, destination, "$.deliveryDestination.arn");
}

PARITY_TEST(is_gone_after_its_deletion,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/logs/test_logs_delivery.py::"
                           "TestDeliveries::test_delete_delivery")
{
    const char *bucket = unique_name(t, "test-bucket");
    const char *source = unique_name(t, "test-ds");
    json_t *delivery;
    const char *id;

    call(t, "s3", "CreateBucket", "{'Bucket': %s}", bucket);
    on_cleanup(t, "s3", "DeleteBucket", "{'Bucket': %s}", bucket);
    call(t, "logs", "PutDeliverySource",
         "{'name': %s, 'resourceArn': 'arn:%s:cloudfront::%s:distribution/E19DL18TOXN9JU',"
         " 'logType': 'ACCESS_LOGS'}",
         source, partition(t), account_id(t));
    on_cleanup(t, "logs", "DeleteDeliverySource", "{'name': %s}", source);
    delivery = call(t, "logs", "CreateDelivery",
                    "{'deliverySourceName': %s, 'deliveryDestinationArn': %s}", source,
                    create_destination(t, bucket));
    id = text(t, delivery, "$.delivery.id");
    call(t, "logs", "DeleteDelivery", "{'id': %s}", id);
    match(t, "error-after-delete", call_error(t, "logs", "GetDelivery", "{'id': %s}", id));
}
