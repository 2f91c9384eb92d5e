/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("dynamodb_api") });

static json_t *enable_backups(struct parity_test *t, const char *table)
{
    return call(t, "dynamodb", "UpdateContinuousBackups",
                "{'TableName': %s,"
                " 'PointInTimeRecoverySpecification': {'PointInTimeRecoveryEnabled': true}}",
                table);
}

PARITY_TEST(enable_continuous_backups_twice,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/dynamodb/test_dynamodb.py::"
                           "TestDynamoDB::test_continuous_backup_update",
            .skip_verify = {
                { .paths = { "$..PointInTimeRecoveryDescription..EarliestRestorableDateTime",
                             "$..PointInTimeRecoveryDescription..LatestRestorableDateTime",
                             "$..ContinuousBackupsDescription.PointInTimeRecoveryDescription"
                             ".RecoveryPeriodInDays" },
                  .reason = "emulators need not keep backups to restore from" } })
{
    const char *table = unique_name(t, "table");

    call(t, "dynamodb", "CreateTable",
         "{'TableName': %s,"
         " 'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'}],"
         " 'AttributeDefinitions': [{'AttributeName': 'id', 'AttributeType': 'S'}],"
         " 'BillingMode': 'PAY_PER_REQUEST', 'StreamSpecification': {'StreamEnabled': false}}",
         table);
    on_cleanup(t, "dynamodb", "DeleteTable", "{'TableName': %s}", table);
    call_until(t, until("$.Table.TableStatus", "ACTIVE"), "dynamodb", "DescribeTable",
               "{'TableName': %s}", table);
    enable_backups(t, table);
    match(t, "update-continuous-backup", enable_backups(t, table));
    match(t, "describe-continuous-backup",
          call(t, "dynamodb", "DescribeContinuousBackups", "{'TableName': %s}", table));
}
