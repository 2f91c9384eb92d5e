/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an operation and its input to the endpoint: the parameters of the rule set, as botocore
 * builds them, the URL, and the guard that keeps requests from AWS.
 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/customization.h"
#include "client/endpoint.h"
#include "client/jmespath.h"
#include "client/uri.h"

static int fail_memory(struct parity_error *err)
{
    parity_fail_nomem(err);
    return -1;
}

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

/* --- builtins --------------------------------------------------------------------------------- */

static int give_flag(json_t **out, bool value)
{
    *out = json_boolean(value);
    return 0;
}

static int give_text(json_t **out, const char *text, struct parity_error *err)
{
    *out = text ? json_string(text) : NULL;
    return text && !*out ? fail_memory(err) : 0;
}

static int give_region(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_text(out, call->region, err);
}

static int give_endpoint(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_text(out, call->endpoint_url, err);
}

static int give_setting(struct parity_call *call, const char *name, const char *variable,
                        bool preset, json_t **out, struct parity_error *err)
{
    bool value;

    if (parity_settings_get_flag(&call->client->settings, name, variable, preset, &value, err) < 0)
        return -1;
    return give_flag(out, value);
}

/* An endpoint that is given excludes its FIPS and dual-stack variants. */
static int give_fips(struct parity_call *call, json_t **out, struct parity_error *err)
{
    if (call->endpoint_url)
        return give_flag(out, false);
    return give_setting(call, "use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT", false, out, err);
}

/* A flag of the block that the service has in ~/.aws/config; false without one. */
static int own_flag(struct parity_call *call, const char *name, bool *out, struct parity_error *err)
{
    const struct parity_customization *entry =
        parity_customization_of_service(call->service, PARITY_CUSTOM_SETTINGS);
    char *full;
    int rc;

    *out = false;
    if (!entry)
        return 0;
    full = parity_asprintf("%s.%s", parity_customization_text(entry, "block"), name);
    if (!full)
        return fail_memory(err);
    rc = parity_settings_get_flag(&call->client->settings, full, NULL, false, out, err);
    parity_free(full);
    return rc;
}

static int give_dual_stack(struct parity_call *call, json_t **out, struct parity_error *err)
{
    bool value;

    if (call->endpoint_url)
        return give_flag(out, false);
    if (own_flag(call, "use_dualstack_endpoint", &value, err) < 0)
        return -1;
    if (value)
        return give_flag(out, true);
    return give_setting(call, "use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT", false, out,
                        err);
}

static int give_s3_global(struct parity_call *call, json_t **out, struct parity_error *err)
{
    const char *mode;

    if (parity_settings_get(&call->client->settings, "s3.us_east_1_regional_endpoint",
                            "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", &mode, err) < 0)
        return -1;
    return give_flag(out, strcmp(call->region, "us-east-1") == 0 &&
                              (!mode || strcasecmp(mode, "regional") != 0));
}

static int give_sts_global(struct parity_call *call, json_t **out, struct parity_error *err)
{
    static const char *const legacy_regions[] = {
        "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
        "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
        "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
        "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2"};
    const char *mode;
    bool legacy = false;

    if (parity_settings_get(&call->client->settings, "sts_regional_endpoints",
                            "AWS_STS_REGIONAL_ENDPOINTS", &mode, err) < 0)
        return -1;
    for (size_t i = 0; i < sizeof legacy_regions / sizeof *legacy_regions; i++)
        legacy = legacy || strcmp(call->region, legacy_regions[i]) == 0;
    return give_flag(out, legacy && mode && strcasecmp(mode, "legacy") == 0);
}

static int give_accelerate(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_setting(call, "s3.use_accelerate_endpoint", NULL, false, out, err);
}

static const char *bucket_of(const struct parity_call *call)
{
    return json_string_value(json_object_get(call->input, "Bucket"));
}

/* At an endpoint that is given, paths are the default; elsewhere host names are. */
static int give_path_style(struct parity_call *call, json_t **out, struct parity_error *err)
{
    const char *style, *bucket = bucket_of(call);
    bool accelerate;

    if (parity_settings_get(&call->client->settings, "s3.addressing_style", NULL, &style, err) <
            0 ||
        parity_settings_get_flag(&call->client->settings, "s3.use_accelerate_endpoint", NULL, false,
                                 &accelerate, err) < 0)
        return -1;
    if (parity_customization_of_operation(call->operation, PARITY_CUSTOM_PATH_STYLE))
        return give_flag(out, true);
    if (accelerate || (bucket && strncmp(bucket, "arn:", 4) == 0))
        return give_flag(out, false);
    if (call->options->bucket_place != PARITY_BUCKET_USUAL)
        return give_flag(out, call->options->bucket_place == PARITY_BUCKET_IN_PATH);
    if (call->endpoint_url)
        return give_flag(out, !style || strcmp(style, "virtual") != 0);
    return give_flag(out, style && strcmp(style, "path") == 0);
}

static int give_s3_arn_region(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_setting(call, "s3.use_arn_region", "AWS_S3_USE_ARN_REGION", true, out, err);
}

static int give_s3control_arn_region(struct parity_call *call, json_t **out,
                                     struct parity_error *err)
{
    return give_setting(call, "s3.use_arn_region", "AWS_S3_USE_ARN_REGION", false, out, err);
}

static int give_no_mrap(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_setting(call, "s3.s3_disable_multiregion_access_points",
                        "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", false, out, err);
}

static int give_no_express_auth(struct parity_call *call, json_t **out, struct parity_error *err)
{
    return give_setting(call, "s3_disable_express_session_auth",
                        "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", false, out, err);
}

