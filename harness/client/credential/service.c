/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credential/service.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "client/iso8601.h"
#include "client/own_call.h"

static const char *text_member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void fail_answer(const struct parity_credential_call *call, const json_t *error,
                        struct parity_error *err)
{
    const char *code = text_member(error, "Code"), *message = text_member(error, "Message");

    parity_credential_fail(err, NULL, "%s %s was answered with %s%s%.600s", call->service,
                           call->operation, code ? code : "an error", message ? ": " : "",
                           message ? message : "");
}

/* An answer that cannot be parsed may be quoted in the reason; this one may hold keys. */
static void report(const struct parity_credential_call *call, const struct parity_error *reason,
                   struct parity_error *err)
{
    if (reason->code == PARITY_E_RESPONSE || reason->code == PARITY_E_PARSE)
        parity_credential_fail(err, NULL, "the answer to %s %s is no valid response", call->service,
                               call->operation);
    else if (err && err->code == PARITY_OK)
        *err = *reason;
}

int parity_credential_call(const struct parity_credential_search *search,
                           const struct parity_credential_call *call, json_t **out,
                           struct parity_error *err)
{
    struct parity_error reason = {0};
    const json_t *error;

    *out = NULL;
    if (!search->options->call)
        return parity_credential_fail(err, NULL,
                                      "this takes a call of %s %s, but none can be made "
                                      "here",
                                      call->service, call->operation);
    if (search->options->call(call, out, &reason, search->options->context) < 0) {
        report(call, &reason, err);
        return -1;
    }
    error = json_object_get(*out, "Error");
    if (!error)
        return 0;
    fail_answer(call, error, err);
    json_decref(*out);
    *out = NULL;
    return 1;
}

int parity_credential_input_text(json_t *input, const char *name, const char *text,
                                 struct parity_error *err)
{
    if (!text)
        return 0;
    if (!parity_utf8_is_valid(text, strlen(text)))
        return parity_credential_fail(err, NULL, "%s is not valid UTF-8", name);
    if (json_object_set_new(input, name, json_string(text)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* The account's id in "arn:aws:sts::123456789012:assumed-role/name/session". New, or NULL. */
static char *account_of(const char *arn, bool *failed)
{
    const char *part = arn;
    char *account;
    size_t length;

    for (int colons = 0; part && colons < 4; colons++) {
        part = strchr(part, ':');
        part = part ? part + 1 : NULL;
    }
    length = part ? strcspn(part, ":") : 0;
    if (!length || part[length] != ':')
        return NULL;
    account = parity_strndup(part, length);
    *failed = !account;
    return account;
}

static int read_role(const struct parity_own_call *own, const json_t *answer,
                     struct parity_credentials *out, struct parity_error *err)
{
    const json_t *keys = json_object_get(answer, "Credentials");
    const char *until = parity_json_datetime_text(json_object_get(keys, "Expiration"));
    bool failed = false;
    char *account =
        account_of(text_member(json_object_get(answer, "AssumedRoleUser"), "Arn"), &failed);
    const struct parity_credential_texts texts = {.id = text_member(keys, "AccessKeyId"),
                                                  .secret = text_member(keys, "SecretAccessKey"),
                                                  .token = text_member(keys, "SessionToken"),
                                                  .account_id = account};
    int rc = -1;

    if (failed)
        parity_fail_nomem(err);
    else if (!texts.id || !texts.secret || !texts.token)
        parity_credential_fail(err, NULL, "the answer to %s %s holds no %s", own->service,
                               own->operation,
                               !texts.id       ? "AccessKeyId"
                               : !texts.secret ? "SecretAccessKey"
                                               : "SessionToken");
    else if (!until || parity_iso8601_parse(until, &out->expires_at) < 0)
        parity_credential_fail(err, NULL, "the answer to %s %s holds no valid Expiration",
                               own->service, own->operation);
    else
        rc = parity_credential_fill(out, &texts, own->service, err);
    parity_free(account);
    return rc;
}

static int set_session_name(const struct parity_credential_search *search, json_t *input,
                            const char *session, struct parity_error *err)
{
    char *made_up;
    int rc;

    if (session && session[0])
        return parity_credential_input_text(input, "RoleSessionName", session, err);
    made_up = parity_asprintf("parity-session-%lld", (long long)parity_credential_now(search));
    if (!made_up) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = parity_credential_input_text(input, "RoleSessionName", made_up, err);
    parity_free(made_up);
    return rc;
}

int parity_credential_assume(const struct parity_credential_search *search, const char *purpose,
                             json_t *input, const char *role_arn, const char *session,
                             const struct parity_credentials *signer,
                             struct parity_credentials *out, struct parity_error *err)
{
    struct parity_own_call own;
    const struct parity_credential_call call = {
        .service = own.service, .operation = own.operation, .input = input, .credentials = signer};
    json_t *answer = NULL;
    int rc = -1;

    if (parity_own_call(purpose, &own, err) < 0)
        return -1;
    if (parity_credential_input_text(input, "RoleArn", role_arn, err) == 0 &&
        set_session_name(search, input, session, err) == 0 &&
        parity_credential_call(search, &call, &answer, err) == 0)
        rc = read_role(&own, answer, out, err);
    if (rc < 0)
        parity_error_add_context(err, "role %s", role_arn);
    json_decref(answer);
    return rc;
}
