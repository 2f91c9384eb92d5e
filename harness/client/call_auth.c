/* SPDX-License-Identifier: Apache-2.0 */
/* How a call proves who makes it: the scheme that the user, the rules and the model agree on. */
#include <string.h>

#include "base/memory.h"
#include "client/call.h"

/* --- names ------------------------------------------------------------------------------------ */

static const struct scheme_name {
    const char *name;
    enum parity_auth_scheme scheme;
} scheme_names[] = {
    /* in models (`auth`), */
    {"aws.auth#sigv4", PARITY_AUTH_SIGV4},
    {"aws.auth#sigv4a", PARITY_AUTH_SIGV4A},
    {"smithy.api#httpBearerAuth", PARITY_AUTH_BEARER},
    {"smithy.api#noAuth", PARITY_AUTH_NONE},
    /* in older models (`authtype`, `signatureVersion`), */
    {"v4", PARITY_AUTH_SIGV4},
    {"s3", PARITY_AUTH_SIGV4},
    {"s3v4", PARITY_AUTH_SIGV4},
    {"v4-unsigned-body", PARITY_AUTH_SIGV4},
    {"v4a", PARITY_AUTH_SIGV4A},
    {"bearer", PARITY_AUTH_BEARER},
    {"none", PARITY_AUTH_NONE},
    /* in endpoint rules (`authSchemes`) */
    {"sigv4", PARITY_AUTH_SIGV4},
    {"sigv4a", PARITY_AUTH_SIGV4A},
    {"sigv4-s3express", PARITY_AUTH_S3_EXPRESS},
};

static bool find_scheme(const char *name, enum parity_auth_scheme *out)
{
    for (size_t i = 0; name && i < sizeof scheme_names / sizeof *scheme_names; i++)
        if (strcmp(scheme_names[i].name, name) == 0) {
            *out = scheme_names[i].scheme;
            return true;
        }
    return false;
}

/* "aws.auth#sigv4a" is what a user calls "sigv4a". */
static bool is_called(const char *name, const char *wanted, size_t length)
{
    const char *hash = strchr(name, '#');
    const char *plain = hash ? hash + 1 : name;

    return strlen(plain) == length && strncmp(plain, wanted, length) == 0;
}

/*
 * A list of schemes, as a model or the rules have it, in their order of preference. In `field` of
 * each entry is its name; NULL: the entry is the name.
 */
struct offer {
    const json_t *list;
    const char *field;
};

static const char *name_at(const struct offer *offer, size_t index)
{
    const json_t *entry = json_array_get(offer->list, index);

    return json_string_value(offer->field ? json_object_get(entry, offer->field) : entry);
}

