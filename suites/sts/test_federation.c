/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_TEST(get_federation_token,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/sts/test_sts.py::"
                           "TestSTSIntegrations::test_get_federation_token",
            .transformers = { resource_name(),
                              key_value("AccessKeyId", "access-key-id"),
                              key_value("SecretAccessKey", "secret-access-key"),
                              key_value("SessionToken", "session-token") },
            .skip_verify = { { .paths = { "$..PackedPolicySize" },
                               .reason = "depends on how policies are packed" } })
{
    match(t, "get-federation-token",
          call(t, "sts", "GetFederationToken", "{'Name': 'TestName%s', 'DurationSeconds': 900}",
               unique_name(t, "n")));
}
