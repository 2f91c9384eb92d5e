/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials that are found once and renewed in time. */
#include <string.h>

#include "base/memory.h"
#include "client/credential/provider.h"

static const time_t renew_before_s = 15 * 60L, retry_after_s = 60;

struct parity_credential_source {
    struct parity_credentials_options options;
    char *profile;                   /* owned; what `options` points to */
    json_t *tokens;                  /* owned; SSO tokens that were renewed */
    struct parity_credentials found; /* access_key_id NULL: none yet */
    time_t retry_at;                 /* no renewal before that, after one that failed */
    int outcome;                     /* of a search that will not be repeated: 1 or -1 */
    struct parity_error why;         /* it found nothing */
};

struct parity_credential_source *
parity_credential_source_new(const struct parity_credentials_options *options)
{
    struct parity_credential_source *source = parity_calloc(1, sizeof *source);

    if (!source)
        return NULL;
    if (options)
        source->options = *options;
    if (source->options.profile)
        source->options.profile = source->profile = parity_strdup(source->options.profile);
    source->tokens = json_object();
    if (source->tokens && (source->profile || !options || !options->profile))
        return source;
    parity_credential_source_free(source);
    return NULL;
}

void parity_credential_source_free(struct parity_credential_source *source)
{
    if (!source)
        return;
    parity_credentials_clear(&source->found);
    json_decref(source->tokens);
    parity_free(source->profile);
    parity_free(source);
}

static time_t time_of(const struct parity_credential_source *source)
{
    return source->options.now ? source->options.now(source->options.context) : time(NULL);
}

/* What the user has to mend stays as it is; a network may come back. */
static bool is_lasting(enum parity_errc code)
{
    return code != PARITY_E_NETWORK && code != PARITY_E_RESPONSE && code != PARITY_E_LIMIT &&
           code != PARITY_E_NOMEM;
}

static int report(const struct parity_error *why, int outcome, struct parity_error *err)
{
    if (err && err->code == PARITY_OK)
        *err = *why;
    return outcome;
}

static int find(struct parity_credential_source *source, struct parity_error *err)
{
    struct parity_error why = {0};
    int outcome;

    if (source->outcome)
        return report(&source->why, source->outcome, err);
    outcome = parity_credential_find(&source->options, source->tokens, &source->found, &why);
    if (outcome && is_lasting(why.code)) {
        source->outcome = outcome;
        source->why = why;
    }
    return report(&why, outcome, err);
}

static int renew(struct parity_credential_source *source, time_t now, struct parity_error *err)
{
    bool must = parity_credentials_must_refresh(&source->found, now);
    struct parity_credentials fresh;
    struct parity_error why = {0};

    if (parity_credential_find(&source->options, source->tokens, &fresh, &why) == 0) {
        parity_credentials_clear(&source->found);
        source->found = fresh;
        return 0;
    }
    source->retry_at = now + retry_after_s;
    return must ? report(&why, -1, err) : 0;
}

int parity_credential_source_get(struct parity_credential_source *source,
                                 const struct parity_credentials **out, struct parity_error *err)
{
    const struct parity_credentials *found = &source->found;
    time_t now = time_of(source);
    int rc = 0;

    *out = NULL;
    if (!found->access_key_id)
        rc = find(source, err);
    else if (found->expires_at && found->expires_at - now < renew_before_s &&
             (now >= source->retry_at || parity_credentials_must_refresh(found, now)))
        rc = renew(source, now, err);
    if (rc == 0)
        *out = found;
    return rc;
}
