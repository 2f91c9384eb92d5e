/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services that tell where their operations are answered: one of their operations is asked first,
 * and its answer used as long as it says. Which operations these are stands in the model
 * (`endpointoperation`, `endpointdiscovery`). An endpoint that is given is used as it is.
 * @see botocore/discovery.py
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/call.h"
#include "client/uri.h"

enum { FAILURE_S = 60 }; /* for so long a failed question is not asked again */

/* --- whether to ask --------------------------------------------------------------------------- */

enum mode { NEVER, WHERE_REQUIRED, ALWAYS };

/* `auto` (the default) asks where an operation requires it. */
static int read_mode(struct parity_call *call, enum mode *out, struct parity_error *err)
{
    static const char name[] = "endpoint_discovery_enabled";
    struct parity_settings *settings = &call->client->settings;
    const char *text;

    /* The first is the name in the SDKs' reference guide, the second botocore's. */
    if (parity_settings_get(settings, name, "AWS_ENABLE_ENDPOINT_DISCOVERY", &text, err) < 0)
        return -1;
    if (!getenv("AWS_ENABLE_ENDPOINT_DISCOVERY") && getenv("AWS_ENDPOINT_DISCOVERY_ENABLED"))
        text = getenv("AWS_ENDPOINT_DISCOVERY_ENABLED");
    if (!text || strcasecmp(text, "auto") == 0)
        *out = WHERE_REQUIRED;
    else if (strcasecmp(text, "true") == 0)
        *out = ALWAYS;
    else if (strcasecmp(text, "false") == 0)
        *out = NEVER;
    else {
        parity_fail(err, PARITY_E_INVALID, name, "'%.40s' is neither auto nor true nor false",
                    text);
        return -1;
    }
    return 0;
}

/* The operation that tells; NULL: the service has none. */
static const struct parity_operation *telling_operation(const struct parity_call *call)
{
    size_t count = parity_service_operation_count(call->service);

    for (size_t i = 0; i < count; i++) {
        const struct parity_operation *operation = parity_service_operation_at(call->service, i);

        if (json_is_true(parity_operation_trait(operation, "endpointoperation")))
            return operation;
    }
    return NULL;
}

/* What of the input says whose endpoint is wanted, by the names of the members. */
static int gather(const struct parity_shape *shape, const json_t *input, json_t *ids)
{
    size_t count = shape ? parity_shape_member_count(shape) : 0;

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        json_t *value = json_object_get(input, parity_shape_member_name(member));

        if (!value)
            continue;
        if (parity_shape_has(member, PARITY_TRAIT_DISCOVERY_ID)) {
            if (json_object_set(ids, parity_shape_member_name(member), value) < 0)
                return -1;
        } else if (parity_shape_type(member) == PARITY_SHAPE_STRUCTURE &&
                   gather(member, value, ids) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The question: operation and identifiers, if there are any and it takes them. New, or NULL. */
static json_t *make_question(const struct parity_call *call, const struct parity_operation *telling)
{
    const struct parity_shape *shape = parity_operation_input(telling);
    json_t *question = json_object(), *ids = json_object();
    int rc = ids ? gather(parity_operation_input(call->operation), call->input, ids) : -1;

    if (rc == 0 && json_object_size(ids) > 0 && shape) {
        if (parity_shape_member(shape, "Operation"))
            rc = json_object_set_new(question, "Operation",
                                     json_string(parity_operation_name(call->operation)));
        if (rc == 0 && parity_shape_member(shape, "Identifiers"))
            rc = json_object_set(question, "Identifiers", ids);
    }
    json_decref(ids);
    if (rc == 0)
        return question;
    json_decref(question);
    return NULL;
}

int parity_call_plan_discovery(struct parity_call *call, struct parity_error *err)
{
    const json_t *trait = parity_operation_trait(call->operation, "endpointdiscovery");
    const struct parity_operation *telling;
    struct parity_discovery *plan = &call->discovery;
    enum mode mode;

    if (!trait || call->endpoint_url || !(telling = telling_operation(call)))
        return 0;
    if (read_mode(call, &mode, err) < 0)
        return -1;
    plan->required = json_is_true(json_object_get(trait, "required"));
    if (mode == NEVER && plan->required) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "the endpoint has to be asked for (%s), which the setting "
                    "endpoint_discovery_enabled forbids",
                    parity_operation_name(telling));
        return -1;
    }
    if (mode == NEVER || (mode == WHERE_REQUIRED && !plan->required))
        return 0;
    plan->operation = parity_operation_name(telling);
    plan->question = make_question(call, telling);
    return plan->question ? 0 : parity_fail_nomem(err);
}

