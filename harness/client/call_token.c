/* SPDX-License-Identifier: Apache-2.0 */
/* Bearer tokens (RFC 6750): of the environment, or of single sign-on. @see botocore/tokens.py */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/call_credentials.h"

enum { VARIABLE_SIZE = 128 };

/* "bedrock" to "AWS_BEARER_TOKEN_BEDROCK"; a name that is too long has no variable. */
static void variable_name(const struct parity_call *call, char out[VARIABLE_SIZE])
{
    static const char prefix[] = "AWS_BEARER_TOKEN_";
    const char *name = call->signing.name;
    size_t length = strlen(name), start = sizeof prefix - 1;

    memcpy(out, prefix, sizeof prefix);
    if (start + length >= VARIABLE_SIZE)
        return;
    for (size_t i = 0; i <= length; i++) {
        unsigned char c = (unsigned char)name[i];

        out[start + i] = (char)(c == '-' || c == ' ' ? '_' : toupper(c));
    }
}

const char *parity_call_environment_token(const struct parity_call *call)
{
    char variable[VARIABLE_SIZE];
    const char *token;

    variable_name(call, variable);
    token = getenv(variable);
    return token && *token ? token : NULL;
}

/* A line break would end the header and begin another one. */
static int check_token(const char *token, struct parity_error *err)
{
    for (const char *c = token; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) {
            parity_fail(err, PARITY_E_CREDENTIALS, NULL,
                        "the bearer token holds a line break or another control character");
            return -1;
        }
    return 0;
}

static int set_header(struct parity_call *call, const char *token, struct parity_error *err)
{
    char *value;
    int rc;

    if (check_token(token, err) < 0)
        return -1;
    value = parity_asprintf("Bearer %s", token);
    rc = value ? parity_headers_set(&call->request.headers, "Authorization", value) : -1;
    if (value)
        explicit_bzero(value, strlen(value));
    parity_free(value);
    return rc < 0 ? parity_fail_nomem(err) : 0;
}

static int add_login_token(struct parity_call *call, struct parity_error *err)
{
    struct parity_credentials_options options;
    char variable[VARIABLE_SIZE], *token;
    int rc;

    if (!call->client->tokens && !(call->client->tokens = json_object()))
        return parity_fail_nomem(err);
    parity_call_credential_options(call->client, &options);
    rc = parity_credentials_login_token(&options, call->client->tokens, &token, err);
    if (rc == 0)
        rc = set_header(call, token, err);
    if (token)
        explicit_bzero(token, strlen(token));
    parity_free(token);
    if (rc <= 0)
        return rc;
    variable_name(call, variable);
    parity_fail(
        err, PARITY_E_CREDENTIALS, NULL,
        "the service takes a bearer token, and there is none: set %s, or use a profile with "
        "an sso_session",
        variable);
    return -1;
}

int parity_call_add_token(struct parity_call *call, struct parity_error *err)
{
    const char *token = parity_call_environment_token(call);

    return token ? set_header(call, token, err) : add_login_token(call, err);
}