static int give_account_mode(struct parity_call *call, json_t **out, struct parity_error *err)
{
    const char *mode;

    if (call->options->no_sign)
        return give_text(out, "disabled", err);
    if (parity_settings_get(&call->client->settings, "account_id_endpoint_mode",
                            "AWS_ACCOUNT_ID_ENDPOINT_MODE", &mode, err) < 0)
        return -1;
    return give_text(out, mode ? mode : "preferred", err);
}

static int give_account(struct parity_call *call, json_t **out, struct parity_error *err)
{
    const struct parity_credentials *credentials;

    if (call->options->no_sign)
        return 0;
    if (parity_call_credentials(call, &credentials, call->options->no_signature ? NULL : err) < 0)
        return call->options->no_signature ? 0 : -1;
    return give_text(out, credentials->account_id, err);
}

static const struct builtin {
    const char *name;
    int (*give)(struct parity_call *call, json_t **out, struct parity_error *err);
} builtins[] = {
    {"AWS::Region", give_region},
    {"AWS::UseFIPS", give_fips},
    {"AWS::UseDualStack", give_dual_stack},
    {"SDK::Endpoint", give_endpoint},
    {"AWS::Auth::AccountId", give_account},
    {"AWS::Auth::AccountIdEndpointMode", give_account_mode},
    {"AWS::S3::Accelerate", give_accelerate},
    {"AWS::S3::DisableMultiRegionAccessPoints", give_no_mrap},
    {"AWS::S3::ForcePathStyle", give_path_style},
    {"AWS::S3::UseArnRegion", give_s3_arn_region},
    {"AWS::S3::UseGlobalEndpoint", give_s3_global},
    {"AWS::S3Control::UseArnRegion", give_s3control_arn_region},
    {"AWS::STS::UseGlobalEndpoint", give_sts_global},
    /* A client context parameter, which a setting stands for, too. */
    {"DisableS3ExpressSessionAuth", give_no_express_auth},
};

/* --- parameters ------------------------------------------------------------------------------- */

/* What the operation's model says about parameters, looked up once per call. Borrowed. */
struct context {
    const json_t *fixed, *paths; /* staticContextParams, operationContextParams */
    struct bound {
        const char *parameter;
        json_t *value;
    } bound[8]; /* members of the input; no model has more than three */
    size_t bound_count;
};

static void find_context(const struct parity_call *call, struct context *out)
{
    const struct parity_shape *input = parity_operation_input(call->operation);
    size_t count = input ? parity_shape_member_count(input) : 0;

    out->fixed = parity_operation_trait(call->operation, "staticContextParams");
    out->paths = parity_operation_trait(call->operation, "operationContextParams");
    out->bound_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(input, i);
        const char *parameter = parity_shape_text(member, PARITY_TEXT_CONTEXT_PARAM);
        json_t *value =
            parameter ? json_object_get(call->input, parity_shape_member_name(member)) : NULL;

        if (value && out->bound_count < sizeof out->bound / sizeof *out->bound)
            out->bound[out->bound_count++] = (struct bound){parameter, value};
    }
}

/* `*out` is new; NULL: the model says nothing about this parameter. */
static int context_value(const struct parity_call *call, const struct context *context,
                         const char *parameter, json_t **out, struct parity_error *err)
{
    const char *path;

    *out = json_incref(json_object_get(json_object_get(context->fixed, parameter), "value"));
    for (size_t i = 0; !*out && i < context->bound_count; i++)
        if (strcmp(context->bound[i].parameter, parameter) == 0)
            *out = json_incref(context->bound[i].value);
    path = json_string_value(json_object_get(json_object_get(context->paths, parameter), "path"));
    if (*out || !path)
        return 0;
    return parity_jmespath_search(path, call->input, out, err);
}

static int parameter_value(struct parity_call *call, const struct context *context,
                           const struct parity_endpoint_parameter *parameter, json_t **out,
                           struct parity_error *err)
{
    const char *name = parameter->builtin ? parameter->builtin : parameter->name;

    if (context_value(call, context, parameter->name, out, err) < 0)
        return -1;
    if (*out && json_is_null(*out)) {
        json_decref(*out);
        *out = NULL;
    }
    if (*out)
        return 0;
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return builtins[i].give(call, out, err);
    if (!parameter->builtin)
        return 0;
    parity_fail(err, PARITY_E_INVALID, parity_service_name(call->service),
                "the endpoint rules ask for '%s', which this version does not know",
                parameter->builtin);
    return -1;
}

static int build_parameters(struct parity_call *call, json_t **out, struct parity_error *err)
{
    struct parity_endpoint_parameter parameter;
    struct context context;
    const char *service = parity_service_name(call->service);

    find_context(call, &context);
    *out = json_object();
    if (!*out)
        return fail_memory(err);
    for (size_t i = 0; parity_endpoint_parameter(call->client->models, service, i, &parameter);
         i++) {
        json_t *value;

        if (parameter_value(call, &context, &parameter, &value, err) < 0)
            goto fail;
        if (value && json_object_set_new_nocheck(*out, parameter.name, value) < 0) {
            fail_memory(err);
            goto fail;
        }
    }
    return 0;
fail:
    json_decref(*out);
    *out = NULL;
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
    return fail_memory(err);
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
    struct parity_error reason = {0};
    json_t *params;

    if (build_parameters(call, &params, err) < 0)
        return -1;
    if (recall(call, params)) {
        json_decref(params);
        return 0;
    }
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
            return fail_memory(err);
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
