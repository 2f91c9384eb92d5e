/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/kms/test_kms.py::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD);

/* The id of a key that is deleted after the test, as early as KMS allows. */
static const char *create_key(struct parity_test *t, json_t *description)
{
    const char *key =
        text(t, call(t, "kms", "CreateKey", "%j", description), "$.KeyMetadata.KeyId");

    on_cleanup(t, "kms", "ScheduleKeyDeletion", "{'KeyId': %s, 'PendingWindowInDays': 7}", key);
    return key;
}

PARITY_TEST(decrypt_without_the_encryption_context,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestKMSGenerateKeys::"
                                    "test_encryption_context_generate_data_key"),
            .transformers = { resource_name() })
{
    const char *key =
        create_key(t, json(t, "{'Description': 'test description - %s'}", unique_name(t, "id")));
    json_t *data_key = call(t, "kms", "GenerateDataKey",
                            "{'KeyId': %s, 'KeySpec': 'AES_256',"
                            " 'EncryptionContext': {'context-key': 'context-value'}}",
                            key);

    match(t, "decrypt-without-encryption-context",
          call_error(t, "kms", "Decrypt", "{'CiphertextBlob': %j, 'KeyId': %s}",
                     get(t, data_key, "$.CiphertextBlob"), key));
}

PARITY_TEST(mac_of_another_message,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestKMS::test_invalid_verify_mac"
                                    "[HMAC_256-HMAC_SHA_256-some different important message]"),
            .transformers = { preset("kms_api") })
{
    const char *key =
        create_key(t, json(t, "{'Description': 'test hmac key', 'KeySpec': 'HMAC_256',"
                              " 'KeyUsage': 'GENERATE_VERIFY_MAC'}"));
    json_t *mac = match(t, "generate-mac",
                        call(t, "kms", "GenerateMac",
                             "{'KeyId': %s, 'Message': 'some important message',"
                             " 'MacAlgorithm': 'HMAC_SHA_256'}",
                             key));

    match(t, "verify-mac",
          call_error(t, "kms", "VerifyMac",
                     "{'KeyId': %s, 'Message': 'some different important message',"
                     " 'MacAlgorithm': 'HMAC_SHA_256', 'Mac': %j}",
                     key, get(t, mac, "$.Mac")));
}
