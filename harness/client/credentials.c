/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credentials.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/credential/provider.h"

/* In the order in which botocore asks them. */
static const struct parity_credential_provider *const providers[] = {
    &parity_credential_environment,
    &parity_credential_unsupported_role,
    &parity_credential_shared_file,
    &parity_credential_unsupported_login,
    &parity_credential_process,
    &parity_credential_config_file,
    &parity_credential_unsupported_container,
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

static int find_profile(struct parity_credential_search *search, bool named,
                        struct parity_error *err)
{
    int found = parity_aws_config_profile(&search->config, search->profile_name, &search->profile);

    if (found > 0 && named) {
        parity_aws_config_fail_profile(&search->config, search->profile_name, err);
        return -1;
    }
    if (found < 0)
        parity_fail_nomem(err);
    return found < 0 ? -1 : 0;
}

static int begin(struct parity_credential_search *search, struct parity_error *err)
{
    const char *option = search->options->profile;
    const char *profile = option && option[0] ? option : parity_aws_config_environment_profile();

    search->skip_environment = option && option[0];
    search->profile_name = profile ? profile : "default";
    if (parity_aws_config_load(&search->config, err) < 0)
        return -1;
    return find_profile(search, profile != NULL, err);
}

static int ask_providers(struct parity_credential_search *search, struct parity_credentials *out,
                         struct parity_error *err)
{
    for (size_t i = 0; i < PROVIDERS; i++) {
        int found = providers[i]->load(search, out, err);

        if (found != 0)
            return found < 0 ? -1 : 0;
    }
    if (search->notes.failed)
        parity_fail_nomem(err);
    else
        parity_fail(err, PARITY_E_CREDENTIALS, NULL, "no AWS credentials found; looked at %s",
                    search->notes.data);
    return -1;
}

int parity_credentials_find(const struct parity_credentials_options *options,
                            struct parity_credentials *out, struct parity_error *err)
{
    static const struct parity_credentials_options standard;
    struct parity_credential_search search = {.options = options ? options : &standard};
    int rc = -1;

    memset(out, 0, sizeof *out);
    if (begin(&search, err) == 0)
        rc = ask_providers(&search, out, err);
    if (rc < 0)
        parity_credentials_clear(out);
    parity_aws_config_clear(&search.config);
    parity_buffer_clear(&search.notes);
    return rc;
}
