/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/apigateway/test_apigateway_api.py::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("apigateway_api") });

PARITY_TEST(validators_need_an_existing_api,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestApiGatewayApiRequestValidator::"
                                    "test_validators_crud_no_api"))
{
    call(t, "apigateway", "GetRestApis", "{}");
    match(t, "wrong-rest-api-id-create-validator",
          call_error(t, "apigateway", "CreateRequestValidator",
                     "{'restApiId': 'test-fake-rest-id', 'name': 'test-validator',"
                     " 'validateRequestBody': true, 'validateRequestParameters': false}"));
    match(
        t, "wrong-rest-api-id-get-validators",
        call_error(t, "apigateway", "GetRequestValidators", "{'restApiId': 'test-fake-rest-id'}"));
}

PARITY_TEST(integration_response_of_an_unknown_status_code,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestApigatewayIntegrationResponse::"
                                    "test_integration_response_wrong_status_code"),
            .transformers = { key_value("cacheNamespace", "cache-namespace") })
{
    json_t *api, *answer;
    const char *id, *root;

    call(t, "apigateway", "GetRestApis", "{}");
    api = call(t, "apigateway", "CreateRestApi", "{'name': %s}", unique_name(t, "test-api"));
    id = text(t, api, "$.id");
    root = text(t, api, "$.rootResourceId");
    on_cleanup(t, "apigateway", "DeleteRestApi", "{'restApiId': %s}", id);
    call(t, "apigateway", "PutMethod",
         "{'restApiId': %s, 'resourceId': %s, 'httpMethod': 'GET', 'authorizationType': 'NONE'}",
         id, root);
    answer = json(t, "{'statusCode': 200}");
    call(t, "apigateway", "PutIntegration",
         "{'restApiId': %s, 'resourceId': %s, 'httpMethod': 'GET', 'type': 'MOCK',"
         " 'requestTemplates': {'application/json': %J}}",
         id, root, answer);
    match(t, "get-integration-response-wrong-status-code",
          call_error(t, "apigateway", "GetIntegrationResponse",
                     "{'restApiId': %s, 'resourceId': %s, 'httpMethod': 'GET',"
                     " 'statusCode': '201'}",
                     id, root));
}
