/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an operation and its input to the endpoint: what the rules say, the URL that comes of it,
 * and the guard that keeps requests from AWS.
 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/endpoint.h"
#include "client/uri.h"

int parity_call_choose_endpoint_url(struct parity_call *call, struct parity_error *err)
{
    const struct parity_client *client = call->client;
    const char *id = parity_service_metadata(call->service, "serviceId");

    call->endpoint_url =
        call->options->endpoint_url ? call->options->endpoint_url : client->endpoint_url;
    if (!call->endpoint_url &&
        parity_settings_endpoint_url(&call->client->settings,
                                     id ? id : parity_service_name(call->service),
                                     &call->endpoint_url, err) < 0)
        return -1;
    if (call->endpoint_url || client->aws)
        return 0;
    parity_fail(
        err, PARITY_E_USAGE, NULL,
        "no endpoint for %s: give --endpoint-url or set AWS_ENDPOINT_URL; a request goes to "
        "AWS only with TEST_TARGET=AWS_CLOUD",
        parity_service_name(call->service));
    return -1;
}

/* --- URL -------------------------------------------------------------------------------------- */

/*
 * S3's models put the bucket into the path and its endpoint rules put it into the URL as well.
 * Wherever a path begins with a label that also is an endpoint parameter, the rules have the say.
 */
static const char *path_behind_endpoint(const struct parity_call *call, size_t *length)
{
    const char *uri = parity_operation_http_uri(call->operation);
    const struct parity_shape *input = parity_operation_input(call->operation);
    const char *path = call->wire.path.length ? call->wire.path.data : "/";
    size_t label = uri && strncmp(uri, "/{", 2) == 0 ? strcspn(uri + 2, "}+") : 0;

    *length = strlen(path);
    for (size_t i = 0; label && call->endpoint && i < parity_shape_member_count(input); i++) {
        const struct parity_shape *member = parity_shape_member_at(input, i);
        const char *name = parity_shape_location_name(member);

        if (parity_shape_location(member) != PARITY_LOCATION_URI ||
            !parity_shape_text(member, PARITY_TEXT_CONTEXT_PARAM))
            continue;
        name = name ? name : parity_shape_member_name(member);
        if (strlen(name) == label && strncmp(name, uri + 2, label) == 0) {
            size_t segment = 1 + strcspn(path + 1, "/");

            *length -= segment;
            return path + segment;
        }
    }
    return path;
}

static bool is_ip(const char *host, size_t length)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char address[16];

    if (length && host[0] == '[')
        return true;
    if (length >= sizeof text)
        return false;
    memcpy(text, host, length);
    text[length] = '\0';
    return inet_pton(AF_INET, text, address) == 1;
}

/*
 * The prefix that the model puts before host names. Not before an address, and not before a name
 * without a dot (localhost, a container's name): nothing would resolve "data-localhost". SDKs have
 * a switch for this (inject_host_prefix), which everyone who tests an emulator turns.
 */
static int host_prefix(struct parity_call *call, const struct parity_uri *uri,
                       struct parity_buffer *out, struct parity_error *err)
{
    const json_t *pattern =
        json_object_get(parity_operation_trait(call->operation, "endpoint"), "hostPrefix");
    const json_t *ruled = json_object_get(
        json_object_get(parity_operation_trait(call->operation, "staticContextParams"),
                        "RequiresAccountId"),
        "value");
    size_t host = strcspn(uri->authority, ":/");
    bool off;

    if (!pattern)
        return 0;
    if (call->endpoint_url && (is_ip(uri->authority, host) || !memchr(uri->authority, '.', host)))
        return 0;
    /* The rules have put the account there already. */
    if (json_is_true(ruled) && strcmp(json_string_value(pattern), "{AccountId}.") == 0)
        return 0;
    if (parity_settings_get_flag(&call->client->settings, "disable_host_prefix_injection",
                                 "AWS_DISABLE_HOST_PREFIX_INJECTION", false, &off, err) < 0)
        return -1;
    return off ? 0 : parity_protocol_host_prefix(call->operation, call->input, out, err);
}

