/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("dynamodb_api") });

/* The ARN of the stream of a new table, which is deleted when the test ends. */
static const char *create_table(struct parity_test *t, const char *table)
{
    json_t *created = call(t, "dynamodb", "CreateTable",
                           "{'TableName': %s,"
                           " 'KeySchema': [{'AttributeName': 'id', 'KeyType': 'HASH'}],"
                           " 'AttributeDefinitions': [{'AttributeName': 'id',"
                           "                           'AttributeType': 'S'}],"
                           " 'ProvisionedThroughput': {'ReadCapacityUnits': 5,"
                           "                           'WriteCapacityUnits': 5},"
                           " 'StreamSpecification': {'StreamEnabled': true,"
                           "                         'StreamViewType': 'NEW_AND_OLD_IMAGES'}}",
                           table);
    const char *stream = text(t, created, "$.TableDescription.LatestStreamArn");

    on_cleanup(t, "dynamodb", "DeleteTable", "{'TableName': %s}", table);
    call_until(t, until("$.Table.TableStatus", "ACTIVE"), "dynamodb", "DescribeTable",
               "{'TableName': %s}", table);
    call_until(t, until("$.StreamDescription.StreamStatus", "ENABLED"), "dynamodbstreams",
               "DescribeStream", "{'StreamArn': %s}", stream);
    return stream;
}

/* An iterator over all of the stream. */
static const char *shard_iterator(struct parity_test *t, const char *stream)
{
    json_t *description = call(t, "dynamodbstreams", "DescribeStream", "{'StreamArn': %s}", stream);
    json_t *shard = get(t, description, "$.StreamDescription.Shards[0]");
    json_t *found = call(t, "dynamodbstreams", "GetShardIterator",
                         "{'StreamArn': %s, 'ShardId': %s,"
                         " 'ShardIteratorType': 'AT_SEQUENCE_NUMBER', 'SequenceNumber': %s}",
                         stream, text(t, shard, "$.ShardId"),
                         text(t, shard, "$.SequenceNumberRange.StartingSequenceNumber"));

    return text(t, found, "$.ShardIterator");
}

static json_t *get_item(struct parity_test *t, const char *table)
{
    return call(t, "dynamodb", "GetItem", "{'TableName': %s, 'Key': {'id': {'S': 'id1'}}}", table);
}

PARITY_TEST(images_hold_what_the_table_holds,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/dynamodb/test_dynamodb.py::"
                           "TestDynamoDB::test_data_encoding_consistency")
{
    const char *table = unique_name(t, "table");
    const char *stream = create_table(t, table);
    const char *iterator;

    call(t, "dynamodb", "PutItem",
         "{'TableName': %s,"
         " 'Item': {'id': {'S': 'id1'}, 'version': {'N': '1'}, 'data': {'B': {'$bytes': 'kA=='}}}}",
         table);
    match_select(t, "GetItem", get_item(t, table), "$.Item");
    iterator = shard_iterator(t, stream);
    match_select(t, "GetRecords",
                 call_until(t, until("$.Records[0]", NULL), "dynamodbstreams", "GetRecords",
                            "{'ShardIterator': %s}", iterator),
                 "$.Records[0].dynamodb.NewImage");
    call(t, "dynamodb", "UpdateItem",
         "{'TableName': %s, 'Key': {'id': {'S': 'id1'}},"
         " 'UpdateExpression': 'SET version=:v',"
         " 'ExpressionAttributeValues': {':v': {'N': '2'}}}",
         table);
    match_select(t, "GetItemAfterUpdate", get_item(t, table), "$.Item");
    match_select(t, "GetRecordsAfterUpdate",
                 call_until(t, until("$.Records[1]", NULL), "dynamodbstreams", "GetRecords",
                            "{'ShardIterator': %s}", iterator),
                 "$.Records[1].dynamodb.NewImage");
}
