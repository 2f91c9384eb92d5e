/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "client/http_exchange.h"

size_t parity_http_origin_length(const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
                    : strncasecmp(url, "http://", 7) == 0 ? 7
                                                          : 0;
    size_t authority = scheme ? strcspn(url + scheme, "/?#") : 0;

    return authority ? scheme + authority : 0;
}

void parity_http_origin(const char *url, char *out, size_t size)
{
    size_t length = parity_http_origin_length(url);
    const char *host = url + (strncasecmp(url, "https", 5) == 0 ? 8 : 7);
    const char *user = length ? memchr(host, '@', length - (size_t)(host - url)) : NULL;

    if (length == 0)
        snprintf(out, size, "%s", "?");
    else if (user)
        snprintf(out, size, "%.*s%.*s", (int)(host - url), url,
                 (int)(length - (size_t)(user + 1 - url)), user + 1);
    else
        snprintf(out, size, "%.*s", (int)length, url);
}

/* libcurl's detail in a sentence of ours: no capital, no full stop, no line break. */
static void tidy(const char *detail, char *out, size_t size)
{
    size_t length;

    snprintf(out, size, "%s", detail);
    length = strcspn(out, "\r\n");
    while (length && (out[length - 1] == '.' || out[length - 1] == ' '))
        length--;
    out[length] = '\0';
    if (out[0] && (!out[1] || islower((unsigned char)out[1]) || out[1] == ' '))
        out[0] = (char)tolower((unsigned char)out[0]);
}

static void fail_to_connect(const struct parity_http_failure *failure, const char *origin,
                            const char *detail, struct parity_error *err)
{
    char reason[256];
    bool refused = failure->os_errno == ECONNREFUSED;

    if (failure->os_errno)
        tidy(strerror((int)failure->os_errno), reason, sizeof reason);
    else
        snprintf(reason, sizeof reason, "%s", detail);
    parity_fail(err, PARITY_E_NETWORK, NULL, "cannot connect to %s (%s)%s", origin, reason,
                refused ? "; is the emulator running?" : "");
}

/* libcurl's words alone tell whether the connection or the handshake took too long. */
static void fail_timeout(const struct parity_http_failure *failure, const char *origin,
                         const char *detail, struct parity_error *err)
{
    parity_fail(err, PARITY_E_NETWORK, NULL,
                strncmp(detail, "SSL", 3) == 0
                    ? "no TLS connection to %s: no handshake within %ld ms"
                    : "cannot connect to %s (no connection after %ld ms)",
                origin, failure->connect_timeout_ms);
}

static void fail_tls(const struct parity_http_failure *failure, const char *origin,
                     const char *detail, struct parity_error *err)
{
    if (failure->code == CURLE_SSL_CACERT_BADFILE)
        parity_fail(err, PARITY_E_ENVIRONMENT, failure->ca_bundle,
                    "cannot read certificates from this file (AWS_CA_BUNDLE)");
    else if (failure->code == CURLE_PEER_FAILED_VERIFICATION)
        parity_fail(err, PARITY_E_NETWORK, NULL,
                    "no trusted TLS connection to %s: %s (a certificate of one's own authority is "
                    "made known by AWS_CA_BUNDLE)",
                    origin, detail);
    else
        parity_fail(err, PARITY_E_NETWORK, NULL, "no TLS connection to %s: %s", origin, detail);
}

/* Whether anything of a response had arrived when the exchange broke off. */
static bool has_begun(const struct parity_http_exchange *exchange)
{
    return exchange->head_bytes > 0;
}

static void fail_truncated(const struct parity_http_failure *failure, const char *origin,
                           struct parity_error *err)
{
    const struct parity_http_exchange *exchange = failure->exchange;
    const char *length = parity_headers_get(&exchange->response->headers, "Content-Length");

    if (!exchange->head_complete)
        parity_fail(err, PARITY_E_RESPONSE, NULL,
                    "truncated response from %s: the connection ended within the headers", origin);
    else if (length)
        parity_fail(
            err, PARITY_E_RESPONSE, NULL,
            "truncated response from %s: the connection ended after %llu of %s bytes of body",
            origin, (unsigned long long)exchange->body_bytes, length);
    else
        parity_fail(err, PARITY_E_RESPONSE, NULL,
                    "truncated response from %s: the connection ended after %llu bytes of body, "
                    "before the last chunk",
                    origin, (unsigned long long)exchange->body_bytes);
}

/* The URL's scheme was looked at before: it is the answer that libcurl does not take for HTTP. */
static void fail_status_line(const char *origin, const char *detail, struct parity_error *err)
{
    parity_fail(err, PARITY_E_RESPONSE, NULL, "malformed response from %s: %s", origin,
                strstr(detail, "HTTP/0.9") ? "does not begin with an HTTP/1 status line" : detail);
}