/* The first one that is known and, if `wanted` is not NULL, called so. */
static bool find_offered(const struct offer *offer, const char *wanted, size_t length,
                         enum parity_auth_scheme *out, size_t *index)
{
    for (size_t i = 0; i < json_array_size(offer->list); i++) {
        const char *name = name_at(offer, i);

        if (name && (!wanted || is_called(name, wanted, length)) && find_scheme(name, out)) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* What the user prefers ("sigv4a,sigv4") comes first, then the order of the list. */
static bool choose(const struct offer *offer, const char *preference, enum parity_auth_scheme *out,
                   size_t *index)
{
    for (const char *at = preference; at && *at;) {
        size_t length = strcspn(at, ", \t");

        if (length && find_offered(offer, at, length, out, index))
            return true;
        at += length + strspn(at + length, ", \t");
    }
    return find_offered(offer, NULL, 0, out, index);
}

/* --- the model -------------------------------------------------------------------------------- */

/* Whoever has put a token for the service into the environment wants it to be used. */
static bool prefers_token(const struct parity_call *call, const json_t *schemes)
{
    const struct offer offer = {schemes, NULL};
    enum parity_auth_scheme scheme;
    size_t index;

    return find_offered(&offer, "httpBearerAuth", strlen("httpBearerAuth"), &scheme, &index) &&
           parity_call_environment_token(call);
}

/* @see botocore/handlers.py, set_operation_specific_signer, _set_auth_scheme_preference_signer */
static int scheme_of_model(const struct parity_call *call, const char *preference,
                           enum parity_auth_scheme *out, struct parity_error *err)
{
    const struct offer own = {parity_operation_trait(call->operation, "auth"), NULL};
    const struct offer common = {
        json_object_get(parity_service_trait(call->service, "metadata"), "auth"), NULL};
    const char *type = json_string_value(parity_operation_trait(call->operation, "authtype"));
    const char *version = parity_service_metadata(call->service, "signatureVersion");
    size_t index;

    if (choose(&own, preference, out, &index) || find_scheme(type, out))
        return 0;
    if (prefers_token(call, common.list)) {
        *out = PARITY_AUTH_BEARER;
        return 0;
    }
    if (choose(&common, preference, out, &index) || find_scheme(version ? version : "v4", out))
        return 0;
    parity_fail(err, PARITY_E_INVALID, parity_service_name(call->service),
                "signs with '%s', which parity does not speak; --no-sign-request sends it unsigned",
                version ? version : "?");
    return -1;
}

/* --- the rules -------------------------------------------------------------------------------- */
static int set_region(struct parity_call *call, const char *region, struct parity_error *err)
{
    parity_free(call->signing.region);
    call->signing.region = parity_strdup(region);
    return call->signing.region ? 0 : parity_fail_nomem(err);
}

static int set_region_set(struct parity_call *call, const json_t *set, struct parity_error *err)
{
    struct parity_buffer text = {0};

    for (size_t i = 0; i < json_array_size(set); i++) {
        const char *region = json_string_value(json_array_get(set, i));

        parity_buffer_printf(&text, "%s%s", i ? "," : "", region ? region : "*");
    }
    parity_free(call->signing.region);
    call->signing.region = text.length ? parity_buffer_take(&text) : parity_strdup("*");
    parity_buffer_clear(&text);
    return call->signing.region ? 0 : parity_fail_nomem(err);
}

static int apply_scheme(struct parity_call *call, const json_t *scheme, struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(scheme, "signingName"));
    const char *region = json_string_value(json_object_get(scheme, "signingRegion"));
    const json_t *set = json_object_get(scheme, "signingRegionSet");

    if (name)
        call->signing.name = name;
    if (json_is_true(json_object_get(scheme, "disableDoubleEncoding")))
        call->signing.plain_path = true;
    if (region)
        return set_region(call, region, err);
    return set ? set_region_set(call, set, err) : 0;
}

/* What the rules say, in place of what the model says; but an operation that is never signed stays
 * so. */
static int apply_rules(struct parity_call *call, const char *preference, struct parity_error *err)
{
    const struct offer offer = {
        json_object_get(json_object_get(call->endpoint, "properties"), "authSchemes"), "name"};
    size_t index;

    if (!choose(&offer, preference, &call->signing.scheme, &index))
        return 0;
    return apply_scheme(call, json_array_get(offer.list, index), err);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* A set of regions that the user names counts more than any other. */
static int choose_region_set(struct parity_call *call, struct parity_error *err)
{
    const char *set;

    if (call->signing.scheme != PARITY_AUTH_SIGV4A)
        return 0;
    if (parity_settings_get(&call->client->settings, "sigv4a_signing_region_set",
                            "AWS_SIGV4A_SIGNING_REGION_SET", &set, err) < 0)
        return -1;
    return set ? set_region(call, set, err) : 0;
}

int parity_call_choose_auth(struct parity_call *call, struct parity_error *err)
{
    struct parity_signing *signing = &call->signing;
    const char *type = json_string_value(parity_operation_trait(call->operation, "authtype"));
    const char *version = parity_service_metadata(call->service, "signatureVersion");
    const char *preference;

    if (call->options->no_sign) {
        signing->scheme = PARITY_AUTH_NONE;
        return 0;
    }
    signing->name = parity_service_signing_name(call->service);
    if (parity_settings_get(&call->client->settings, "auth_scheme_preference",
                            "AWS_AUTH_SCHEME_PREFERENCE", &preference, err) < 0 ||
        scheme_of_model(call, preference, &signing->scheme, err) < 0)
        return -1;
    if (signing->scheme == PARITY_AUTH_NONE)
        return 0;
    signing->unsigned_payload =
        json_is_true(parity_operation_trait(call->operation, "unsignedPayload")) ||
        (type && strcmp(type, "v4-unsigned-body") == 0);
    /* S3 and its control plane: "s3" or "s3v4". @see botocore/auth.py, S3SigV4Auth */
    signing->payload_header = version && strncmp(version, "s3", 2) == 0;
    signing->plain_path = signing->payload_header;
    if (set_region(call, signing->scheme == PARITY_AUTH_SIGV4A ? "*" : call->region, err) < 0 ||
        apply_rules(call, preference, err) < 0)
        return -1;
    return choose_region_set(call, err);
}
