/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "client/credential/provider.h"

/* Keys that stand in a profile: the shared credentials file's, and later the config file's. */

static const char id_name[] = "aws_access_key_id";
static const char secret_name[] = "aws_secret_access_key";

static void note_missing(struct parity_credential_search *search,
                         const struct parity_aws_config_file *file,
                         const struct parity_ini_section *section)
{
    if (file->error)
        parity_credential_note(search, file->path, "%s", strerror(file->error));
    else if (!section)
        parity_credential_note(search, file->path, "no profile '%s'", search->profile_name);
    else
        parity_credential_note(
            search, file->path, "profile '%s' has no %s%s", search->profile_name, id_name,
            parity_ini_value(section, secret_name) ? ", although it has aws_secret_access_key"
                                                   : "");
}

static int check_key(const struct parity_credential_search *search,
                     const struct parity_aws_config_file *file, const char *name, const char *value,
                     struct parity_error *err)
{
    if (value && value[0])
        return 0;
    parity_fail(err, PARITY_E_CREDENTIALS, file->path, "profile '%s': %s is %s",
                search->profile_name, name, value ? "empty" : "missing");
    return -1;
}

/* As in the environment, the older name counts first where both are set. */
static const char *find_token(const struct parity_ini_section *section)
{
    const char *token = parity_ini_value(section, "aws_security_token");

    if (!token)
        token = parity_ini_value(section, "aws_session_token");
    return token && token[0] ? token : NULL;
}

static int load(struct parity_credential_search *search, const struct parity_aws_config_file *file,
                const struct parity_ini_section *section, struct parity_credentials *out,
                struct parity_error *err)
{
    const struct parity_credential_texts texts = {
        .id = parity_ini_value(section, id_name),
        .secret = parity_ini_value(section, secret_name),
        .token = find_token(section),
        .account_id = parity_ini_value(section, "aws_account_id"),
    };

    if (!texts.id) {
        note_missing(search, file, section);
        return 0;
    }
    if (check_key(search, file, id_name, texts.id, err) < 0 ||
        check_key(search, file, secret_name, texts.secret, err) < 0)
        return -1;
    return parity_credential_fill(out, &texts, file->path, err);
}

static int load_shared_file(struct parity_credential_search *search, struct parity_credentials *out,
                            struct parity_error *err)
{
    return load(search, &search->config->credentials, search->profile.credentials, out, err);
}

static int load_config_file(struct parity_credential_search *search, struct parity_credentials *out,
                            struct parity_error *err)
{
    return load(search, &search->config->config, search->profile.config, out, err);
}

const struct parity_credential_provider parity_credential_shared_file = {
    .name = "shared-credentials-file", .of_profile = true, .load = load_shared_file};

const struct parity_credential_provider parity_credential_config_file = {
    .name = "config-file", .of_profile = true, .load = load_config_file};
