/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Services without a region, and the caller's own account in the answers. */

PARITY_SUITE(.transformers = {preset("iam_api"), key_value("UserId", "user-id"),
                              regex("none-[0-9a-f]+", "<name>")});

PARITY_TEST(user, .marker = AWS_VALIDATED)
{
    const char *name = unique_name(t, "user");
    json_t *created = call(t, "iam", "CreateUser", "{'UserName': %s, 'Path': '/a/'}", name);

    on_cleanup(t, "iam", "DeleteUser", "{'UserName': %s}", name);
    match(t, "create", created);
    match(t, "get", call(t, "iam", "GetUser", "{'UserName': %s}", name));
    note(t, "the account is %s", account_id(t));
}

PARITY_TEST(missing_user, .marker = AWS_VALIDATED)
{
    match(t, "missing",
          call_error(t, "iam", "GetUser", "{'UserName': %s}", unique_name(t, "none")));
}

PARITY_TEST(identity, .marker = AWS_VALIDATED,
            .transformers = {key_value("UserId", "id"), regex("user/[a-z-]+", "user/<caller>")})
{
    match(t, "identity", call(t, "sts", "GetCallerIdentity", "{}"));
}

/* The account's number stands in a message that nothing transforms. */
PARITY_TEST(names_the_account, .marker = UNKNOWN)
{
    fail(t, "the account is %s", account_id(t));
}
