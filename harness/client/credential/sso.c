/* SPDX-License-Identifier: Apache-2.0 */
/* Single sign-on (IAM Identity Center): the keys of a role, for the token of a person's login. */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/credential/service.h"
#include "client/credential/sso_token.h"
#include "client/own_call.h"

struct settings {
    struct parity_sso_place place;
    const char *account_id, *role_name;
};

/* --- settings --------------------------------------------------------------------------------- */

static const char *value_of(const struct parity_credential_search *search, const char *name)
{
    return parity_aws_profile_value(&search->profile, name);
}

/* What profile and session both say has to agree. */
static int check_agreement(const struct parity_credential_search *search,
                           const struct parity_ini_section *session, struct parity_error *err)
{
    for (size_t i = 0; i < session->count; i++) {
        const char *name = session->options[i].name, *value = value_of(search, name);

        if (value && strcmp(value, session->options[i].value) != 0)
            return parity_credential_fail(err, NULL,
                                          "'%s' differs between the profile and its "
                                          "sso_session",
                                          name);
    }
    return 0;
}

static int read_place(const struct parity_credential_search *search, struct parity_sso_place *out,
                      struct parity_error *err)
{
    const struct parity_ini_section *section;

    out->session = value_of(search, "sso_session");
    if (!out->session) {
        out->start_url = value_of(search, "sso_start_url");
        out->region = value_of(search, "sso_region");
        return 0;
    }
    if (parity_aws_config_named_section(search->config, "sso-session", out->session, &section) <
        0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (!section)
        return parity_credential_fail(err, NULL,
                                      "sso_session '%s' has no section [sso-session %s] "
                                      "in %s",
                                      out->session, out->session, search->config->config.path);
    out->start_url = parity_ini_value(section, "sso_start_url");
    out->region = parity_ini_value(section, "sso_region");
    return check_agreement(search, section, err);
}

static int read_settings(const struct parity_credential_search *search, struct settings *out,
                         struct parity_error *err)
{
    const char *missing;

    out->role_name = value_of(search, "sso_role_name");
    out->account_id = value_of(search, "sso_account_id");
    if (read_place(search, &out->place, err) < 0)
        return -1;
    missing = !out->role_name         ? "sso_role_name"
              : !out->account_id      ? "sso_account_id"
              : !out->place.start_url ? "sso_start_url"
              : !out->place.region    ? "sso_region"
                                      : NULL;
    if (!missing)
        return 0;
    return parity_credential_fail(err, NULL,
                                  "single sign-on needs %s, which neither the profile "
                                  "nor its sso_session has",
                                  missing);
}

/* --- the role's keys -------------------------------------------------------------------------- */

static int set_input(json_t *input, const struct settings *settings, const char *token,
                     struct parity_error *err)
{
    if (parity_credential_input_text(input, "roleName", settings->role_name, err) < 0 ||
        parity_credential_input_text(input, "accountId", settings->account_id, err) < 0)
        return -1;
    return parity_credential_input_text(input, "accessToken", token, err);
}

static int read_answer(const struct settings *settings, const struct parity_own_call *own,
                       const json_t *answer, struct parity_credentials *out,
                       struct parity_error *err)
{
    const json_t *keys = json_object_get(answer, "roleCredentials");
    const json_t *until_ms = json_object_get(keys, "expiration");
    const struct parity_credential_texts texts = {
        .id = json_string_value(json_object_get(keys, "accessKeyId")),
        .secret = json_string_value(json_object_get(keys, "secretAccessKey")),
        .token = json_string_value(json_object_get(keys, "sessionToken")),
        .account_id = settings->account_id};

    if (!texts.id || !texts.secret || !texts.token || !json_is_integer(until_ms))
        return parity_credential_fail(err, NULL,
                                      "the answer to %s %s lacks one of accessKeyId, "
                                      "secretAccessKey, sessionToken, expiration",
                                      own->service, own->operation);
    out->expires_at = (time_t)(json_integer_value(until_ms) / 1000);
    return parity_credential_fill(out, &texts, own->service, err);
}

static int fetch(const struct parity_credential_search *search, const struct settings *settings,
                 const char *token, struct parity_credentials *out, struct parity_error *err)
{
    struct parity_own_call own;
    json_t *input = json_object(), *answer = NULL;
    const struct parity_credential_call call = {.service = own.service,
                                                .operation = own.operation,
                                                .region = settings->place.region,
                                                .input = input};
    int rc = -1;

    if (!input)
        parity_fail_nomem(err);
    else if (parity_own_call("role-credentials", &own, err) == 0 &&
             set_input(input, settings, token, err) == 0 &&
             parity_credential_call(search, &call, &answer, err) == 0)
        rc = read_answer(settings, &own, answer, out, err);
    json_decref(answer);
    json_decref(input);
    return rc;
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    struct settings settings;
    char *token = NULL;
    int rc = -1;

    if (!value_of(search, "sso_role_name") && !value_of(search, "sso_account_id"))
        return 0;
    if (read_settings(search, &settings, err) == 0 &&
        parity_sso_token(search, &settings.place, &token, err) == 0)
        rc = fetch(search, &settings, token, out, err);
    if (rc < 0)
        parity_error_add_context(err, "profile '%s'", search->profile_name);
    if (token)
        explicit_bzero(token, strlen(token));
    parity_free(token);
    return rc;
}

int parity_sso_session_token(const struct parity_credential_search *search, char **out,
                             struct parity_error *err)
{
    struct parity_sso_place place;
    int rc = -1;

    if (!value_of(search, "sso_session"))
        return 1;
    if (read_place(search, &place, err) == 0) {
        if (place.start_url && place.region)
            rc = parity_sso_token(search, &place, out, err);
        else
            parity_credential_fail(err, NULL, "sso_session '%s' lacks %s", place.session,
                                   place.start_url ? "sso_region" : "sso_start_url");
    }
    if (rc < 0)
        parity_error_add_context(err, "profile '%s'", search->profile_name);
    return rc;
}

const struct parity_credential_provider parity_credential_sso = {
    .name = "sso", .of_profile = true, .load = load};
