/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buckets of another region: the answer says so, more or less clearly, and SDKs then send the call
 * there, once. @see botocore/utils.py, S3RegionRedirectorv2
 */
#include <string.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/customization.h"
#include "client/region.h"
#include "client/uri.h"

static const struct parity_customization *rule_of(const struct parity_call *call)
{
    return parity_customization_of_service(call->service, PARITY_CUSTOM_FOLLOW_REGION);
}

/* The bucket whose region matters; NULL: the service has none, or it is an ARN with its region. */
static const char *bucket_of(const struct parity_call *call)
{
    const struct parity_customization *rule = rule_of(call);
    const char *bucket = rule ? json_string_value(json_object_get(
                                    call->input, parity_customization_text(rule, "member")))
                              : NULL;

    return bucket && strncmp(bucket, "arn:", 4) != 0 ? bucket : NULL;
}

/* A copy: a call that is made meanwhile may find the bucket somewhere else. */
int parity_call_recall_region(struct parity_call *call, struct parity_error *err)
{
    const char *bucket = bucket_of(call);
    const char *region =
        bucket ? json_string_value(json_object_get(call->client->bucket_regions, bucket)) : NULL;

    if (!region)
        return 0;
    parity_free(call->bucket_region);
    call->region = call->bucket_region = parity_strdup(region);
    return call->region ? 0 : parity_fail_nomem(err);
}

/* --- what an answer says ---------------------------------------------------------------------- */

static bool is_silent_redirect(const struct parity_call *call,
                               const struct parity_http_response *response)
{
    const struct parity_customization *entry =
        parity_customization_of_operation(call->operation, PARITY_CUSTOM_SILENT_REDIRECT);
    const char *header;

    if (!entry || (response->status_code != 301 && response->status_code != 400))
        return false;
    header = parity_customization_text(entry, "header");
    return !header || parity_headers_get(&response->headers, header);
}

static bool is_elsewhere(const struct parity_call *call,
                         const struct parity_http_response *response, const json_t *error)
{
    const char *code = json_string_value(json_object_get(error, "Code"));
    int status = response->status_code;

    if (status == 301 || status == 302 || status == 307 || is_silent_redirect(call, response))
        return true;
    if (!code)
        return false;
    if (strcmp(code, "AuthorizationHeaderMalformed") == 0)
        return json_object_get(error, "Region") != NULL;
    if (strcmp(code, "IllegalLocationConstraintException") == 0)
        return !parity_customization_of_operation(call->operation, PARITY_CUSTOM_CHOOSE_REGION);
    return strcmp(code, "PermanentRedirect") == 0;
}

/* --- where it is ------------------------------------------------------------------------------ */

/* Asks the operation that tells it. `*out` is new; NULL: unknown. That the question fails is no
 * failure of the call. */
static int ask(struct parity_call *call, char **out, struct parity_error *err)
{
    const struct parity_customization *rule = rule_of(call);
    const char *operation = parity_customization_text(rule, "ask"), *region;
    json_t *input, *answer = NULL;
    int rc = 0;

    if (strcmp(operation, parity_operation_name(call->operation)) == 0)
        return 0; /* this was the question */
    input = json_pack("{s:s}", parity_customization_text(rule, "member"), bucket_of(call));
    if (!input)
        return parity_fail_nomem(err);
    (void)parity_client_call(call->client, parity_service_name(call->service), operation, input,
                             call->options, &answer, NULL, NULL);
    region = json_string_value(
        json_object_get(json_object_get(json_object_get(answer, "ResponseMetadata"), "HTTPHeaders"),
                        parity_customization_text(rule, "header")));
    if (region && !(*out = parity_strdup(region)))
        rc = parity_fail_nomem(err);
    json_decref(answer);
    json_decref(input);
    return rc;
}

static int find_region(struct parity_call *call, const struct parity_http_response *response,
                       const json_t *error, char **out, struct parity_error *err)
{
    const char *region =
        parity_headers_get(&response->headers, parity_customization_text(rule_of(call), "header"));

    *out = NULL;
    if (!region)
        region = json_string_value(json_object_get(error, "Region"));
    if (!region)
        return ask(call, out, err);
    *out = parity_strdup(region);
    return *out ? 0 : parity_fail_nomem(err);
}

/* --- going there ------------------------------------------------------------------------------ */

static int remember(struct parity_call *call, const char *bucket, const char *region,
                    struct parity_error *err)
{
    struct parity_client *client = call->client;

    if (!client->bucket_regions && !(client->bucket_regions = json_object()))
        return parity_fail_nomem(err);
    if (json_object_set_new(client->bucket_regions, bucket, json_string(region)) < 0)
        return parity_fail_nomem(err);
    return parity_call_recall_region(call, err);
}

static int aim_again(struct parity_call *call, struct parity_error *err)
{
    parity_free(call->request.url);
    call->request.url = NULL;
    json_decref(call->endpoint);
    call->endpoint = NULL;
    if (parity_call_resolve_endpoint(call, err) < 0)
        return -1;
    return parity_call_choose_auth(call, err);
}

int parity_call_follow_region(struct parity_call *call, const struct parity_http_response *response,
                              const json_t *output, struct parity_error *err)
{
    const json_t *error = json_object_get(output, "Error");
    const char *bucket = bucket_of(call);
    char *region;
    int rc = 0;

    if (!bucket || call->redirected || !parity_response_is_error(output) ||
        !is_elsewhere(call, response, error))
        return 0;
    call->redirected = true;
    if (find_region(call, response, error, &region, err) < 0)
        return -1;
    if (region && parity_region_is_valid(region) && strcmp(region, call->region) != 0)
        rc = remember(call, bucket, region, err) < 0 || aim_again(call, err) < 0 ? -1 : 1;
    parity_free(region);
    return rc;
}
