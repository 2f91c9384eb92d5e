/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

#define RECORDED(test_) "tests/aws/services/iam/test_iam.py::" test_

static json_t *trust_policy(struct parity_test *t, const char *service)
{
    return json(t,
                "{'Version': '2012-10-17',"
                " 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': %s},"
                "                'Action': 'sts:AssumeRole'}]}",
                service);
}

PARITY_TEST(with_tags,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestRoles::test_role_with_tags"),
            .transformers = { preset("iam_api") })
{
    const char *role = unique_name(t, "role");

    match(t, "create-role-response",
          call(t, "iam", "CreateRole",
               "{'RoleName': %s, 'AssumeRolePolicyDocument': %J, 'Path': '/role-with-tags/',"
               " 'Tags': [{'Key': 'test', 'Value': 'value'}]}",
               role, trust_policy(t, "ec2.amazonaws.com")));
    on_cleanup(t, "iam", "DeleteRole", "{'RoleName': %s}", role);
    match(t, "get-role-response", call(t, "iam", "GetRole", "{'RoleName': %s}", role));
    match(t, "list-role-response",
          call(t, "iam", "ListRoles", "{'PathPrefix': '/role-with-tags/'}"));
}

PARITY_TEST(with_a_path,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestIAMExtensions::test_role_with_path_lifecycle"),
            .transformers = { preset("iam_api") },
            .skip_verify = { { .paths = { "$.create-role-response.Role.MaxSessionDuration",
                                          "$.create-role-response.Role.RoleLastUsed" },
                               .reason = "moto answers CreateRole with what only GetRole says",
                               .when = on_emulator("moto") } })
{
    const char *role = unique_name(t, "role");
    const char *path = format(t, "/path-%s/", unique_name(t, "n"));

    match(t, "create-role-response",
          call(t, "iam", "CreateRole",
               "{'RoleName': %s, 'AssumeRolePolicyDocument': %J, 'Path': %s}", role,
               trust_policy(t, "lambda.amazonaws.com"), path));
    on_cleanup(t, "iam", "DeleteRole", "{'RoleName': %s}", role);
    match(t, "get-role-response", call(t, "iam", "GetRole", "{'RoleName': %s}", role));
    match(t, "delete-role-response", call(t, "iam", "DeleteRole", "{'RoleName': %s}", role));

    transform(t, regex(path, "<path>"));
}

PARITY_TEST(deletion_of_a_service_role,
            .marker = AWS_VALIDATED,
            .recorded_as = RECORDED("TestIAMServiceRoles::test_service_role_deletion"),
            .transformers = { key_value("RoleId", "role-id"),
                              regex("[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-"
                                    "[a-fA-F0-9]{12}",
                                    "<uuid>") })
{
    json_t *deletion;

    call(t, "iam", "CreateServiceLinkedRole", "{'AWSServiceName': 'batch.amazonaws.com'}");
    deletion =
        match(t, "service-linked-role-deletion-response",
              call(t, "iam", "DeleteServiceLinkedRole", "{'RoleName': 'AWSServiceRoleForbatch'}"));
    match(t, "service-linked-role-deletion-status-response",
          call_until(t, until("$.Status", "SUCCEEDED"), "iam", "GetServiceLinkedRoleDeletionStatus",
                     "{'DeletionTaskId': %s}", text(t, deletion, "$.DeletionTaskId")));
}
