/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credential/provider.h"
#include "client/iso8601.h"

static const char place[] = "environment";

/*
 * AWS_SECURITY_TOKEN is the older name, and the one that botocore looks at first
 * (botocore/credentials.py, EnvProvider.TOKENS).
 */
static const char *find_token(void)
{
    const char *token = parity_credential_variable("AWS_SECURITY_TOKEN");

    return token ? token : parity_credential_variable("AWS_SESSION_TOKEN");
}

static int read_expiry(struct parity_credentials *out, struct parity_error *err)
{
    const char *text = parity_credential_variable("AWS_CREDENTIAL_EXPIRATION");

    if (!text || parity_iso8601_parse(text, &out->expires_at) == 0)
        return 0;
    return parity_credential_fail(
        err, place, "AWS_CREDENTIAL_EXPIRATION must be a time such as 2015-08-30T12:36:00Z");
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    const struct parity_credential_texts texts = {
        .id = parity_credential_variable("AWS_ACCESS_KEY_ID"),
        .secret = parity_credential_variable("AWS_SECRET_ACCESS_KEY"),
        .token = find_token(),
        .account_id = parity_credential_variable("AWS_ACCOUNT_ID"),
    };

    if (search->skip_environment) {
        parity_credential_note(search, place, "not used, because a profile was named");
        return 0;
    }
    if (!texts.id) {
        parity_credential_note(search, place, "AWS_ACCESS_KEY_ID is not set%s",
                               texts.secret ? ", although AWS_SECRET_ACCESS_KEY is" : "");
        return 0;
    }
    if (!texts.secret) {
        parity_fail(err, PARITY_E_CREDENTIALS, place,
                    "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or "
                    "neither");
        return -1;
    }
    if (read_expiry(out, err) < 0)
        return -1;
    return parity_credential_fill(out, &texts, place, err);
}

const struct parity_credential_provider parity_credential_environment = {
    .name = "env", .source_name = "Environment", .load = load};