/* The peer sent something that breaks HTTP, or broke off. */
static void fail_receiving(const struct parity_http_failure *failure, const char *origin,
                           const char *detail, struct parity_error *err)
{
    const struct parity_http_exchange *exchange = failure->exchange;

    if (!has_begun(exchange))
        parity_fail(err, PARITY_E_NETWORK, NULL, "%s broke off before it answered (%s)", origin,
                    detail);
    else
        parity_fail(err, PARITY_E_RESPONSE, NULL, "malformed response from %s: %s", origin, detail);
}

static enum parity_http_trouble trouble_of(const struct parity_http_failure *failure)
{
    if (failure->exchange->stopped == PARITY_HTTP_SILENCE)
        return PARITY_HTTP_TIMED_OUT;
    if (failure->exchange->stopped == PARITY_HTTP_LENGTHS_DIFFER)
        return PARITY_HTTP_BROKEN;
    if (failure->exchange->stopped != PARITY_HTTP_GOING_ON)
        return PARITY_HTTP_IMPOSSIBLE;
    switch (failure->code) {
    case CURLE_OUT_OF_MEMORY:
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CACERT_BADFILE:
        return PARITY_HTTP_IMPOSSIBLE;
    case CURLE_COULDNT_CONNECT:
        return failure->os_errno == ECONNREFUSED ? PARITY_HTTP_REFUSED : PARITY_HTTP_UNREACHABLE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return PARITY_HTTP_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT:
        return PARITY_HTTP_TIMED_OUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
        return PARITY_HTTP_DISTRUSTED;
    default:
        return PARITY_HTTP_BROKEN;
    }
}

static bool fail_own_limit(const struct parity_http_failure *failure, const char *origin,
                           struct parity_error *err)
{
    const struct parity_http_exchange *exchange = failure->exchange;

    switch (exchange->stopped) {
    case PARITY_HTTP_GOING_ON:
        return false;
    case PARITY_HTTP_NO_MEMORY:
        parity_fail_nomem(err);
        break;
    case PARITY_HTTP_HEAD_TOO_LARGE:
        parity_fail(err, PARITY_E_LIMIT, NULL,
                    "the response of %s has more than 256 KiB of headers", origin);
        break;
    case PARITY_HTTP_LENGTHS_DIFFER:
        parity_fail(err, PARITY_E_RESPONSE, NULL,
                    "malformed response from %s: it announces two different lengths of its body",
                    origin);
        break;
    case PARITY_HTTP_BODY_TOO_LARGE:
        parity_fail(err, PARITY_E_LIMIT, NULL, "the response of %s is larger than %llu bytes",
                    origin, (unsigned long long)exchange->max_body_bytes);
        break;
    case PARITY_HTTP_OWN_FILE:
        if (err && err->code == PARITY_OK)
            *err = exchange->failure;
        break;
    case PARITY_HTTP_SILENCE:
        parity_fail(err, PARITY_E_NETWORK, NULL, "%s fell silent: nothing in %ld ms%s", origin,
                    failure->read_timeout_ms,
                    exchange->head_complete ? ", in the middle of the body"
                    : has_begun(exchange)   ? ", in the middle of the headers"
                                            : " after the request");
        break;
    }
    return true;
}

static void report(const struct parity_http_failure *failure, struct parity_error *err)
{
    char origin[256], detail[CURL_ERROR_SIZE];

    parity_http_origin(failure->exchange->request->url, origin, sizeof origin);
    tidy(failure->detail, detail, sizeof detail);
    if (fail_own_limit(failure, origin, err))
        return;
    switch (failure->code) {
    case CURLE_OUT_OF_MEMORY:
        parity_fail_nomem(err);
        break;
    case CURLE_URL_MALFORMAT:
        parity_fail(err, PARITY_E_INVALID, NULL, "%s is no URL that can be called: %s", origin,
                    detail);
        break;
    case CURLE_UNSUPPORTED_PROTOCOL:
        fail_status_line(origin, detail, err);
        break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        parity_fail(err, PARITY_E_NETWORK, NULL, "cannot connect to %s (%s)", origin, detail);
        break;
    case CURLE_COULDNT_CONNECT:
        fail_to_connect(failure, origin, detail, err);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        fail_timeout(failure, origin, detail, err);
        break;
    case CURLE_GOT_NOTHING:
        parity_fail(err, PARITY_E_NETWORK, NULL, "%s closed the connection without an answer",
                    origin);
        break;
    case CURLE_PARTIAL_FILE:
        fail_truncated(failure, origin, err);
        break;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
        fail_tls(failure, origin, detail, err);
        break;
    default:
        fail_receiving(failure, origin, detail, err);
        break;
    }
}

enum parity_http_trouble parity_http_fail(const struct parity_http_failure *failure,
                                          struct parity_error *err)
{
    report(failure, err);
    return trouble_of(failure);
}
