/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoint that a container's environment names: ECS, EKS, CloudShell, Greengrass. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "client/credential/metadata.h"
#include "client/uri.h"

static const char place[] = "container endpoint";
static const char relative_name[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
static const char full_name[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
static const char token_name[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
static const char token_file_name[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
static const size_t max_token_bytes = (size_t)1 << 20;

enum { TIMEOUT_MS = 2000, ATTEMPTS = 3, PAUSE_MS = 1000 };

/* --- where ------------------------------------------------------------------------------------ */

static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, host, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* ECS, EKS by IPv4 and IPv6. @see botocore/utils.py, ContainerMetadataFetcher */
static bool is_allowed(const char *host)
{
    static const char *const hosts[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23",
                                        "localhost"};

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strcasecmp(host, hosts[i]) == 0)
            return true;
    return is_loopback(host);
}

/* The token must not go to just anybody who managed to set a variable. */
static int check_url(const char *url, struct parity_error *err)
{
    struct parity_uri uri;
    char host[256];

    if (parity_uri_split(url, &uri, NULL) < 0)
        return parity_credential_fail(err, place, "%s is no URL", full_name);
    if (uri.scheme_length == 5 && strncasecmp(uri.scheme, "https", 5) == 0)
        return 0;
    parity_uri_host(&uri, host, sizeof host);
    if (uri.scheme_length == 4 && strncasecmp(uri.scheme, "http", 4) == 0 && is_allowed(host))
        return 0;
    return parity_credential_fail(err, place,
                                  "%s must be an https URL, or an http URL at a loopback address, "
                                  "localhost, 169.254.170.2, 169.254.170.23 or fd00:ec2::23; "
                                  "'%.100s' is none of them",
                                  full_name, host);
}

/* `*out` is new; NULL without an error: no variable is set. */
static int choose_url(char **out, struct parity_error *err)
{
    const char *relative = parity_credential_variable(relative_name);
    const char *full = parity_credential_variable(full_name);

    *out = NULL;
    if (!relative && !full)
        return 0;
    *out = relative ? parity_asprintf("http://169.254.170.2%s", relative) : parity_strdup(full);
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    return check_url(*out, err);
}

/* --- with which token --------------------------------------------------------------------------
 */

/* `*out` is new; NULL without an error: there is none. Read for every search: it is renewed. */
static int read_token(char **out, struct parity_error *err)
{
    const char *file = parity_credential_variable(token_file_name);
    const char *token = parity_credential_variable(token_name);
    struct parity_buffer text = {0};
    struct parity_error reason = {0};

    *out = NULL;
    if (!file && !token)
        return 0;
    if (file && parity_file_read(file, max_token_bytes, &text, &reason) < 0) {
        parity_buffer_clear(&text);
        return parity_credential_fail(err, file, "no authorization token: %s", reason.message);
    }
    if (!file)
        parity_buffer_add_text(&text, token);
    parity_buffer_add(&text, "", 0);
    *out = parity_buffer_take(&text);
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    if (!strpbrk(*out, "\r\n"))
        return 0;
    return parity_credential_fail(err, file ? file : token_name,
                                  "the authorization token holds a line break, which no header "
                                  "can");
}

static void free_token(char *token)
{
    if (token)
        explicit_bzero(token, strlen(token));
    parity_free(token);
}

/* --- the exchange ------------------------------------------------------------------------------
 */

/* One attempt. Returns 1 with keys, 0 with `trouble`, -1. */
static int attempt(const struct parity_credential_search *search,
                   const struct parity_metadata_request *request, struct parity_credentials *out,
                   struct parity_error *trouble, struct parity_error *err)
{
    struct parity_http_response response = {0};
    json_t *document = NULL;
    const char *wrong;
    char origin[256]; /* path and query may be somebody's secret */
    int rc = parity_metadata_send(search, request, &response, trouble, err);

    parity_http_origin(request->url, origin, sizeof origin);
    if (rc == 0 && response.status_code != 200) {
        parity_credential_fail(trouble, origin, "HTTP %d", response.status_code);
        rc = 1;
    }
    if (rc == 0) {
        rc = parity_metadata_json(&response, &document, err);
        if (rc > 0)
            parity_credential_fail(trouble, origin, "the answer is no JSON");
    }
    if (rc == 0) {
        rc = parity_metadata_read_keys(document, place, out, &wrong, err);
        if (rc == 0)
            rc = parity_credential_fail(err, origin, "the answer has no valid '%s'", wrong);
    } else if (rc > 0) {
        rc = 0;
    }
    json_decref(document);
    parity_metadata_clear(&response);
    return rc;
}

static void pause_before_retry(const struct parity_credential_search *search)
{
    const struct timespec delay = {.tv_sec = PAUSE_MS / 1000};

    if (search->options->sleep)
        search->options->sleep(PAUSE_MS, search->options->context);
    else
        nanosleep(&delay, NULL);
}

static int fetch(const struct parity_credential_search *search, const char *url, const char *token,
                 struct parity_credentials *out, struct parity_error *err)
{
    const struct parity_metadata_request request = {.method = "GET",
                                                    .url = url,
                                                    .header = token ? "Authorization" : NULL,
                                                    .value = token,
                                                    .accept = "application/json",
                                                    .timeout_ms = TIMEOUT_MS};
    struct parity_error trouble = {0};

    for (int i = 0; i < ATTEMPTS; i++) {
        int rc;

        if (i > 0)
            pause_before_retry(search);
        parity_error_clear(&trouble);
        rc = attempt(search, &request, out, &trouble, err);
        if (rc != 0)
            return rc;
    }
    parity_fail(err, trouble.code, trouble.context, "%s, after %d attempts", trouble.message,
                ATTEMPTS);
    return -1;
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    char *url, *token = NULL;
    int rc = choose_url(&url, err);

    if (rc == 0 && !url) {
        parity_credential_note(search, place, "%s is not set", full_name);
        return 0;
    }
    if (rc == 0 && !search->options->exchange)
        rc = parity_credential_fail(err, NULL, "this takes a request, but none can be made here");
    if (rc == 0)
        rc = read_token(&token, err);
    if (rc == 0)
        rc = fetch(search, url, token, out, err);
    if (rc < 0 && err && strncmp(err->context, place, sizeof place - 1) != 0)
        parity_error_add_context(err, "%s", place);
    free_token(token);
    parity_free(url);
    return rc;
}

const struct parity_credential_provider parity_credential_container = {
    .name = "container-role", .source_name = "EcsContainer", .load = load};
