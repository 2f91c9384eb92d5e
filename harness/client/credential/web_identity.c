/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token of somebody whom AWS trusts, in a file that is renewed by whoever runs us: what CI jobs
 * and Kubernetes pods have.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "client/credential/service.h"

static const char place[] = "web identity";
static const size_t max_token_bytes = (size_t)1 << 20;

/*
 * The environment comes before the profile. A variable that is set to nothing hides the profile's
 * setting, as it does for botocore.
 */
static const char *setting(const struct parity_credential_search *search, const char *variable,
                           const char *name)
{
    const char *value = search->skip_environment ? NULL : getenv(variable);

    return value ? value : parity_aws_profile_value(&search->profile, name);
}

static int set_token(json_t *input, const char *path, struct parity_error *err)
{
    struct parity_buffer token = {0};
    struct parity_error reason = {0};
    int rc = -1;

    if (parity_file_read(path, max_token_bytes, &token, &reason) < 0)
        parity_credential_fail(err, path, "no web identity token: %s", reason.message);
    else if (token.length == 0)
        parity_credential_fail(err, path, "the web identity token is empty");
    else if (strlen(token.data) != token.length)
        parity_credential_fail(err, path, "the web identity token holds a NUL byte");
    else
        rc = parity_credential_input_text(input, "WebIdentityToken", token.data, err);
    if (token.data)
        explicit_bzero(token.data, token.length);
    parity_buffer_clear(&token);
    return rc;
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    const char *path = setting(search, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    const char *role = setting(search, "AWS_ROLE_ARN", "role_arn");
    const char *session = setting(search, "AWS_ROLE_SESSION_NAME", "role_session_name");
    json_t *input;
    int rc = -1;

    if (!path || !path[0]) {
        if (!search->skip_environment)
            parity_credential_note(search, place, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
        return 0;
    }
    if (!role || !role[0])
        return parity_credential_fail(err, place,
                                      "there is a token file, %s, but no role to take on: set "
                                      "AWS_ROLE_ARN, or role_arn in the profile",
                                      path);
    input = json_object();
    if (!input)
        parity_fail_nomem(err);
    else if (set_token(input, path, err) == 0)
        rc = parity_credential_assume(search, "assume-role-with-web-identity", input, role, session,
                                      NULL, out, err);
    if (rc < 0)
        parity_error_add_context(err, "%s", place);
    json_decref(input);
    return rc;
}

const struct parity_credential_provider parity_credential_web_identity = {
    .name = "assume-role-with-web-identity", .of_profile = true, .load = load};
