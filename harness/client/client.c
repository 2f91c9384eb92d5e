/* SPDX-License-Identifier: Apache-2.0 */
#include "client/client.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/call.h"
#include "client/customization.h"
#include "client/region.h"
#include "client/validate.h"

/* --- the client ------------------------------------------------------------------------------- */

/* Copies `text` unless it is NULL. */
static int copy(char **out, const char *text, struct parity_error *err)
{
    *out = text ? parity_strdup(text) : NULL;
    return text && !*out ? parity_fail_nomem(err) : 0;
}

static int copy_credentials(struct parity_credentials *out, const struct parity_credentials *from,
                            struct parity_error *err)
{
    if (!from)
        return 0;
    if (copy(&out->access_key_id, from->access_key_id, err) < 0 ||
        copy(&out->secret_access_key, from->secret_access_key, err) < 0 ||
        copy(&out->session_token, from->session_token, err) < 0)
        return -1;
    return copy(&out->account_id, from->account_id, err);
}

static bool environment_names_endpoint(void)
{
    static const char prefix[] = "AWS_ENDPOINT_URL";

    for (char **variable = environ; *variable; variable++)
        if (strncmp(*variable, prefix, sizeof prefix - 1) == 0)
            return true;
    return false;
}

/* There must be a place that calls may go to: this is what keeps a missing option from meaning AWS.
 */
static int check_target(struct parity_client *client, struct parity_error *err)
{
    const char *url, *services;

    if (client->aws || client->endpoint_url || environment_names_endpoint())
        return 0;
    if (parity_settings_get(&client->settings, "endpoint_url", NULL, &url, err) < 0 ||
        parity_settings_get(&client->settings, "services", NULL, &services, err) < 0)
        return -1;
    if (url || services)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL,
                "no target: give an endpoint (--endpoint-url or AWS_ENDPOINT_URL), or set "
                "TEST_TARGET=AWS_CLOUD to call AWS");
    return -1;
}

static int choose_region(struct parity_client *client, const char *given, struct parity_error *err)
{
    const char *variable = getenv("AWS_REGION");

    if (!given && variable && *variable)
        given = variable;
    if (!given &&
        parity_settings_get(&client->settings, "region", "AWS_DEFAULT_REGION", &given, err) < 0)
        return -1;
    if (!given && !client->aws)
        given = "us-east-1";
    if (given)
        return parity_region_check(given, err) < 0 ? -1 : copy(&client->region, given, err);
    parity_fail(err, PARITY_E_USAGE, NULL,
                "no region: give --region or set AWS_REGION, or `region` in ~/.aws/config");
    return -1;
}

struct parity_client *parity_client_new(struct parity_models *models,
                                        const struct parity_target *target,
                                        struct parity_error *err)
{
    struct parity_client *client = parity_calloc(1, sizeof *client);

    if (!client) {
        parity_fail_nomem(err);
        return NULL;
    }
    client->models = models;
    client->aws = target->aws;
    client->hooks = target->hooks;
    client->exchange_body_bytes = target->exchange_body_bytes;
    parity_retry_quota_init(&client->quota);
    if (copy(&client->endpoint_url, target->endpoint_url, err) < 0 ||
        copy(&client->profile, target->profile, err) < 0 ||
        copy_credentials(&client->given, target->credentials, err) < 0)
        goto fail;
    client->settings.profile = client->profile;
    if (check_target(client, err) < 0 || choose_region(client, target->region, err) < 0)
        goto fail;
    client->http = parity_http_new(&target->http, err);
    if (!client->http)
        goto fail;
    return client;
fail:
    parity_client_free(client);
    return NULL;
}

void parity_client_free(struct parity_client *client)
{
    if (!client)
        return;
    parity_http_free(client->http);
    for (size_t i = 0; i < PARITY_ENDPOINT_MEMORIES; i++) {
        json_decref(client->endpoints[i].params);
        json_decref(client->endpoints[i].endpoint);
    }
    for (size_t i = 0; i < PARITY_SESSIONS; i++)
        parity_session_clear(&client->sessions[i]);
    json_decref(client->discovered);
    json_decref(client->bucket_regions);
    json_decref(client->tokens);
    parity_settings_clear(&client->settings);
    parity_credentials_clear(&client->given);
    parity_credential_source_free(client->source);
    parity_free(client->endpoint_url);
    parity_free(client->region);
    parity_free(client->profile);
    parity_free(client);
}

struct parity_models *parity_client_models(struct parity_client *client)
{
    return client->models;
}

const char *parity_client_region(const struct parity_client *client)
{
    return client->region;
}