void parity_call_clear_discovery(struct parity_call *call)
{
    json_decref(call->discovery.question);
    parity_free(call->discovery.url);
    memset(&call->discovery, 0, sizeof call->discovery);
}

/* --- what is known ---------------------------------------------------------------------------- */

/* Answers are kept by what was asked, where, and as whom. New; NULL when out of memory. */
static char *key_of(struct parity_call *call)
{
    const struct parity_credentials *credentials = NULL;
    struct parity_buffer text = {0};

    if (!call->options->no_sign)
        (void)parity_call_credentials(call, &credentials, NULL);
    parity_buffer_printf(&text, "%s %s %s ", parity_service_name(call->service), call->region,
                         credentials && credentials->access_key_id ? credentials->access_key_id
                                                                   : "-");
    parity_json_write(&text, call->discovery.question, PARITY_JSON_COMPACT);
    if (!text.failed)
        return parity_buffer_take(&text);
    parity_buffer_clear(&text);
    return NULL;
}

/* {"endpoints": [{"Address", "expires"}], "failed_until"}; borrowed; NULL when out of memory. */
static json_t *known(struct parity_client *client, const char *key)
{
    json_t *entry;

    if (!client->discovered && !(client->discovered = json_object()))
        return NULL;
    entry = json_object_get(client->discovered, key);
    if (entry)
        return entry;
    entry = json_object();
    return json_object_set_new(client->discovered, key, entry) < 0 ? NULL : entry;
}

/* The first address that is still good, or the first at all; NULL: none. */
static const char *address_of(const json_t *entry, time_t now, bool stale_too)
{
    const json_t *endpoint;
    size_t i;

    json_array_foreach(json_object_get(entry, "endpoints"), i, endpoint)
        if (stale_too || json_integer_value(json_object_get(endpoint, "expires")) > now)
            return json_string_value(json_object_get(endpoint, "Address"));
    return NULL;
}

