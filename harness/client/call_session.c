/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of S3 Express: a directory bucket wants requests signed with keys that it hands out
 * itself for some minutes. @see botocore/utils.py, S3ExpressIdentityCache
 */
#include <string.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/protocol/scalar.h"

/* A session is not used any more when it has less time left. */
enum { MARGIN_S = 45 };

void parity_session_clear(struct parity_session *session)
{
    parity_free(session->bucket);
    parity_free(session->region);
    parity_free(session->opener);
    parity_credentials_clear(&session->credentials);
    memset(session, 0, sizeof *session);
}

/* --- the store -------------------------------------------------------------------------------- */

static const struct parity_session *recall(const struct parity_call *call, const char *bucket,
                                           const char *opener)
{
    for (size_t i = 0; i < PARITY_SESSIONS; i++) {
        const struct parity_session *session = &call->client->sessions[i];

        if (session->bucket && strcmp(session->bucket, bucket) == 0 &&
            strcmp(session->opener, opener) == 0 && strcmp(session->region, call->region) == 0 &&
            session->credentials.expires_at - parity_call_time(call->client) > MARGIN_S)
            return session;
    }
    return NULL;
}

/* Takes what `session` holds. */
static const struct parity_session *remember(struct parity_client *client,
                                             const struct parity_session *session)
{
    struct parity_session *place = &client->sessions[client->next_session];

    parity_session_clear(place);
    *place = *session;
    client->next_session = (client->next_session + 1) % PARITY_SESSIONS;
    return place;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int fail_answer(const char *bucket, const json_t *answer, struct parity_error *err)
{
    const json_t *error = json_object_get(answer, "Error");
    const char *code = json_string_value(json_object_get(error, "Code"));
    const char *message = json_string_value(json_object_get(error, "Message"));

    parity_fail(
        err, PARITY_E_CREDENTIALS, bucket, "the directory bucket opens no session: %s%s%.300s",
        code ? code : "its answer has no usable keys", message ? ": " : "", message ? message : "");
    return -1;
}

static int read_answer(const json_t *answer, const char *bucket, struct parity_credentials *out,
                       struct parity_error *err)
{
    const json_t *keys = json_object_get(answer, "Credentials");
    const char *id = json_string_value(json_object_get(keys, "AccessKeyId"));
    const char *secret = json_string_value(json_object_get(keys, "SecretAccessKey"));
    const char *token = json_string_value(json_object_get(keys, "SessionToken"));
    struct parity_timestamp until;

    if (parity_response_is_error(answer) || !id || !secret || !token ||
        parity_input_timestamp(json_object_get(keys, "Expiration"), &until) < 0)
        return fail_answer(bucket, answer, err);
    out->access_key_id = parity_strdup(id);
    out->secret_access_key = parity_strdup(secret);
    out->session_token = parity_strdup(token);
    out->expires_at = (time_t)until.seconds;
    return out->access_key_id && out->secret_access_key && out->session_token
               ? 0
               : parity_fail_nomem(err);
}

/* The call goes where this one goes, with the same keys. */
static int ask(struct parity_call *call, const char *bucket, struct parity_credentials *out,
               struct parity_error *err)
{
    const struct parity_call_options options = {.region = call->region,
                                                .endpoint_url = call->options->endpoint_url,
                                                .credentials = call->options->credentials,
                                                .bucket_place = call->options->bucket_place};
    json_t *input = json_pack("{s:s}", "Bucket", bucket), *answer = NULL;
    int rc = -1;

    if (!input)
        return parity_fail_nomem(err);
    if (parity_client_call(call->client, parity_service_name(call->service), "CreateSession", input,
                           &options, &answer, NULL, err) == 0)
        rc = read_answer(answer, bucket, out, err);
    json_decref(input);
    json_decref(answer);
    return rc;
}

static int open_session(struct parity_call *call, const char *bucket, const char *opener,
                        const struct parity_session **out, struct parity_error *err)
{
    struct parity_session session = {.bucket = parity_strdup(bucket),
                                     .region = parity_strdup(call->region),
                                     .opener = parity_strdup(opener)};
    int rc = session.bucket && session.region && session.opener
                 ? ask(call, bucket, &session.credentials, err)
                 : parity_fail_nomem(err);

    if (rc == 0)
        *out = remember(call->client, &session);
    else
        parity_session_clear(&session);
    return rc;
}

int parity_call_session(struct parity_call *call, const struct parity_credentials **out,
                        struct parity_error *err)
{
    const char *bucket = json_string_value(json_object_get(call->input, "Bucket"));
    const struct parity_credentials *own;
    const struct parity_session *session;

    if (parity_call_credentials(call, &own, err) < 0)
        return -1;
    session = recall(call, bucket ? bucket : "", own->access_key_id);
    if (!session && call->shown_only) {
        parity_fail(err, PARITY_E_CREDENTIALS, bucket,
                    "a directory bucket takes the keys of a session, which only a call opens; with "
                    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH=true it does without");
        return -1;
    }
    if (!session && open_session(call, bucket ? bucket : "", own->access_key_id, &session, err) < 0)
        return -1;
    *out = &session->credentials;
    return 0;
}