bool parity_response_is_error(const json_t *response)
{
    const json_t *status;

    if (!json_object_get(response, "Error"))
        return false;
    /* That alone says little: some thirty operations have an output member of that name. */
    status = json_object_get(json_object_get(response, "ResponseMetadata"), "HTTPStatusCode");
    return !status || json_integer_value(status) >= 300;
}

/* --- from input to request -------------------------------------------------------------------- */

static void call_clear(struct parity_call *call)
{
    json_decref(call->input);
    json_decref(call->endpoint);
    parity_wire_request_clear(&call->wire);
    parity_http_request_clear(&call->request);
    parity_buffer_clear(&call->events);
    parity_buffer_clear(&call->file);
    parity_body_file_free(call->body_file);
    parity_call_abandon_saving(call);
    parity_call_clear_discovery(call);
    parity_free(call->bucket_region);
    parity_free(call->signing.region);
}

static int find_operation(struct parity_call *call, const char *service, const char *operation,
                          struct parity_error *err)
{
    const char *protocol = call->options->protocol;

    call->service =
        protocol ? parity_models_service_speaking(call->client->models, service, protocol, err)
                 : parity_models_service(call->client->models, service, err);
    if (!call->service)
        return -1;
    call->operation = parity_service_operation(call->service, operation, err);
    if (!call->operation)
        return -1;
    call->protocol =
        parity_protocol_find(protocol ? protocol : parity_service_protocol(call->service), err);
    return call->protocol ? 0 : -1;
}

/* The input as it is serialised: with what SDKs fill in, and found valid. */
static int complete_input(struct parity_call *call, const json_t *input, struct parity_error *err)
{
    const struct parity_client_hooks *hooks = &call->client->hooks;
    const struct parity_shape *shape = parity_operation_input(call->operation);
    const struct parity_shape *payload = shape ? parity_shape_raw_payload(shape) : NULL;

    if (!json_is_object(input)) {
        parity_fail(err, PARITY_E_INVALID, NULL, "the input of a call must be an object");
        return -1;
    }
    /* Only members of the input itself are changed, so what they hold is shared. */
    call->input = json_copy((json_t *)(uintptr_t)input);
    if (!call->input)
        return parity_fail_nomem(err);
    call->streaming_input = payload && parity_shape_type(payload) == PARITY_SHAPE_BLOB;
    if (parity_call_open_file(call, err) < 0 ||
        parity_protocol_fill_tokens(call->operation, call->input, hooks->random_bytes,
                                    hooks->context, err) < 0 ||
        parity_call_add_checksum_mode(call, err) < 0 || parity_customize_input(call, err) < 0)
        return -1;
    return call->options->no_validate
               ? 0
               : parity_validate_input(call->operation, call->input, call->options->faults, err);
}

/* What the protocol made becomes the request, but for the URL. */
static int take_wire(struct parity_call *call, struct parity_error *err)
{
    call->request.method = parity_strdup(call->wire.method);
    call->request.headers = call->wire.headers;
    call->request.body = call->wire.body;
    memset(&call->wire.headers, 0, sizeof call->wire.headers);
    memset(&call->wire.body, 0, sizeof call->wire.body);
    parity_call_take_file(call);
    if (!call->request.method ||
        parity_headers_set(&call->request.headers, "User-Agent", "parity/" PARITY_VERSION) < 0)
        return parity_fail_nomem(err);
    return 0;
}

/* The operation that tells where the others are answered says which version it is asked for. */
static int add_discovery_header(struct parity_call *call, struct parity_error *err)
{
    const char *version = parity_service_metadata(call->service, "apiVersion");

    if (!json_is_true(parity_operation_trait(call->operation, "endpointoperation")) || !version)
        return 0;
    return parity_headers_set(&call->request.headers, "x-amz-api-version", version) < 0
               ? parity_fail_nomem(err)
               : 0;
}

/* Everything but the signature and what comes after it. */
static int build(struct parity_call *call, const char *service, const char *operation,
                 const json_t *input, struct parity_error *err)
{
    call->region = call->options->region ? call->options->region : call->client->region;
    if (find_operation(call, service, operation, err) < 0 ||
        parity_region_check(call->region, err) < 0)
        return -1;
    if (parity_call_choose_endpoint_url(call, err) < 0 || complete_input(call, input, err) < 0 ||
        parity_call_plan_discovery(call, err) < 0 || parity_call_recall_region(call, err) < 0 ||
        call->protocol->serialize(call->operation, call->input, &call->wire, err) < 0 ||
        take_wire(call, err) < 0 || parity_call_resolve_endpoint(call, err) < 0 ||
        parity_call_choose_auth(call, err) < 0 || add_discovery_header(call, err) < 0 ||
        parity_customize_request(call, err) < 0 || parity_call_prepare_events(call, err) < 0 ||
        parity_call_compress(call, err) < 0)
        return -1;
    return parity_call_add_checksum(call, err);
}

