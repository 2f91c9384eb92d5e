/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metadata service of an EC2 instance (IMDS): a token by PUT, the name of the instance's role,
 * its keys. A service that has no tokens is asked without one (version 1).
 *
 * @see botocore/utils.py, InstanceMetadataFetcher
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/memory.h"
#include "client/credential/metadata.h"
#include "client/uri.h"

static const char place[] = "instance metadata";
static const char token_path[] = "latest/api/token";
static const char role_path[] = "latest/meta-data/iam/security-credentials/";

struct service {
    const struct parity_credential_search *search;
    const char *base; /* URL, borrowed */
    long timeout_ms, attempts;
    bool no_v1;
    char *token;                 /* owned; NULL: version 1 */
    struct parity_error trouble; /* why the last request had no result */
};

/* --- settings --------------------------------------------------------------------------------- */

/* They are the session's, also where the profile of a role names this source. */
static const char *setting(const struct parity_credential_search *search, const char *variable,
                           const char *name)
{
    const char *value = parity_credential_variable(variable);

    return value ? value : parity_aws_profile_value(&search->session, name);
}

static bool flag(const struct parity_credential_search *search, const char *variable,
                 const char *name)
{
    const char *value = setting(search, variable, name);

    return value && strcasecmp(value, "true") == 0;
}

static int number(const struct parity_credential_search *search, const char *variable,
                  const char *name, long *out, struct parity_error *err)
{
    const char *text = setting(search, variable, name);
    char *end;

    *out = 1;
    if (!text)
        return 0;
    errno = 0;
    *out = strtol(text, &end, 10);
    if (end > text && !*end && !errno && *out > 0 && *out <= 3600)
        return 0;
    return parity_credential_fail(err, place,
                                  "%s (or %s in the profile) must be a number from 1 "
                                  "to 3600",
                                  variable, name);
}

static int choose_base(const struct parity_credential_search *search, const char **out,
                       struct parity_error *err)
{
    const char *given =
        setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    const char *mode = setting(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                               "ec2_metadata_service_endpoint_mode");
    bool v6 =
        mode ? strcasecmp(mode, "ipv6") == 0 : flag(search, "AWS_IMDS_USE_IPV6", "imds_use_ipv6");
    struct parity_uri uri;

