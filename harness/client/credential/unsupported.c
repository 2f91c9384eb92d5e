/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources that a profile or the environment may ask for and that are not there yet. To pass over
 * them would use other keys than the user meant (a profile with `role_arn` often has keys too), so
 * asking for one is an error that names it.
 */
#include "client/credential/provider.h"

#define ADVICE                                                                                     \
    "which parity cannot do yet; put temporary keys into the environment, for example with 'aws "  \
    "configure export-credentials --format env'"

struct setting {
    const char *name, *what;
};

static int fail_setting(const struct parity_credential_search *search,
                        const struct setting *setting, struct parity_error *err)
{
    parity_fail(err, PARITY_E_CREDENTIALS, NULL, "profile '%s' sets '%s' (%s), %s",
                search->profile_name, setting->name, setting->what, ADVICE);
    return -1;
}

static int fail_variable(const struct setting *setting, struct parity_error *err)
{
    parity_fail(err, PARITY_E_CREDENTIALS, "environment", "%s is set (%s), %s", setting->name,
                setting->what, ADVICE);
    return -1;
}

static int load_role(struct parity_credential_search *search, struct parity_credentials *out,
                     struct parity_error *err)
{
    static const struct setting settings[] = {
        {"web_identity_token_file", "web identity"},
        {"role_arn", "assuming a role"},
        {"sso_account_id", "single sign-on"},
        {"sso_role_name", "single sign-on"},
    };
    static const struct setting variable = {"AWS_WEB_IDENTITY_TOKEN_FILE", "web identity"};

    (void)out;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (parity_aws_profile_value(&search->profile, settings[i].name))
            return fail_setting(search, &settings[i], err);
    if (!search->skip_environment && parity_credential_variable(variable.name))
        return fail_variable(&variable, err);
    return 0;
}

static int load_login(struct parity_credential_search *search, struct parity_credentials *out,
                      struct parity_error *err)
{
    static const struct setting setting = {"login_session", "console login"};

    (void)out;
    if (parity_aws_profile_value(&search->profile, setting.name))
        return fail_setting(search, &setting, err);
    return 0;
}

static int load_container(struct parity_credential_search *search, struct parity_credentials *out,
                          struct parity_error *err)
{
    static const struct setting variables[] = {
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "container endpoint"},
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "container endpoint"},
    };

    (void)search;
    (void)out;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (parity_credential_variable(variables[i].name))
            return fail_variable(&variables[i], err);
    return 0;
}

const struct parity_credential_provider parity_credential_unsupported_role = {.name = "assume-role",
                                                                              .load = load_role};

const struct parity_credential_provider parity_credential_unsupported_login = {.name = "login",
                                                                               .load = load_login};

const struct parity_credential_provider parity_credential_unsupported_container = {
    .name = "container-role", .load = load_container};
