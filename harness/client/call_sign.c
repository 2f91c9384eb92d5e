/* SPDX-License-Identifier: Apache-2.0 */
/* With whose credentials a call is signed, and the signing. */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "client/call.h"
#include "client/call_credentials.h"
#include "client/sigv4.h"
#include "client/sigv4a.h"

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

/* The keys to sign with; those of a session come with a token of their own name. */
static int find_keys(struct parity_call *call, struct parity_sigv4_options *options,
                     struct parity_error *err)
{
    if (call->signing.scheme != PARITY_AUTH_S3_EXPRESS)
        return parity_call_credentials(call, &options->credentials, err);
    options->token_name = "X-Amz-S3session-Token";
    return parity_call_session(call, &options->credentials, err);
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
    if (signing->scheme == PARITY_AUTH_BEARER)
        return parity_call_add_token(call, err);
    if (find_keys(call, &options, err) < 0)
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