    if (mode && !v6 && strcasecmp(mode, "ipv4") != 0)
        return parity_credential_fail(
            err, place, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither ipv4 nor ipv6");
    *out = given ? given : v6 ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/";
    if (parity_uri_split(*out, &uri, NULL) == 0)
        return 0;
    return parity_credential_fail(err, place, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL: %.100s",
                                  *out);
}

static int read_settings(struct service *service, struct parity_error *err)
{
    const struct parity_credential_search *search = service->search;

    service->no_v1 = flag(search, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled");
    if (number(search, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout",
               &service->timeout_ms, err) < 0 ||
        number(search, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts",
               &service->attempts, err) < 0)
        return -1;
    service->timeout_ms *= 1000;
    return choose_base(search, &service->base, err);
}

/* --- requests --------------------------------------------------------------------------------- */

/* Appends "<path><name>" to the base; a role's name is encoded for what it may hold in a URL. */
static char *make_url(const struct service *service, const char *path, const char *name)
{
    size_t length = strlen(service->base);
    struct parity_buffer url = {0};

    parity_buffer_add(&url, service->base, length);
    if (length && service->base[length - 1] != '/')
        parity_buffer_add_char(&url, '/');
    parity_buffer_add_text(&url, path);
    if (name)
        parity_uri_encode(&url, name, strlen(name), "+=,@/");
    return parity_buffer_take(&url);
}

static int send(struct service *service, const char *method, const char *path, const char *name,
                struct parity_http_response *response, struct parity_error *err)
{
    static const char token_header[] = "x-aws-ec2-metadata-token";
    struct parity_metadata_request request = {.method = method, .timeout_ms = service->timeout_ms};
    bool put = strcmp(method, "PUT") == 0;
    char *url = make_url(service, path, name);
    int rc = -1;

    request.url = url;
    request.header = put              ? "x-aws-ec2-metadata-token-ttl-seconds"
                     : service->token ? token_header
                                      : NULL;
    request.value = put ? "21600" : service->token;
    parity_error_clear(&service->trouble);
    if (url)
        rc = parity_metadata_send(service->search, &request, response, &service->trouble, err);
    else
        parity_fail_nomem(err);
    if (rc == 0 && response->status_code != 200)
        parity_credential_fail(&service->trouble, NULL, "HTTP %d from %s", response->status_code,
                               url);
    parity_free(url);
    return rc;
}

/* A body that is a short line, for a header or a URL. New; NULL without an error: it is not. */
static int take_line(const struct parity_http_response *response, char **out,
                     struct parity_error *err)
{
    const struct parity_buffer *body = &response->body;

    *out = NULL;
    for (size_t i = 0; i < body->length; i++)
        if ((unsigned char)body->data[i] <= ' ' || body->data[i] == 127)
            return 0;
    if (body->length == 0 || body->length > 4096)
        return 0;
    *out = parity_strndup(body->data, body->length);
    if (*out)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* Returns 1 to go on, with or without a token; 0 with `trouble`; -1. */
static int fetch_token(struct service *service, struct parity_error *err)
{
    for (long i = 0; i < service->attempts; i++) {
        struct parity_http_response response = {0};
        int rc = send(service, "PUT", token_path, NULL, &response, err);
        int status = rc == 0 ? response.status_code : 0;

        if (status == 200)
            rc = take_line(&response, &service->token, err);
        parity_metadata_clear(&response);
        if (rc < 0)
            return -1;
        if (status == 400) /* the service knows tokens, but not our request for one */
            return 0;
        if (status == 200 || status == 403 || status == 404 || status == 405)
            break;
    }
    if (service->token || !service->no_v1)
        return 1;
    if (!service->trouble.code)
        parity_credential_fail(&service->trouble, NULL, "the service hands out no token");
    return 0;
}

/* What to do with a body; returns 1 when it is good, 0 with `trouble`, -1. */
typedef int body_reader(struct service *service, const struct parity_http_response *response,
                        void *out, struct parity_error *err);

static int get(struct service *service, const char *name, body_reader *reader, void *out,
               struct parity_error *err)
{
    int rc = 0;

    for (long i = 0; i < service->attempts && rc == 0; i++) {
        struct parity_http_response response = {0};

        rc = send(service, "GET", role_path, name, &response, err);
        if (rc == 0 && response.status_code == 200)
            rc = reader(service, &response, out, err);
        else if (rc > 0)
            rc = 0;
        parity_metadata_clear(&response);
    }
    return rc;
}

static int read_role_name(struct service *service, const struct parity_http_response *response,
                          void *out, struct parity_error *err)
{
    char **name = out;

    if (take_line(response, name, err) < 0)
        return -1;
    if (*name)
        return 1;
    parity_credential_fail(&service->trouble, NULL, "the instance has no role");
    return 0;
}

static int read_document(struct service *service, const struct parity_http_response *response,
                         void *out, struct parity_error *err)
{
    int rc = parity_metadata_json(response, out, err);

    if (rc > 0)
        parity_credential_fail(&service->trouble, NULL, "the answer is no JSON");
    return rc < 0 ? -1 : !rc;
}

/* --- keys ------------------------------------------------------------------------------------- */

static double random_share(const struct parity_credential_search *search)
{
    unsigned short bits = 0;

    if (search->options->random)
        return search->options->random(search->options->context);
    if (getrandom(&bits, sizeof bits, 0) < 0)
        bits = 0;
    return bits / 65536.0;
}

/*
 * Keys that should have been renewed by now are a sign that the service is disturbed. They keep
 * working beyond their time then, so they are used, and asked for anew after some minutes that
 * differ between instances.
 */
static void extend(const struct parity_credential_search *search, struct parity_credentials *keys)
{
    time_t now = parity_credential_now(search);
    time_t window = 15 * 60 + 120 + (time_t)(random_share(search) * 480);

    if (now >= keys->expires_at - window)
        keys->expires_at = now + window;
}

static int read_keys(struct service *service, const json_t *document,
                     struct parity_credentials *out, struct parity_error *err)
{
    const char *wrong, *code = json_string_value(json_object_get(document, "Code"));
    int rc = parity_metadata_read_keys(document, place, out, &wrong, err);

    if (rc == 0)
        parity_credential_fail(&service->trouble, NULL, "the answer has no valid '%s'%s%.60s",
                               wrong, code ? ", but the code " : "", code ? code : "");
    if (rc > 0)
        extend(service->search, out);
    return rc;
}

static int fetch(struct service *service, struct parity_credentials *out, struct parity_error *err)
{
    char *role = NULL;
    json_t *document = NULL;
    int rc = fetch_token(service, err);

    if (rc > 0)
        rc = get(service, NULL, read_role_name, &role, err);
    if (rc > 0)
        rc = get(service, role, read_document, &document, err);
    if (rc > 0)
        rc = read_keys(service, document, out, err);
    json_decref(document);
    parity_free(role);
    return rc;
}

/* Nobody asked for this source by name, so a request that is not allowed just is not made. */
static int pass_over(struct parity_credential_search *search, const struct parity_error *reason,
                     struct parity_error *err)
{
    if (reason->code == PARITY_E_USAGE && !search->asked_for) {
        parity_credential_note(search, place, "not asked: %s", reason->message);
        return 0;
    }
    if (err && err->code == PARITY_OK)
        *err = *reason;
    parity_error_add_context(err, "%s", place);
    return -1;
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    struct service service = {.search = search};
    const char *disabled = parity_credential_variable("AWS_EC2_METADATA_DISABLED");
    struct parity_error reason = {0};
    int rc;

    if (disabled && strcasecmp(disabled, "true") == 0) {
        parity_credential_note(search, place, "AWS_EC2_METADATA_DISABLED is true");
        return 0;
    }
    if (!search->options->exchange) {
        parity_credential_note(search, place, "not asked: no request can be made here");
        return 0;
    }
    if (read_settings(&service, err) < 0)
        return -1;
    rc = fetch(&service, out, &reason);
    if (rc < 0)
        rc = pass_over(search, &reason, err);
    else if (rc == 0)
        parity_credential_note(search, place, "%s", service.trouble.message);
    if (service.token)
        explicit_bzero(service.token, strlen(service.token));
    parity_free(service.token);
    return rc;
}

const struct parity_credential_provider parity_credential_instance = {
    .name = "iam-role", .source_name = "Ec2InstanceMetadata", .load = load};
