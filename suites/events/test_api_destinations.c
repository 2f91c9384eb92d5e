/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = {
                 key_value("ApiDestinationArn", "api-destination-arn", .direct = true),
                 key_value("ConnectionArn", "connection-arn", .direct = true) });

/* The ARN of a connection that is deleted when the test ends. */
static const char *create_connection(struct parity_test *t)
{
    const char *name = unique_name(t, "test-connection");
    json_t *connection = call(t, "events", "CreateConnection",
                              "{'Name': %s, 'AuthorizationType': 'BASIC',"
                              " 'AuthParameters': {'BasicAuthParameters': {'Username': 'user',"
                              "                                            'Password': 'pass'}}}",
                              name);

    on_cleanup(t, "events", "DeleteConnection", "{'Name': %s}", name);
    return text(t, connection, "$.ConnectionArn");
}

PARITY_TEST(lifecycle,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/events/test_api_destinations_and_connection.py::"
                           "TestEventBridgeApiDestinations::test_api_destinations[auth0]")
{
    const char *connection = create_connection(t);
    const char *name = unique_name(t, "test-destination");

    match(t, "create-api-destination",
          call(t, "events", "CreateApiDestination",
               "{'Name': %s, 'ConnectionArn': %s, 'HttpMethod': 'POST',"
               " 'InvocationEndpoint': 'https://example.com/api',"
               " 'Description': 'Test API destination'}",
               name, connection));
    on_cleanup(t, "events", "DeleteApiDestination", "{'Name': %s}", name);
    match(t, "describe-api-destination",
          call(t, "events", "DescribeApiDestination", "{'Name': %s}", name));
    match(t, "list-api-destinations",
          call(t, "events", "ListApiDestinations", "{'NamePrefix': %s}", name));
    match(t, "update-api-destination",
          call(t, "events", "UpdateApiDestination",
               "{'Name': %s, 'ConnectionArn': %s, 'HttpMethod': 'PUT',"
               " 'InvocationEndpoint': 'https://example.com/api/v2',"
               " 'Description': 'Updated API destination'}",
               name, connection));
    match(t, "describe-updated-api-destination",
          call(t, "events", "DescribeApiDestination", "{'Name': %s}", name));
    match(t, "delete-api-destination",
          call(t, "events", "DeleteApiDestination", "{'Name': %s}", name));
    match(t, "describe-api-destination-not-found-error",
          call_error(t, "events", "DescribeApiDestination", "{'Name': %s}", name));

    transform(t, regex(name, "<destination-name>"));
}
