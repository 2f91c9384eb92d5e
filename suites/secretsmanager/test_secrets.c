/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_)                                                                            \
    "tests/aws/services/secretsmanager/test_secretsmanager.py::TestSecretsManager::" test_

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("secretsmanager_api") });

/* A secret that is deleted when the test ends. Its name, and the six letters that AWS appends to it
 * in ARNs, become placeholders. */
static json_t *create_secret(struct parity_test *t, const char *name, const char *value)
{
    json_t *secret =
        call(t, "secretsmanager", "CreateSecret", "{'Name': %s, 'SecretString': %s}", name, value);

    on_cleanup(t, "secretsmanager", "DeleteSecret",
               "{'SecretId': %s, 'ForceDeleteWithoutRecovery': true}", name);
    transform_preset(t, "secretsmanager_secret_id_arn", "{'response': %j, 'index': 0}", secret);
    return secret;
}

static json_t *delete_secret(struct parity_test *t, const char *name)
{
    return call(t, "secretsmanager", "DeleteSecret",
                "{'SecretId': %s, 'ForceDeleteWithoutRecovery': true}", name);
}

static json_t *list_versions(struct parity_test *t, const char *name)
{
    return call(t, "secretsmanager", "ListSecretVersionIds", "{'SecretId': %s}", name);
}

PARITY_TEST(resource_policy,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_resource_policy"))
{
    const char *name = unique_name(t, "s");
    json_t *everyone_reads =
        json(t, "{'Version': '2012-10-17',"
                " 'Statement': [{'Effect': 'Allow', 'Principal': '*',"
                "                'Action': 'secretsmanager:GetSecretValue', 'Resource': '*'}]}");

    create_secret(t, name, "my_secret");
    match(t, "put_resource_policy",
          call(t, "secretsmanager", "PutResourcePolicy", "{'SecretId': %s, 'ResourcePolicy': %J}",
               name, everyone_reads));
    match(t, "get_resource_policy",
          call(t, "secretsmanager", "GetResourcePolicy", "{'SecretId': %s}", name));
    call(t, "secretsmanager", "DeleteResourcePolicy", "{'SecretId': %s}", name);
}

PARITY_TEST(update_makes_the_current_version_the_previous_one,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_update_secret_version_stages_current_previous"),
            .skip_verify = { { .paths = { "$..KmsKeyId", "$..KmsKeyIds" },
                               .reason = "emulators do not say which key encrypts a version" } })
{
    const char *name = unique_name(t, "s");

    match(t, "create_secret_rs_0", create_secret(t, name, "secret_string_v0"));
    call(t, "secretsmanager", "ListSecrets", "{}");
    match(t, "list_secret_version_ids_res_0", list_versions(t, name));
    match(t, "update_secret_res_0",
          call(t, "secretsmanager", "UpdateSecret",
               "{'SecretId': %s, 'SecretString': 'secret_string_v1'}", name));
    match(t, "list_secret_version_ids_res_1", list_versions(t, name));
    match(t, "delete_secret_res_0", delete_secret(t, name));
}

PARITY_TEST(move_a_stage_to_another_version,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("test_update_secret_version_stages_return_type"))
{
    const char *name = unique_name(t, "s");
    json_t *old_version = match(t, "create_secret_rs_0", create_secret(t, name, "Something1"));
    json_t *new_version = match(t, "put_secret_value_res_0",
                                call(t, "secretsmanager", "PutSecretValue",
                                     "{'SecretId': %s, 'SecretString': 'Something2',"
                                     " 'VersionStages': ['AWSPENDING']}",
                                     name));

    match(t, "update_secret_version_stage_res_0",
          call(t, "secretsmanager", "UpdateSecretVersionStage",
               "{'SecretId': %s, 'VersionStage': 'AWSCURRENT',"
               " 'RemoveFromVersionId': %s, 'MoveToVersionId': %s}",
               name, text(t, old_version, "$.VersionId"), text(t, new_version, "$.VersionId")));
    match(t, "delete_secret_res_0", delete_secret(t, name));
}
