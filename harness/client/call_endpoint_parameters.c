/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of an endpoint rule set, as botocore builds them from operation, input and
 * settings.
 */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/customization.h"
#include "client/endpoint.h"
#include "client/jmespath.h"

/* --- builtins --------------------------------------------------------------------------------- */

static int give_flag(json_t **out, bool value)
{
    *out = json_boolean(value);
    return 0;
}

static int give_text(json_t **out, const char *text, struct parity_error *err)
{
    *out = text ? json_string(text) : NULL;
    return text && !*out ? parity_fail_nomem(err) : 0;
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
        return parity_fail_nomem(err);
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

int parity_call_endpoint_parameters(struct parity_call *call, json_t **out,
                                    struct parity_error *err)
{
    struct parity_endpoint_parameter parameter;
    struct context context;
    const char *service = parity_service_name(call->service);

    find_context(call, &context);
    *out = json_object();
    if (!*out)
        return parity_fail_nomem(err);
    for (size_t i = 0; parity_endpoint_parameter(call->client->models, service, i, &parameter);
         i++) {
        json_t *value;

        if (parameter_value(call, &context, &parameter, &value, err) < 0)
            goto fail;
        if (value && json_object_set_new_nocheck(*out, parameter.name, value) < 0) {
            parity_fail_nomem(err);
            goto fail;
        }
    }
    return 0;
fail:
    json_decref(*out);
    *out = NULL;
    return -1;
}
