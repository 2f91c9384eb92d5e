/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/dynamodb/test_dynamodb.py::TestDynamoDB::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("dynamodb_api") });

/* A table with one string as its key, deleted when the test ends. */
static void create_table(struct parity_test *t, const char *table, const char *key)
{
    call(t, "dynamodb", "CreateTable",
         "{'TableName': %s,"
         " 'KeySchema': [{'AttributeName': %s, 'KeyType': 'HASH'}],"
         " 'AttributeDefinitions': [{'AttributeName': %s, 'AttributeType': 'S'}],"
         " 'ProvisionedThroughput': {'ReadCapacityUnits': 5, 'WriteCapacityUnits': 5}}",
         table, key, key);
    on_cleanup(t, "dynamodb", "DeleteTable", "{'TableName': %s}", table);
    call_until(t, until("$.Table.TableStatus", "ACTIVE"), "dynamodb", "DescribeTable",
               "{'TableName': %s}", table);
}

PARITY_TEST(transaction_in_partiql,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_dynamodb_execute_transaction"))
{
    const char *table = format(t, "table_%s", unique_name(t, "n"));
    const char *first = format(t, "INSERT INTO %s VALUE {'Username': 'user01'}", table);
    const char *second = format(t, "INSERT INTO %s VALUE {'Username': 'user02'}", table);

    create_table(t, table, "Username");
    match(t, "ExecutedTransaction",
          call(t, "dynamodb", "ExecuteTransaction",
               "{'TransactStatements': [{'Statement': %s}, {'Statement': %s}]}", first, second));
    match(t, "TableScan", call(t, "dynamodb", "Scan", "{'TableName': %s}", table));
}

PARITY_TEST(batch_get_of_an_item_that_is_not_there,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_dynamodb_get_batch_items"))
{
    const char *table = format(t, "test_table_%s", unique_name(t, "n"));

    create_table(t, table, "PK");
    match(t, "Response",
          call(t, "dynamodb", "BatchGetItem",
               "{'RequestItems': {%s: {'Keys': [{'PK': {'S': 'test-key'}}]}}}", table));
}
