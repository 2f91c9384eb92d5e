/* SPDX-License-Identifier: Apache-2.0 */
/* Which scheme a call is signed with, with whose credentials, and the signing. */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/call_credentials.h"
#include "client/sigv4.h"
#include "client/sigv4a.h"

static int fail_memory(struct parity_error *err)
{
    parity_fail_nomem(err);
    return -1;
}

/* --- credentials ------------------------------------------------------------------------------ */

int parity_call_credentials(struct parity_call *call, const struct parity_credentials **out,
                            struct parity_error *err)
{
    struct parity_client *client = call->client;
    bool given = client->given.access_key_id != NULL;
    struct parity_error why = {0};
    int found;

    *out = call->options->credentials;
    if (*out)
        return 0;
    if (client->aws && given) {
        *out = &client->given;
        return 0;
    }
    found = parity_call_own_credentials(client, &client->source, out, &why);
    if (found == 0)
        return 0;
    /* Only the absence of credentials is made good for; a broken source is told. */
    if (given && found > 0 && !client->profile) {
        *out = &client->given;
        return 0;
    }
    if (err && err->code == PARITY_OK)
        *err = why;
    return -1;
}

/* --- choice of scheme ------------------------------------------------------------------------- */

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

/* The first scheme of a list of names that is known here. */
static bool first_of(const json_t *names, enum parity_auth_scheme *out)
{
    for (size_t i = 0; i < json_array_size(names); i++)
        if (find_scheme(json_string_value(json_array_get(names, i)), out))
            return true;
    return false;
}

static int scheme_of_model(const struct parity_call *call, enum parity_auth_scheme *out,
                           struct parity_error *err)
{
    const char *type = json_string_value(parity_operation_trait(call->operation, "authtype"));
    const char *version = parity_service_metadata(call->service, "signatureVersion");

    if (first_of(parity_operation_trait(call->operation, "auth"), out) || find_scheme(type, out) ||
        first_of(json_object_get(parity_service_trait(call->service, "metadata"), "auth"), out) ||
        find_scheme(version ? version : "v4", out))
        return 0;
    parity_fail(err, PARITY_E_INVALID, parity_service_name(call->service),
                "signs with '%s', which parity does not speak; --no-sign-request sends it unsigned",
                version ? version : "?");
    return -1;
}

static int set_region(struct parity_call *call, const char *region, struct parity_error *err)
{
    parity_free(call->signing.region);
    call->signing.region = parity_strdup(region);
    return call->signing.region ? 0 : fail_memory(err);
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
    return call->signing.region ? 0 : fail_memory(err);
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
static int apply_rules(struct parity_call *call, struct parity_error *err)
{
    const json_t *schemes =
        json_object_get(json_object_get(call->endpoint, "properties"), "authSchemes");

    for (size_t i = 0; i < json_array_size(schemes); i++) {
        const json_t *scheme = json_array_get(schemes, i);

        if (find_scheme(json_string_value(json_object_get(scheme, "name")), &call->signing.scheme))
            return apply_scheme(call, scheme, err);
    }
    return 0;
}

int parity_call_choose_auth(struct parity_call *call, struct parity_error *err)
{
    struct parity_signing *signing = &call->signing;
    const char *type = json_string_value(parity_operation_trait(call->operation, "authtype"));
    const char *version = parity_service_metadata(call->service, "signatureVersion");

    if (call->options->no_sign) {
        signing->scheme = PARITY_AUTH_NONE;
        return 0;
    }
    if (scheme_of_model(call, &signing->scheme, err) < 0)
        return -1;
    if (signing->scheme == PARITY_AUTH_NONE)
        return 0;
    signing->name = parity_service_signing_name(call->service);
    signing->unsigned_payload =
        json_is_true(parity_operation_trait(call->operation, "unsignedPayload")) ||
        (type && strcmp(type, "v4-unsigned-body") == 0);
    /* S3 and its control plane: "s3" or "s3v4". @see botocore/auth.py, S3SigV4Auth */
    signing->payload_header = version && strncmp(version, "s3", 2) == 0;
    signing->plain_path = signing->payload_header;
    if (set_region(call, signing->scheme == PARITY_AUTH_SIGV4A ? "*" : call->region, err) < 0)
        return -1;
    return apply_rules(call, err);
}

/* --- signing ---------------------------------------------------------------------------------- */

/*
 * Whether the signature leaves the body out. S3 wants it in, unless the connection is TLS and the
 * body has a checksum of its own. @see botocore/auth.py, S3SigV4Auth._should_sha256_sign_payload
 */
static bool leave_payload_out(const struct parity_call *call)
{
    const struct parity_signing *signing = &call->signing;
    bool checked =
        signing->body_is_checked || parity_headers_get(&call->request.headers, "Content-MD5");

    if (!signing->payload_header)
        return signing->unsigned_payload;
    return checked && strncasecmp(call->request.url, "https:", 6) == 0 &&
           (call->streaming_input || signing->unsigned_payload);
}

/* Schemes whose credentials have to be fetched first. */
static int refuse_scheme(const struct parity_call *call, struct parity_error *err)
{
    if (call->signing.scheme == PARITY_AUTH_BEARER)
        parity_fail(err, PARITY_E_CREDENTIALS, NULL,
                    "the service takes a bearer token, which parity does not read yet; "
                    "--no-sign-request sends the request without one");
    else
        parity_fail(err, PARITY_E_CREDENTIALS, NULL,
                    "a directory bucket takes a session of S3 Express, which parity does not open "
                    "yet; with AWS_S3_DISABLE_EXPRESS_SESSION_AUTH=true it does without");
    return -1;
}

static int sign_with_events(struct parity_call *call, const struct parity_sigv4_options *options,
                            struct parity_error *err)
{
    struct parity_sigv4_trace trace = {0};
    int rc = parity_sigv4_sign_header(&call->request, options, &trace, err);

    if (rc == 0)
        rc = parity_call_sign_events(call, options, trace.signature, err);
    parity_sigv4_trace_clear(&trace);
    return rc;
}

int parity_call_sign(struct parity_call *call, struct parity_error *err)
{
    const struct parity_signing *signing = &call->signing;
    struct parity_sigv4_options options = {.region = signing->region,
                                           .service = signing->name,
                                           .time = parity_call_time(call->client),
                                           .no_normalize = signing->plain_path,
                                           .no_double_encode = signing->plain_path};
    bool chunked =
        signing->events || parity_headers_get(&call->request.headers, "X-Amz-Trailer") != NULL;

    if (signing->scheme == PARITY_AUTH_NONE)
        return 0;
    if (signing->scheme == PARITY_AUTH_BEARER || signing->scheme == PARITY_AUTH_S3_EXPRESS)
        return refuse_scheme(call, err);
    if (parity_call_credentials(call, &options.credentials, err) < 0)
        return -1;
    /* A trailer or events have already put their own word into the header. */
    options.unsigned_payload = !chunked && leave_payload_out(call);
    options.sign_body = !chunked && !options.unsigned_payload && signing->payload_header;
    if (signing->events)
        return sign_with_events(call, &options, err);
    if (signing->scheme == PARITY_AUTH_SIGV4A)
        return parity_sigv4a_sign_header(&call->request, &options, NULL, err);
    return parity_sigv4_sign_header(&call->request, &options, NULL, err);
}
