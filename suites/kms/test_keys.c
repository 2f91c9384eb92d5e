/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/kms/test_kms.py::TestKMS::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("kms_api") });

/* Keys cannot be deleted at once. */
static void delete_later(struct parity_test *t, const char *key)
{
    on_cleanup(t, "kms", "ScheduleKeyDeletion", "{'KeyId': %s, 'PendingWindowInDays': 7}", key);
}

PARITY_TEST(describe_by_the_arn_of_an_alias,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_describe_with_alias_arn"),
            .transformers = { key_value("CurrentKeyMaterialId", "current-key-material-id") },
            .skip_verify = { { .paths = { "$..CurrentKeyMaterialId" },
                               .reason = "emulators have no id for the material of a key" } })
{
    json_t *created = call(t, "kms", "CreateKey", "{'Description': 'test - description'}");
    const char *key = text(t, created, "$.KeyMetadata.KeyId");
    const char *alias = unique_name(t, "alias/id");
    json_t *aliases;
    const char *path;

    delete_later(t, key);
    match_select(t, "created-key", created, "$.KeyMetadata");
    call(t, "kms", "CreateAlias", "{'TargetKeyId': %s, 'AliasName': %s}", key, alias);
    on_cleanup(t, "kms", "DeleteAlias", "{'AliasName': %s}", alias);
    aliases = call(t, "kms", "ListAliases", "{}");
    path = format(t, "$.Aliases[?(@.AliasName=='%s')].AliasArn", alias);
    match(t, "describe-key",
          call(t, "kms", "DescribeKey", "{'KeyId': %s}", text(t, aliases, path)));
}

PARITY_TEST(tag_and_untag,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_tag_existing_key_and_untag"))
{
    json_t *created = call(t, "kms", "CreateKey",
                           "{'Description': 'test key 123', 'KeyUsage': 'ENCRYPT_DECRYPT'}");
    const char *key = text(t, created, "$.KeyMetadata.KeyId");

    delete_later(t, key);
    call(t, "kms", "TagResource",
         "{'KeyId': %s,"
         " 'Tags': [{'TagKey': 'tag1', 'TagValue': 'value1'},"
         "          {'TagKey': 'tag2', 'TagValue': 'value2'}]}",
         key);
    match_select(t, "list-resource-tags", call(t, "kms", "ListResourceTags", "{'KeyId': %s}", key),
                 "$.Tags");
    call(t, "kms", "UntagResource", "{'KeyId': %s, 'TagKeys': ['tag1', 'tag2']}", key);
    match_select(t, "list-resource-tags-after-all-untagged",
                 call(t, "kms", "ListResourceTags", "{'KeyId': %s}", key), "$.Tags");
}
