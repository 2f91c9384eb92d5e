/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/sns/test_sns.py::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("sns_api") });

/* Each hands over an ARN; what it stands for is deleted when the test ends. */

static const char *create_application(struct parity_test *t, const char *name)
{
    json_t *application = call(t, "sns", "CreatePlatformApplication",
                               "{'Name': %s, 'Platform': 'ADM',"
                               " 'Attributes': {'PlatformPrincipal': 'dummy',"
                               "                'PlatformCredential': 'dummy'}}",
                               name);
    const char *arn = text(t, application, "$.PlatformApplicationArn");

    on_cleanup(t, "sns", "DeletePlatformApplication", "{'PlatformApplicationArn': %s}", arn);
    return arn;
}

static const char *create_endpoint(struct parity_test *t, const char *application,
                                   const char *token)
{
    json_t *endpoint = call(t, "sns", "CreatePlatformEndpoint",
                            "{'PlatformApplicationArn': %s, 'Token': %s}", application, token);
    const char *arn = text(t, endpoint, "$.EndpointArn");

    on_cleanup(t, "sns", "DeleteEndpoint", "{'EndpointArn': %s}", arn);
    return arn;
}

static const char *create_topic(struct parity_test *t)
{
    json_t *topic = call(t, "sns", "CreateTopic", "{'Name': %s}", unique_name(t, "test-topic"));
    const char *arn = text(t, topic, "$.TopicArn");

    on_cleanup(t, "sns", "DeleteTopic", "{'TopicArn': %s}", arn);
    return arn;
}

static void subscribe(struct parity_test *t, const char *topic, const char *endpoint)
{
    json_t *subscription = call(t, "sns", "Subscribe",
                                "{'TopicArn': %s, 'Protocol': 'application', 'Endpoint': %s,"
                                " 'ReturnSubscriptionArn': true}",
                                topic, endpoint);

    on_cleanup(t, "sns", "Unsubscribe", "{'SubscriptionArn': %s}",
               text(t, subscription, "$.SubscriptionArn"));
}

PARITY_TEST(application_attributes,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestSNSPlatformApplicationCrud::"
                                    "test_set_platform_application_attributes"))
{
    const char *application = create_application(t, unique_name(t, "platform-application"));

    call(t, "sns", "SetPlatformApplicationAttributes",
         "{'PlatformApplicationArn': %s, 'Attributes': {'SuccessFeedbackSampleRate': '50'}}",
         application);
    match(t, "set-get-application-attributes",
          call(t, "sns", "GetPlatformApplicationAttributes", "{'PlatformApplicationArn': %s}",
               application));
}

PARITY_TEST(endpoint_attributes,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestSNSPlatformEndpointCrud::"
                                    "test_set_platform_endpoint_attributes"))
{
    const char *name = unique_name(t, "platform-application");
    const char *endpoint = create_endpoint(t, create_application(t, name), "token_1");

    match(t, "set-platform-endpoint-attributes",
          call(t, "sns", "SetEndpointAttributes",
               "{'EndpointArn': %s, 'Attributes': {'Enabled': 'false'}}", endpoint));
    match(t, "get-platform-endpoint-attributes",
          call(t, "sns", "GetEndpointAttributes", "{'EndpointArn': %s}", endpoint));

    transform(t, regex(name, "<platform_application>"));
}

PARITY_TEST(subscription_outlives_its_endpoint,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestSNSPlatformEndpointCrud::"
                                    "test_delete_platform_endpoint_with_subscription"),
            .transformers = { key_value("NextToken", "next-token") },
            .skip_verify = { { .paths = { "$..NextToken" },
                               .reason = "AWS sends a token even with the last page" } })
{
    const char *name = unique_name(t, "platform-application");
    const char *token = unique_name(t, "token"); /* no other test's, or moto takes its endpoint */
    const char *endpoint = create_endpoint(t, create_application(t, name), token);
    const char *topic = create_topic(t);

    subscribe(t, topic, endpoint);
    match(t, "list-subscriptions-pre-delete",
          call(t, "sns", "ListSubscriptionsByTopic", "{'TopicArn': %s}", topic));
    match(t, "delete-endpoint", call(t, "sns", "DeleteEndpoint", "{'EndpointArn': %s}", endpoint));
    match(t, "list-subscriptions-post-delete",
          call(t, "sns", "ListSubscriptionsByTopic", "{'TopicArn': %s}", topic));

    transform(t, regex(name, "<platform_application>"));
}