static bool has_failed_lately(const json_t *entry, time_t now)
{
    return json_integer_value(json_object_get(entry, "failed_until")) > now;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int keep(json_t *entry, const json_t *answer, time_t now, struct parity_error *err)
{
    json_t *endpoints = json_array();
    const json_t *endpoint;
    size_t i;

    json_array_foreach(json_object_get(answer, "Endpoints"), i, endpoint) {
        const char *address = json_string_value(json_object_get(endpoint, "Address"));
        json_int_t minutes = json_integer_value(json_object_get(endpoint, "CachePeriodInMinutes"));

        if (address &&
            json_array_append_new(endpoints, json_pack("{s:s, s:I}", "Address", address, "expires",
                                                       now + 60 * minutes)) < 0) {
            json_decref(endpoints);
            return parity_fail_nomem(err);
        }
    }
    (void)json_object_del(entry, "failed_until");
    return json_object_set_new(entry, "endpoints", endpoints) < 0 ? parity_fail_nomem(err) : 0;
}

/* That nobody answers is noted, and no failure yet. */
static int note_failure(json_t *entry, time_t now, const struct parity_error *why,
                        struct parity_error *err)
{
    if (why->code == PARITY_E_NETWORK || why->code == PARITY_E_RESPONSE)
        return json_object_set_new(entry, "failed_until", json_integer(now + FAILURE_S)) < 0
                   ? parity_fail_nomem(err)
                   : 0;
    if (err && err->code == PARITY_OK)
        *err = *why;
    return -1;
}

static int ask(struct parity_call *call, json_t *entry, time_t now, struct parity_error *err)
{
    struct parity_call_options options = {.region = call->options->region,
                                          .protocol = call->options->protocol,
                                          .credentials = call->options->credentials,
                                          .no_sign = call->options->no_sign,
                                          .max_attempts = call->options->max_attempts};
    struct parity_error why = {0};
    json_t *answer;
    int rc;

    if (parity_client_call(call->client, parity_service_name(call->service),
                           call->discovery.operation, call->discovery.question, &options, &answer,
                           NULL, &why) < 0)
        return note_failure(entry, now, &why, err);
    if (parity_response_is_error(answer)) {
        const json_t *error = json_object_get(answer, "Error");
        const char *code = json_string_value(json_object_get(error, "Code")),
                   *message = json_string_value(json_object_get(error, "Message"));

        parity_fail(err, PARITY_E_ENVIRONMENT, call->discovery.operation,
                    "the service does not tell its endpoint: %.60s: %.120s", code ? code : "?",
                    message ? message : "");
        rc = -1;
    } else {
        rc = keep(entry, answer, now, err);
    }
    json_decref(answer);
    return rc;
}

/* `*address` borrowed; NULL: that of the rules. */
static int find_address(struct parity_call *call, json_t *entry, const char **address,
                        struct parity_error *err)
{
    time_t now = parity_call_time(call->client);
    bool failed = has_failed_lately(entry, now);

    *address = address_of(entry, now, false);
    if (*address)
        return 0;
    /* Stale ones do while nobody answers; what is required and has none is asked for every time. */
    if (!failed || (call->discovery.required && !address_of(entry, now, true)))
        if (ask(call, entry, now, err) < 0)
            return -1;
    *address = address_of(entry, now, true);
    if (*address || !call->discovery.required)
        return 0;
    parity_fail(err, PARITY_E_NETWORK, call->discovery.operation,
                "the endpoint has to be asked for, and nobody answers");
    return -1;
}

/* --- the request ------------------------------------------------------------------------------ */

/* The address may be a host or begin with a scheme. */
static int aim(struct parity_call *call, const char *address, struct parity_error *err)
{
    const char *own = call->discovery.url;
    size_t length = address ? strlen(address) : 0;
    struct parity_uri uri;
    char *url;

    if (parity_uri_split(own, &uri, err) < 0)
        return -1;
    while (length > 0 && address[length - 1] == '/')
        length--;
    url = address ? parity_asprintf("%s%.*s%s", strncmp(address, "http", 4) == 0 ? "" : "https://",
                                    (int)length, address, uri.path)
                  : parity_strdup(own);
    if (!url)
        return parity_fail_nomem(err);
    parity_free(call->request.url);
    call->request.url = url;
    return 0;
}

int parity_call_discover_endpoint(struct parity_call *call, struct parity_error *err)
{
    struct parity_discovery *plan = &call->discovery;
    const char *address;
    char *key;
    json_t *entry;
    int rc;

    if (!plan->operation || call->shown_only)
        return 0;
    if (!plan->url && !(plan->url = parity_strdup(call->request.url)))
        return parity_fail_nomem(err);
    key = key_of(call);
    entry = key ? known(call->client, key) : NULL;
    parity_free(key);
    if (!entry)
        return parity_fail_nomem(err);
    rc = find_address(call, entry, &address, err);
    return rc == 0 ? aim(call, address, err) : -1;
}

bool parity_call_forget_endpoint(struct parity_call *call,
                                 const struct parity_http_response *response, const char *code)
{
    char *key;

    if (!call->discovery.operation ||
        (response->status_code != 421 && !(code && strcmp(code, "InvalidEndpointException") == 0)))
        return false;
    key = key_of(call);
    if (key)
        (void)json_object_del(call->client->discovered, key);
    parity_free(key);
    return key != NULL;
}
