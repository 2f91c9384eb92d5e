/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4_scheme.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/memory.h"
#include "client/sigv4_canonical.h"

static const char unsigned_payload[] = "UNSIGNED-PAYLOAD";

/* One signature in the making. */
struct signing {
    const struct parity_sigv4_scheme *scheme;
    const struct parity_sigv4_options *options;
    struct parity_http_request *request;
    struct parity_sha256 sha256;
    struct parity_uri uri;      /* borrowed from request->url */
    struct parity_buffer scope; /* date/region/service/aws4_request */
    struct parity_buffer header_lines, header_names;
    char timestamp[PARITY_SIGV4_TIMESTAMP];
    char body_hash[PARITY_SHA256_HEX + 1];
    const char *omit; /* name of the header or parameter that is not signed */
};

void parity_sigv4_trace_clear(struct parity_sigv4_trace *trace)
{
    parity_buffer_clear(&trace->canonical_request);
    parity_buffer_clear(&trace->string_to_sign);
    memset(trace, 0, sizeof *trace);
}

static void signing_clear(struct signing *signing)
{
    parity_sha256_clear(&signing->sha256);
    parity_buffer_clear(&signing->scope);
    parity_buffer_clear(&signing->header_lines);
    parity_buffer_clear(&signing->header_names);
}

static int check_options(const struct parity_sigv4_options *options, struct parity_error *err)
{
    const struct parity_credentials *credentials = options->credentials;

    if (!credentials || !credentials->access_key_id || !credentials->access_key_id[0]) {
        parity_fail(err, PARITY_E_CREDENTIALS, NULL, "cannot sign without an access key id");
        return -1;
    }
    if (!credentials->secret_access_key || !credentials->secret_access_key[0]) {
        parity_fail(err, PARITY_E_CREDENTIALS, NULL, "cannot sign without a secret access key");
        return -1;
    }
    if (!options->region || !options->region[0] || !options->service || !options->service[0]) {
        parity_fail(err, PARITY_E_INVALID, NULL, "cannot sign without a %s",
                    options->region && options->region[0] ? "service (signing name)" : "region");
        return -1;
    }
    return 0;
}

int parity_sigv4_timestamp(time_t time, char out[PARITY_SIGV4_TIMESTAMP], struct parity_error *err)
{
    struct tm utc;

    if (!gmtime_r(&time, &utc) || utc.tm_year < -1900 || utc.tm_year > 8099) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "the time to sign with lies outside the years 0 to 9999");
        return -1;
    }
    strftime(out, PARITY_SIGV4_TIMESTAMP, "%Y%m%dT%H%M%SZ", &utc);
    return 0;
}