/* Endpoint, prefix, path and query in one. @see botocore/awsrequest.py, prepare_request_dict */
static int build_url(struct parity_call *call, const char *endpoint, struct parity_error *err)
{
    struct parity_uri uri;
    struct parity_buffer url = {0};
    size_t path_length;
    const char *path = path_behind_endpoint(call, &path_length);
    bool bare = path_length == 0 || strcmp(path, "/") == 0;

    if (parity_uri_split(endpoint, &uri, err) < 0)
        return -1;
    parity_buffer_reserve(&url, strlen(endpoint) + path_length + call->wire.query.length + 2);
    parity_buffer_add(&url, uri.scheme, uri.scheme_length);
    parity_buffer_add_text(&url, "://");
    if (host_prefix(call, &uri, &url, err) < 0) {
        parity_buffer_clear(&url);
        return -1;
    }
    parity_buffer_add(&url, uri.authority, uri.authority_length);
    parity_buffer_add(&url, uri.path, uri.path_length);
    if (bare && uri.path_length == 0)
        parity_buffer_add_char(&url, '/');
    else if (!bare && uri.path_length && uri.path[uri.path_length - 1] == '/' && path[0] == '/')
        parity_buffer_add(&url, path + 1, path_length - 1);
    else if (!bare)
        parity_buffer_add(&url, path, path_length);
    if (uri.has_query && uri.query_length)
        parity_buffer_add(&url, uri.query - 1, uri.query_length + 1); /* with its '?' */
    if (call->wire.query.length) {
        parity_buffer_add_char(&url, uri.has_query && uri.query_length ? '&' : '?');
        parity_buffer_add(&url, call->wire.query.data, call->wire.query.length);
    }
    call->request.url = parity_buffer_take(&url);
    if (call->request.url)
        return 0;
    parity_buffer_clear(&url);
    return parity_fail_nomem(err);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Takes `params`. */
static int evaluate_new(struct parity_call *call, json_t *params, struct parity_error *err)
{
    struct parity_client *client = call->client;
    struct parity_endpoint_memory *memory = &client->endpoints[client->next_endpoint];
    const char *service = parity_service_name(call->service), *message;

    if (parity_endpoint_resolve(client->models, service, params, &call->endpoint, err) < 0) {
        json_decref(params);
        return -1;
    }
    message = json_string_value(json_object_get(call->endpoint, "error"));
    if (message) {
        parity_fail(err, PARITY_E_INVALID, service, "no endpoint: %s", message);
        json_decref(params);
        return -1;
    }
    json_decref(memory->params);
    json_decref(memory->endpoint);
    *memory = (struct parity_endpoint_memory){call->service, params, json_incref(call->endpoint)};
    client->next_endpoint = (client->next_endpoint + 1) % PARITY_ENDPOINT_MEMORIES;
    return 0;
}

/* The same parameters lead to the same endpoint, and most calls of a test have them in common. */
static bool recall(struct parity_call *call, const json_t *params)
{
    for (size_t i = 0; i < PARITY_ENDPOINT_MEMORIES; i++) {
        const struct parity_endpoint_memory *memory = &call->client->endpoints[i];

        if (memory->service == call->service && json_equal(memory->params, params)) {
            call->endpoint = json_incref(memory->endpoint);
            return true;
        }
    }
    return false;
}

static int evaluate_rules(struct parity_call *call, struct parity_error *err)
{
    struct parity_error reason;
    json_t *params;

    if (parity_call_endpoint_parameters(call, &params, err) < 0)
        return -1;
    if (recall(call, params)) {
        json_decref(params);
        return 0;
    }
    reason = (struct parity_error){0};
    if (evaluate_new(call, params, &reason) == 0)
        return 0;
    /* A service of one's own (`--model`) has no rules; then the given endpoint is all there is. */
    if (reason.code == PARITY_E_NOT_FOUND && call->endpoint_url)
        return 0;
    if (err && err->code == PARITY_OK)
        *err = reason;
    return -1;
}

static int add_endpoint_headers(struct parity_call *call, struct parity_error *err)
{
    const char *name;
    json_t *values;

    json_object_foreach(json_object_get(call->endpoint, "headers"), name, values) {
        const char *value = json_string_value(json_array_get(values, 0));

        if (value && parity_headers_set(&call->request.headers, name, value) < 0)
            return parity_fail_nomem(err);
    }
    return 0;
}

int parity_call_resolve_endpoint(struct parity_call *call, struct parity_error *err)
{
    const char *url;

    if (evaluate_rules(call, err) < 0)
        return -1;
    url = call->endpoint ? json_string_value(json_object_get(call->endpoint, "url"))
                         : call->endpoint_url;
    if (!url) {
        parity_fail(err, PARITY_E_PARSE, parity_service_name(call->service),
                    "the endpoint rules give no URL");
        return -1;
    }
    if (build_url(call, url, err) < 0)
        return -1;
    return add_endpoint_headers(call, err);
}

/* --- the guard -------------------------------------------------------------------------------- */

/* Whether `host` is `domain` or lies below it. */
static bool is_within(const char *host, size_t host_length, const char *domain,
                      size_t domain_length)
{
    if (host_length < domain_length ||
        strncasecmp(host + host_length - domain_length, domain, domain_length) != 0)
        return false;
    return host_length == domain_length || host[host_length - domain_length - 1] == '.' ||
           domain[0] == '.';
}

int parity_call_check_destination(const struct parity_call *call, struct parity_error *err)
{
    struct parity_uri url, allowed;

    if (call->client->aws)
        return 0;
    if (parity_uri_split(call->request.url, &url, err) < 0 ||
        parity_uri_split(call->endpoint_url, &allowed, err) < 0)
        return -1;
    if (parity_endpoint_is_aws(call->client->models, url.authority, parity_uri_host_length(&url))) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "a request to AWS (%.*s) was held back: that takes TEST_TARGET=AWS_CLOUD",
                    (int)url.authority_length, url.authority);
        return -1;
    }
    if (!is_within(url.authority, url.authority_length, allowed.authority,
                   allowed.authority_length)) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "a request to %.*s was held back: the target is %.*s",
                    (int)url.authority_length, url.authority, (int)allowed.authority_length,
                    allowed.authority);
        return -1;
    }
    return 0;
}
