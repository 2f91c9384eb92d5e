/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD);

PARITY_TEST(list_with_a_negative_limit_then_create_and_rename,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/apigateway/test_apigateway_extended.py::"
                           "TestApigatewayApiKeysCrud::test_negative_get_usage_plan_api_keys",
            .transformers = { key_value("id", "id"),
                              key_value("value", "value"),
                              key_value("name", "name") })
{
    json_t *key;
    const char *id;

    call(t, "apigateway", "GetApiKeys", "{}");
    match(t, "get-api-keys-invalid-limit", call(t, "apigateway", "GetApiKeys", "{'limit': -1}"));
    key = match(
        t, "create-api-key",
        call(t, "apigateway", "CreateApiKey", "{'name': 'key-enabled-false', 'enabled': false}"));
    id = text(t, key, "$.id");
    on_cleanup(t, "apigateway", "DeleteApiKey", "{'apiKey': %s}", id);
    match(t, "update-api-key-name",
          call(t, "apigateway", "UpdateApiKey",
               "{'apiKey': %s,"
               " 'patchOperations': [{'op': 'replace', 'path': '/name', 'value': 'new-name'}]}",
               id));
}