static int signing_begin(struct signing *signing, struct parity_error *err)
{
    const struct parity_sigv4_options *options = signing->options;

    if (check_options(options, err) < 0 ||
        parity_sigv4_timestamp(options->time, signing->timestamp, err) < 0 ||
        parity_uri_split(signing->request->url, &signing->uri, err) < 0 ||
        parity_sha256_init(&signing->sha256, err) < 0)
        return -1;
    parity_buffer_add(&signing->scope, signing->timestamp, 8);
    if (!signing->scheme->has_region_set) {
        parity_buffer_add_char(&signing->scope, '/');
        parity_buffer_add_text(&signing->scope, options->region);
    }
    parity_buffer_add_char(&signing->scope, '/');
    parity_buffer_add_text(&signing->scope, options->service);
    parity_buffer_add_text(&signing->scope, "/aws4_request");
    if (!signing->scope.failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static const char *token_name(const struct parity_sigv4_options *options)
{
    return options->token_name ? options->token_name : "X-Amz-Security-Token";
}

static bool has_token(const struct parity_sigv4_options *options)
{
    return options->credentials->session_token && options->credentials->session_token[0];
}

static int hash_hex(struct parity_sha256 *sha256, const void *data, size_t length,
                    char out[PARITY_SHA256_HEX + 1], struct parity_error *err)
{
    unsigned char hash[PARITY_SHA256_BYTES];

    if (parity_sha256_hash(sha256, data ? data : "", length, hash) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, "OpenSSL", "cannot compute a SHA-256 hash");
        return -1;
    }
    parity_hex(hash, sizeof hash, out);
    return 0;
}

/* The last line of the canonical request; NULL on failure. */
static const char *payload_hash(struct signing *signing, struct parity_error *err)
{
    const struct parity_buffer *body = &signing->request->body;
    const char *given;

    if (signing->options->unsigned_payload)
        return unsigned_payload;
    given = parity_headers_get(&signing->request->headers, "x-amz-content-sha256");
    if (given && !signing->options->sign_body)
        return given;
    if (signing->body_hash[0])
        return signing->body_hash;
    if (signing->request->file
            ? parity_body_file_sha256(signing->request->file, signing->body_hash, err) < 0
            : hash_hex(&signing->sha256, body->data, body->length, signing->body_hash, err) < 0)
        return NULL;
    return signing->body_hash;
}

static void add_upper(struct parity_buffer *out, const char *text)
{
    for (; *text; text++)
        parity_buffer_add_char(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text);
}

static int add_canonical_request(struct signing *signing, struct parity_buffer *out,
                                 struct parity_error *err)
{
    const char *payload = payload_hash(signing, err);

    if (!payload)
        return -1;
    parity_buffer_reserve(out, 512 + signing->header_lines.length); /* one allocation as a rule */
    add_upper(out, signing->request->method ? signing->request->method : "GET");
    parity_buffer_add_char(out, '\n');
    parity_canonical_path(out, &signing->uri, !signing->options->no_normalize,
                          !signing->options->no_double_encode);
    parity_buffer_add_char(out, '\n');
    if (parity_canonical_query(out, &signing->uri, signing->omit) < 0)
        out->failed = true;
    parity_buffer_add_char(out, '\n');
    parity_buffer_add(out, signing->header_lines.data, signing->header_lines.length);
    parity_buffer_add_char(out, '\n');
    parity_buffer_add(out, signing->header_names.data, signing->header_names.length);
    parity_buffer_add_char(out, '\n');
    parity_buffer_add_text(out, payload);
    if (!out->failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int add_string_to_sign(struct signing *signing, const struct parity_buffer *canonical,
                              struct parity_buffer *out, struct parity_error *err)
{
    char hash[PARITY_SHA256_HEX + 1];

    if (hash_hex(&signing->sha256, canonical->data, canonical->length, hash, err) < 0)
        return -1;
    parity_buffer_reserve(out, 128 + signing->scope.length);
    parity_buffer_add_text(out, signing->scheme->algorithm);
    parity_buffer_add_char(out, '\n');
    parity_buffer_add_text(out, signing->timestamp);
    parity_buffer_add_char(out, '\n');
    parity_buffer_add(out, signing->scope.data, signing->scope.length);
    parity_buffer_add_char(out, '\n');
    parity_buffer_add(out, hash, PARITY_SHA256_HEX);
    if (!out->failed)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* Canonical request, string to sign, signature, from a request that has everything but the last. */
static int compute(struct signing *signing, struct parity_sigv4_trace *trace,
                   struct parity_error *err)
{
    struct parity_sigv4_input input = {
        .options = signing->options, .sha256 = &signing->sha256, .date = signing->timestamp};

    parity_buffer_reset(&trace->canonical_request);
    parity_buffer_reset(&trace->string_to_sign);
    if (add_canonical_request(signing, &trace->canonical_request, err) < 0 ||
        add_string_to_sign(signing, &trace->canonical_request, &trace->string_to_sign, err) < 0)
        return -1;
    input.text = trace->string_to_sign.data;
    input.length = trace->string_to_sign.length;
    return signing->scheme->sign(&input, trace->signature, err);
}

static int canonicalize_headers(struct signing *signing, struct parity_error *err)
{
    if (parity_canonical_headers(&signing->header_lines, &signing->header_names,
                                 &signing->request->headers, &signing->uri, signing->omit) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* The date of RFC 5322, as `Date` has it; strftime would write names in the user's language. */
static void format_http_date(time_t seconds, char *out, size_t size)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm utc;

    gmtime_r(&seconds, &utc);
    snprintf(out, size, "%s, %02d %s %04d %02d:%02d:%02d -0000", days[utc.tm_wday], utc.tm_mday,
             months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static int set_date(struct signing *signing)
{
    struct parity_headers *headers = &signing->request->headers;
    char text[64];

    if (!parity_headers_get(headers, "Date"))
        return parity_headers_set(headers, "X-Amz-Date", signing->timestamp);
    format_http_date(signing->options->time, text, sizeof text);
    parity_headers_remove(headers, "X-Amz-Date");
    return parity_headers_set(headers, "Date", text);
}

static int add_signed_headers(struct signing *signing, struct parity_error *err)
{
    const struct parity_sigv4_options *options = signing->options;
    struct parity_headers *headers = &signing->request->headers;
    const char *payload = NULL;

    if (options->sign_body || options->unsigned_payload) {
        payload = payload_hash(signing, err);
        if (!payload)
            return -1;
    }
    parity_headers_remove(headers, "Authorization");
    if ((has_token(options) && parity_headers_set(headers, token_name(options),
                                                  options->credentials->session_token) < 0) ||
        set_date(signing) < 0 ||
        (signing->scheme->has_region_set &&
         parity_headers_set(headers, "X-Amz-Region-Set", options->region) < 0) ||
        (payload && parity_headers_set(headers, "x-amz-content-sha256", payload) < 0)) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int add_authorization(struct signing *signing, const char *signature,
                             struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc = -1;

    parity_buffer_reserve(&text, 384 + signing->header_names.length);
    parity_buffer_add_text(&text, signing->scheme->algorithm);
    parity_buffer_add_text(&text, " Credential=");
    parity_buffer_add_text(&text, signing->options->credentials->access_key_id);
    parity_buffer_add_char(&text, '/');
    parity_buffer_add(&text, signing->scope.data, signing->scope.length);
    parity_buffer_add_text(&text, ", SignedHeaders=");
    parity_buffer_add(&text, signing->header_names.data, signing->header_names.length);
    parity_buffer_add_text(&text, ", Signature=");
    parity_buffer_add_text(&text, signature);
    if (!text.failed)
        rc = parity_headers_set(&signing->request->headers, "Authorization", text.data);
    if (rc < 0)
        parity_fail_nomem(err);
    parity_buffer_clear(&text);
    return rc;
}

int parity_sigv4_scheme_sign_header(const struct parity_sigv4_scheme *scheme,
                                    struct parity_http_request *request,
                                    const struct parity_sigv4_options *options,
                                    struct parity_sigv4_trace *trace, struct parity_error *err)
{
    struct signing signing = {.scheme = scheme, .options = options, .request = request};
    struct parity_sigv4_trace own = {0};
    int rc = -1;

    if (!trace)
        trace = &own;
    if (options->omit_session_token)
        signing.omit = token_name(options);
    if (signing_begin(&signing, err) == 0 && add_signed_headers(&signing, err) == 0 &&
        canonicalize_headers(&signing, err) == 0 && compute(&signing, trace, err) == 0)
        rc = add_authorization(&signing, trace->signature, err);
    signing_clear(&signing);
    parity_sigv4_trace_clear(&own);
    return rc;
}

static bool is_auth_parameter(const struct parity_sigv4_options *options, const char *name,
                              size_t length)
{
    const char *const names[] = {"X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Date",
                                 "X-Amz-SignedHeaders", "X-Amz-Expires",    "X-Amz-Region-Set",
                                 "X-Amz-Signature",     token_name(options)};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* The parameters that the request had before any signature, each followed by '&'. */
static void add_own_parameters(const struct signing *signing, struct parity_buffer *url)
{
    const struct parity_uri *uri = &signing->uri;

    for (size_t i = 0; i < uri->query_length;) {
        const char *text = uri->query + i;
        const char *end = memchr(text, '&', uri->query_length - i);
        size_t length = end ? (size_t)(end - text) : uri->query_length - i;
        const char *equals = memchr(text, '=', length);

        if (!is_auth_parameter(signing->options, text, equals ? (size_t)(equals - text) : length)) {
            parity_buffer_add(url, text, length);
            parity_buffer_add_char(url, '&');
        }
        i += length + 1;
    }
}

static void add_parameter(struct parity_buffer *url, const char *name, const char *value)
{
    parity_buffer_add_char(url, '&');
    parity_buffer_add_text(url, name);
    parity_buffer_add_char(url, '=');
    parity_uri_encode(url, value, strlen(value), "");
}

/* The URL with everything but the signature, in the order of the signing test suite. */
static void write_presigned_url(const struct signing *signing, struct parity_buffer *url)
{
    const struct parity_sigv4_options *options = signing->options;
    const char *key = options->credentials->access_key_id;

    parity_buffer_reserve(url, strlen(signing->request->url) + 512);
    parity_buffer_add(url, signing->uri.scheme,
                      (size_t)(signing->uri.path - signing->uri.scheme) + signing->uri.path_length);
    parity_buffer_add_char(url, '?');
    add_own_parameters(signing, url);
    parity_buffer_add_text(url, "X-Amz-Algorithm=");
    parity_buffer_add_text(url, signing->scheme->algorithm);
    parity_buffer_add_text(url, "&X-Amz-Credential=");
    parity_uri_encode(url, key, strlen(key), "");
    parity_buffer_add_text(url, "%2F");
    parity_uri_encode(url, signing->scope.data, signing->scope.length, "");
    add_parameter(url, "X-Amz-Date", signing->timestamp);
    add_parameter(url, "X-Amz-SignedHeaders", signing->header_names.data);
    parity_buffer_printf(url, "&X-Amz-Expires=%ld",
                         options->expires_in_s ? options->expires_in_s : 3600L);
    if (has_token(options))
        add_parameter(url, token_name(options), options->credentials->session_token);
    if (signing->scheme->has_region_set)
        add_parameter(url, "X-Amz-Region-Set", options->region);
}

static int set_url(struct signing *signing, struct parity_buffer *url, struct parity_error *err)
{
    char *text = parity_buffer_take(url);

    if (!text) {
        parity_fail_nomem(err);
        return -1;
    }
    parity_free(signing->request->url);
    signing->request->url = text;
    return parity_uri_split(text, &signing->uri, err);
}

/*
 * botocore's HTTP layer sets this content type on its own, so botocore takes exactly this value
 * back when it presigns: whoever follows the URL would not send it (botocore/auth.py,
 * SigV4QueryAuth).
 */
static void drop_implied_content_type(struct parity_headers *headers)
{
    const char *type = parity_headers_get(headers, "Content-Type");

    if (type && strcmp(type, "application/x-www-form-urlencoded; charset=utf-8") == 0)
        parity_headers_remove(headers, "Content-Type");
}

static int append_signature(struct parity_http_request *request, const char *signature,
                            struct parity_error *err)
{
    char *url = parity_asprintf("%s&X-Amz-Signature=%s", request->url, signature);

    if (!url) {
        parity_fail_nomem(err);
        return -1;
    }
    parity_free(request->url);
    request->url = url;
    return 0;
}

int parity_sigv4_scheme_sign_query(const struct parity_sigv4_scheme *scheme,
                                   struct parity_http_request *request,
                                   const struct parity_sigv4_options *options,
                                   struct parity_sigv4_trace *trace, struct parity_error *err)
{
    struct signing signing = {.scheme = scheme, .options = options, .request = request};
    struct parity_sigv4_trace own = {0};
    struct parity_buffer url = {0};
    int rc = -1;

    if (!trace)
        trace = &own;
    if (options->omit_session_token)
        signing.omit = token_name(options);
    if (signing_begin(&signing, err) < 0)
        goto out;
    parity_headers_remove(&request->headers, "Authorization");
    drop_implied_content_type(&request->headers);
    if (canonicalize_headers(&signing, err) < 0)
        goto out;
    write_presigned_url(&signing, &url);
    if (set_url(&signing, &url, err) < 0 || compute(&signing, trace, err) < 0)
        goto out;
    rc = append_signature(request, trace->signature, err);
out:
    parity_buffer_clear(&url);
    signing_clear(&signing);
    parity_sigv4_trace_clear(&own);
    return rc;
}
