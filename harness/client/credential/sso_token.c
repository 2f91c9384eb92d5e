/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credential/sso_token.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/credential/service.h"
#include "client/iso8601.h"
#include "client/own_call.h"
#include "client/sha256.h"

static const size_t max_cache_bytes = (size_t)1 << 20;

/*
 * How long before it expires a token is renewed. botocore does so 15 minutes ahead, and writes the
 * new token to the cache. This program writes nothing there, so it leaves a token that still works
 * as it is: renewing one may make the refresh token in the cache worthless to its owner.
 */
enum { MARGIN_S = 60 };

/* --- the cache -------------------------------------------------------------------------------- */

/* New; NULL: no memory. */
static char *cache_path(const struct parity_sso_place *place)
{
    const char *name = place->session ? place->session : place->start_url;
    unsigned char hash[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    char *folder, *path = NULL;
    size_t length;

    if (!EVP_Q_digest(NULL, "SHA1", NULL, name, strlen(name), hash, &length))
        return NULL;
    parity_hex(hash, length, hex);
    folder = parity_aws_config_expand_path("~/.aws/sso/cache");
    if (folder)
        path = parity_asprintf("%s/%s.json", folder, hex);
    parity_free(folder);
    return path;
}

static int fail_login(const struct parity_credential_search *search, const char *path,
                      const char *reason, struct parity_error *err)
{
    return parity_credential_fail(err, path, "%s; run 'aws sso login --profile %s'", reason,
                                  search->profile_name);
}

static int read_cache(const struct parity_credential_search *search, const char *path, json_t **out,
                      struct parity_error *err)
{
    struct parity_buffer text = {0};
    struct parity_error reason = {0}; /* of the JSON not told: it might quote the token */
    int rc = parity_file_read(path, max_cache_bytes, &text, &reason);

    if (rc < 0)
        fail_login(search, path,
                   reason.code == PARITY_E_NOT_FOUND ? "there is no single sign-on token"
                                                     : "the single sign-on token cannot be read",
                   err);
    else
        rc = parity_json_parse(text.data ? text.data : "", text.length, path, out, &reason);
    if (rc < 0 && reason.code == PARITY_E_NOMEM)
        parity_fail_nomem(err);
    else if (rc < 0)
        fail_login(search, path, "the single sign-on token is no JSON", err);
    if (text.data)
        explicit_bzero(text.data, text.length);
    parity_buffer_clear(&text);
    return rc;
}

static const char *member(const json_t *token, const char *name)
{
    return json_string_value(json_object_get(token, name));
}

/* Older tools write "2020-06-17T10:02:08UTC". */
static int read_time(const json_t *token, const char *name, time_t *out)
{
    const char *text = member(token, name);
    size_t length = text ? strlen(text) : 0;
    char copy[64];

    if (length < 3 || length >= sizeof copy)
        return -1;
    memcpy(copy, text, length + 1);
    if (strcmp(copy + length - 3, "UTC") == 0)
        memcpy(copy + length - 3, "Z", 2);
    return parity_iso8601_parse(copy, out);
}

/* --- renewal ---------------------------------------------------------------------------------- */

static bool can_renew(const struct parity_credential_search *search, const json_t *token)
{
    time_t until;

    return member(token, "refreshToken") && member(token, "clientId") &&
           member(token, "clientSecret") &&
           read_time(token, "registrationExpiresAt", &until) == 0 &&
           until > parity_credential_now(search);
}

static int set_text(json_t *object, const char *name, const char *text)
{
    return json_object_set_new_nocheck(object, name, json_string_nocheck(text));
}

static json_t *make_input(const json_t *token)
{
    json_t *input = json_object();

    if (input && set_text(input, "grantType", "refresh_token") == 0 &&
        set_text(input, "clientId", member(token, "clientId")) == 0 &&
        set_text(input, "clientSecret", member(token, "clientSecret")) == 0 &&
        set_text(input, "refreshToken", member(token, "refreshToken")) == 0)
        return input;
    json_decref(input);
    return NULL;
}

/* Puts what the service handed out into the token. Returns 1 when that is nothing. */
static int take_answer(const struct parity_credential_search *search, const json_t *answer,
                       json_t *token, struct parity_error *err)
{
    const char *access = member(answer, "accessToken"), *refresh = member(answer, "refreshToken");
    const json_t *seconds = json_object_get(answer, "expiresIn");
    json_int_t lifetime = json_integer_value(seconds);
    json_t *until;

    if (!access || lifetime <= 0 || lifetime > INT_MAX)
        return 1;
    until = json_integer((json_int_t)parity_credential_now(search) + lifetime);
    if (json_object_set_new(token, "renewedUntil", until) == 0 &&
        set_text(token, "accessToken", access) == 0 &&
        (!refresh || set_text(token, "refreshToken", refresh) == 0))
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* Returns 0; 1 with `reason` when the service does not renew it; -1. */
static int renew(const struct parity_credential_search *search,
                 const struct parity_sso_place *place, json_t *token, struct parity_error *reason,
                 struct parity_error *err)
{
    struct parity_own_call own;
    json_t *input = make_input(token), *answer = NULL;
    const struct parity_credential_call call = {.service = own.service,
                                                .operation = own.operation,
                                                .region = place->region,
                                                .input = input};
    int rc = -1;

    if (!input)
        parity_fail_nomem(err);
    else if (parity_own_call("renew-token", &own, reason) == 0)
        rc = parity_credential_call(search, &call, &answer, reason);
    if (rc < 0 && input && err && err->code == PARITY_OK)
        *err = *reason;
    if (rc == 0)
        rc = take_answer(search, answer, token, err);
    json_decref(answer);
    json_decref(input);
    return rc;
}

/* --- together --------------------------------------------------------------------------------- */

static int read_expiry(const json_t *token, time_t *out)
{
    const json_t *renewed = json_object_get(token, "renewedUntil");

    if (!renewed)
        return read_time(token, "expiresAt", out);
    *out = (time_t)json_integer_value(renewed);
    return 0;
}

static int check(const struct parity_credential_search *search,
                 const struct parity_sso_place *place, const char *path, json_t *token,
                 struct parity_error *err)
{
    struct parity_error reason = {0};
    time_t until, now = parity_credential_now(search);
    int rc = 1;

    if (!member(token, "accessToken") || read_expiry(token, &until) < 0)
        return fail_login(search, path, "the single sign-on token lacks accessToken or expiresAt",
                          err);
    if (until - now >= MARGIN_S)
        return 0;
    if (place->session && can_renew(search, token))
        rc = renew(search, place, token, &reason, err);
    if (rc <= 0 || until > now)
        return rc < 0 ? -1 : 0;
    if (reason.code == PARITY_OK)
        return fail_login(search, path, "the single sign-on token has expired", err);
    return parity_credential_fail(err, path,
                                  "the single sign-on token has expired and was not renewed: %s; "
                                  "run 'aws sso login --profile %s'",
                                  reason.message, search->profile_name);
}

/* The token that was renewed earlier, else the cache's. `*out` is new. */
static int load(const struct parity_credential_search *search, const char *path, json_t **out,
                struct parity_error *err)
{
    *out = json_incref(json_object_get(search->tokens, path));
    return *out ? 0 : read_cache(search, path, out, err);
}

/* Only a renewed one: the cache may be brought up to date by others. */
static int keep(const struct parity_credential_search *search, const char *path, json_t *token,
                struct parity_error *err)
{
    if (!search->tokens || !json_object_get(token, "renewedUntil") ||
        json_object_set_nocheck(search->tokens, path, token) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

int parity_sso_token(const struct parity_credential_search *search,
                     const struct parity_sso_place *place, char **out, struct parity_error *err)
{
    char *path = cache_path(place);
    json_t *token = NULL;
    int rc = -1;

    *out = NULL;
    if (!path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (load(search, path, &token, err) == 0 && check(search, place, path, token, err) == 0 &&
        keep(search, path, token, err) == 0) {
        *out = parity_strdup(member(token, "accessToken"));
        rc = *out ? 0 : -1;
        if (rc < 0)
            parity_fail_nomem(err);
    }
    json_decref(token);
    parity_free(path);
    return rc;
}
