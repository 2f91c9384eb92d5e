/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credentials.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/credential/provider.h"
#include "client/credential/sso_token.h"

/* In the order in which botocore asks them. */
static const struct parity_credential_provider *const providers[] = {
    &parity_credential_environment, &parity_credential_assume_role, &parity_credential_web_identity,
    &parity_credential_sso,         &parity_credential_shared_file, &parity_credential_login,
    &parity_credential_process,     &parity_credential_config_file, &parity_credential_container,
    &parity_credential_instance,
};

enum { PROVIDERS = sizeof providers / sizeof *providers };

static const time_t refresh_before_s = 10 * 60L;

static void free_secret(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    parity_free(text);
}

void parity_credentials_clear(struct parity_credentials *credentials)
{
    parity_free(credentials->access_key_id);
    free_secret(credentials->secret_access_key);
    free_secret(credentials->session_token);
    parity_free(credentials->account_id);
    memset(credentials, 0, sizeof *credentials);
}

bool parity_credentials_must_refresh(const struct parity_credentials *credentials, time_t now)
{
    return credentials->expires_at && credentials->expires_at - now < refresh_before_s;
}

const char *parity_credential_variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

time_t parity_credential_now(const struct parity_credential_search *search)
{
    return search->options->now ? search->options->now(search->options->context) : time(NULL);
}

int parity_credential_fail(struct parity_error *err, const char *place, const char *format, ...)
{
    char message[sizeof err->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail(err, PARITY_E_CREDENTIALS, place, "%s", message);
    return -1;
}

void parity_credential_note(struct parity_credential_search *search, const char *place,
                            const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    parity_buffer_printf(&search->notes, "%s%s: %s", search->notes.length ? "; " : "", place, text);
}

static char *copy_optional(const char *text, bool *failed)
{
    char *copy = text ? parity_strdup(text) : NULL;

    *failed |= text && !copy;
    return copy;
}

/* Keys and tokens travel in headers, where a line break would begin another one. */
static int check_text(const char *text, const char *what, const char *place,
                      struct parity_error *err)
{
    for (const char *c = text; c && *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) {
            parity_fail(err, PARITY_E_CREDENTIALS, place,
                        "the %s holds a line break or another control character", what);
            return -1;
        }
    return 0;
}

int parity_credential_fill(struct parity_credentials *out,
                           const struct parity_credential_texts *texts, const char *place,
                           struct parity_error *err)
{
    bool failed = false;

    if (check_text(texts->id, "access key id", place, err) < 0 ||
        check_text(texts->secret, "secret access key", place, err) < 0 ||
        check_text(texts->token, "session token", place, err) < 0)
        return -1;
    out->access_key_id = copy_optional(texts->id, &failed);
    out->secret_access_key = copy_optional(texts->secret, &failed);
    out->session_token = copy_optional(texts->token, &failed);
    out->account_id = copy_optional(texts->account_id, &failed);
    if (!failed)
        return 1;
    parity_fail_nomem(err);
    return -1;
}

static int ask(struct parity_credential_search *search, bool profile_only,
               struct parity_credentials *out, struct parity_error *err)
{
    for (size_t i = 0; i < PROVIDERS; i++) {
        int found = 0;

        if (providers[i]->of_profile || !profile_only)
            found = providers[i]->load(search, out, err);
        if (found != 0)
            return found;
    }
    if (!search->notes.failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

int parity_credential_ask_profile(struct parity_credential_search *search,
                                  struct parity_credentials *out, struct parity_error *err)
{
    return ask(search, true, out, err);
}

const struct parity_credential_provider *parity_credential_find_source(const char *source_name)
{
    for (size_t i = 0; i < PROVIDERS; i++)
        if (providers[i]->source_name && strcmp(providers[i]->source_name, source_name) == 0)
            return providers[i];
    return NULL;
}

static int find_profile(struct parity_credential_search *search, bool named,
                        struct parity_error *err)
{
    int found = parity_aws_config_profile(search->config, search->profile_name, &search->profile);

    if (found > 0 && named) {
        parity_aws_config_fail_profile(search->config, search->profile_name, err);
        return -1;
    }
    if (found < 0)
        parity_fail_nomem(err);
    search->session = search->profile;
    return found < 0 ? -1 : 0;
}

static int begin(struct parity_credential_search *search, struct parity_error *err)
{
    const char *option = search->options->profile;
    const char *profile = option && option[0] ? option : parity_aws_config_environment_profile();

    search->skip_environment = option && option[0];
    search->profile_name = profile ? profile : "default";
    return find_profile(search, profile != NULL, err);
}

/* A source may hand out keys that no service takes any more, which is for the user to know. */
static int check_expiry(const struct parity_credential_search *search,
                        const struct parity_credentials *found, struct parity_error *err)
{
    time_t now = parity_credential_now(search);

    if (!found->expires_at || found->expires_at > now)
        return 0;
    return parity_credential_fail(err, NULL,
                                  "the AWS credentials that were found expired %lld seconds ago",
                                  (long long)(now - found->expires_at));
}

static int search_all(struct parity_credential_search *search, struct parity_credentials *out,
                      struct parity_error *err)
{
    int found = ask(search, false, out, err);

    if (found < 0)
        return -1;
    if (found > 0)
        return check_expiry(search, out, err);
    parity_credential_fail(err, NULL, "no AWS credentials found; looked at %s", search->notes.data);
    return 1;
}

int parity_credential_find(const struct parity_credentials_options *options, json_t *tokens,
                           struct parity_credentials *out, struct parity_error *err)
{
    struct parity_aws_config config;
    struct parity_credential_search search = {
        .options = options, .config = &config, .tokens = tokens};
    int rc = -1;

    memset(out, 0, sizeof *out);
    if (parity_aws_config_load(&config, err) == 0 && begin(&search, err) == 0)
        rc = search_all(&search, out, err);
    if (rc != 0)
        parity_credentials_clear(out);
    parity_aws_config_clear(&config);
    parity_buffer_clear(&search.notes);
    return rc;
}

int parity_credentials_find(const struct parity_credentials_options *options,
                            struct parity_credentials *out, struct parity_error *err)
{
    static const struct parity_credentials_options standard;

    return parity_credential_find(options ? options : &standard, NULL, out, err);
}

int parity_credentials_login_token(const struct parity_credentials_options *options, json_t *tokens,
                                   char **out, struct parity_error *err)
{
    struct parity_aws_config config;
    struct parity_credential_search search = {
        .options = options, .config = &config, .tokens = tokens};
    int rc = -1;

    *out = NULL;
    if (parity_aws_config_load(&config, err) == 0 && begin(&search, err) == 0)
        rc = parity_sso_session_token(&search, out, err);
    parity_aws_config_clear(&config);
    parity_buffer_clear(&search.notes);
    return rc;
}