/* Set after signing, as botocore does: the length is the transport's concern. */
static int set_length(struct parity_call *call, struct parity_error *err)
{
    const struct parity_http_request *request = &call->request;
    char length[32];

    if (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0 ||
        strcmp(request->method, "OPTIONS") == 0 ||
        parity_headers_get(&request->headers, "Transfer-Encoding"))
        return 0;
    snprintf(length, sizeof length, "%llu", (unsigned long long)parity_http_body_length(request));
    return parity_headers_set(&call->request.headers, "Content-Length", length) < 0
               ? parity_fail_nomem(err)
               : 0;
}

int parity_call_finish_request(struct parity_call *call, struct parity_error *err)
{
    parity_headers_remove(&call->request.headers, "Content-Length");
    if (!call->options->no_signature && parity_call_sign(call, err) < 0)
        return -1;
    return set_length(call, err);
}

int parity_client_prepare(struct parity_client *client, const char *service, const char *operation,
                          const json_t *input, const struct parity_call_options *options,
                          struct parity_http_request *out, struct parity_error *err)
{
    static const struct parity_call_options none;
    struct parity_call call = {
        .client = client, .options = options ? options : &none, .shown_only = true};
    int rc;

    memset(out, 0, sizeof *out);
    rc = build(&call, service, operation, input, err);
    if (rc == 0)
        rc = parity_call_finish_request(&call, err);
    if (rc == 0) {
        *out = call.request;
        memset(&call.request, 0, sizeof call.request);
    } else {
        parity_error_add_context(err, "%s %s", service, operation);
    }
    call_clear(&call);
    return rc;
}

/* --- calls ---------------------------------------------------- */

static int finish_record(struct parity_call_record *record, struct parity_attempts *attempts,
                         const struct parity_call *call, const json_t *output,
                         struct parity_error *err)
{
    const json_t *error =
        parity_response_is_error(output) ? json_object_get(output, "Error") : NULL;
    const json_t *metadata = json_object_get(output, "ResponseMetadata");
    char origin[256];

    record->protocol = call->protocol ? call->protocol->name : NULL;
    record->attempts = attempts->count;
    record->status_code = attempts->status_code;
    record->duration_s = attempts->duration_s;
    record->exchanges = attempts->exchanges;
    record->in_doubt = attempts->in_doubt;
    if (attempts->count) {
        parity_http_origin(call->request.url, origin, sizeof origin);
        if (copy(&record->endpoint, origin, err) < 0)
            return -1;
    }
    if (copy(&record->error_code, json_string_value(json_object_get(error, "Code")), err) < 0)
        return -1;
    return copy(&record->request_id, json_string_value(json_object_get(metadata, "RequestId")),
                err);
}

int parity_client_call(struct parity_client *client, const char *service, const char *operation,
                       const json_t *input, const struct parity_call_options *options, json_t **out,
                       struct parity_call_record *record, struct parity_error *err)
{
    static const struct parity_call_options none;
    struct parity_call call = {.client = client,
                               .options = options ? options : &none,
                               .findings = record ? &record->findings : NULL};
    struct parity_attempts attempts = {0};
    struct parity_call_record unwanted = {0};
    int rc = -1;

    *out = NULL;
    if (!record)
        record = &unwanted;
    memset(record, 0, sizeof *record);
    if (copy(&record->service, service, err) == 0 &&
        copy(&record->operation, operation, err) == 0 &&
        build(&call, service, operation, input, err) == 0)
        rc = parity_call_send(&call, &attempts, out, err);
    if (finish_record(record, &attempts, &call, *out, err) < 0)
        rc = -1;
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
        parity_error_add_context(err, "%s %s", service, operation);
    }
    parity_call_record_clear(&unwanted);
    call_clear(&call);
    return rc;
}

int parity_client_credentials(struct parity_client *client, const struct parity_credentials **out,
                              struct parity_error *err)
{
    static const struct parity_call_options none;
    struct parity_call call = {.client = client, .options = &none};

    return parity_call_credentials(&call, out, err) == 0 ? 0 : -1;
}

void parity_call_record_clear(struct parity_call_record *record)
{
    parity_free(record->service);
    parity_free(record->operation);
    parity_free(record->error_code);
    parity_free(record->request_id);
    parity_free(record->endpoint);
    json_decref(record->exchanges);
    parity_findings_clear(&record->findings);
    memset(record, 0, sizeof *record);
}
