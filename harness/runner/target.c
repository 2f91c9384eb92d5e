/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/suggest.h"
#include "client/endpoint.h"
#include "client/region.h"
#include "client/uri.h"

/* A variable of the environment that is set and not empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

static const char *variable_or(const char *name, const char *otherwise)
{
    const char *value = variable(name);

    return value ? value : otherwise;
}

bool parity_run_target_is_aws(void)
{
    const char *target = variable("TEST_TARGET");

    return target && strcmp(target, "AWS_CLOUD") == 0;
}

/* Steals none of the texts. */
static int set_credentials(struct parity_credentials *out, const char *access_key_id,
                           const char *secret_access_key, const char *session_token,
                           struct parity_error *err)
{
    out->access_key_id = parity_strdup(access_key_id);
    out->secret_access_key = parity_strdup(secret_access_key);
    out->session_token = session_token ? parity_strdup(session_token) : NULL;
    if (!out->access_key_id || !out->secret_access_key || (session_token && !out->session_token)) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int set_region(struct parity_run_target *target, const char *region,
                      struct parity_error *err)
{
    if (parity_region_check(region, err) < 0)
        return -1;
    target->region = parity_strdup(region);
    target->client.region = target->region;
    if (!target->region)
        parity_fail_nomem(err);
    return target->region ? 0 : -1;
}

/* --- AWS ---------------------------------------------------------------------------------------
 */

static int find_aws_region(const struct parity_run_target_options *options,
                           struct parity_run_target *out, struct parity_error *err)
{
    const char *region = options->region;
    char *of_profile = NULL;
    int rc;

    if (!region)
        region = variable_or("AWS_REGION", variable("AWS_DEFAULT_REGION"));
    if (!region) {
        if (parity_config_profile_setting(NULL, "region", &of_profile, err) < 0)
            return -1;
        region = of_profile ? of_profile : options->project->region;
    }
    if (region) {
        rc = set_region(out, region, err);
    } else {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL,
                    "no region; set AWS_REGION, give --region, or put \"region\" into parity.json");
        rc = -1;
    }
    parity_free(of_profile);
    return rc;
}

static int secondary_profile(const struct parity_project *project, const char **out,
                             struct parity_error *err)
{
    const json_t *secondary = json_object_get(project->accounts, "secondary");
    const json_t *profile = json_object_get(secondary, "profile");

    *out = variable("SECONDARY_TEST_AWS_PROFILE");
    if (*out || !secondary)
        return 0;
    if (!json_is_string(profile) || json_object_size(secondary) != 1) {
        parity_fail(err, PARITY_E_INVALID, project->file,
                    "\"accounts\": \"secondary\" must be {\"profile\": \"<name>\"}");
        return -1;
    }
    *out = json_string_value(profile);
    return 0;
}

/* As any call would find them, roles and instance metadata included: with a client of its own,
 * since that may take calls. */
static int find_credentials(const struct parity_run_target_options *options, const char *profile,
                            const struct parity_run_target *target, struct parity_credentials *out,
                            struct parity_error *err)
{
    const struct parity_target as = {.aws = true,
                                     .endpoint_url = target->endpoint_url,
                                     .region = target->region,
                                     .profile = profile,
                                     .http = target->client.http};
    struct parity_client *client = parity_client_new(options->models, &as, err);
    const struct parity_credentials *found;
    int rc = -1;

    if (client && parity_client_credentials(client, &found, err) == 0) {
        rc = set_credentials(out, found->access_key_id, found->secret_access_key,
                             found->session_token, err);
        out->expires_at = found->expires_at;
    }
    parity_client_free(client);
    return rc;
}

static int find_aws_secondary(const struct parity_run_target_options *options,
                              struct parity_run_target *out, struct parity_error *err)
{
    const char *key = variable("SECONDARY_TEST_AWS_ACCESS_KEY_ID");
    const char *secret = variable("SECONDARY_TEST_AWS_SECRET_ACCESS_KEY");
    const char *profile = NULL;

    if (secondary_profile(options->project, &profile, err) < 0)
        return -1;
    out->secondary_region = variable_or("SECONDARY_TEST_AWS_REGION_NAME", "ap-southeast-1");
    out->has_secondary = profile || (key && secret);
    if (profile)
        return find_credentials(options, profile, out, &out->secondary_credentials, err);
    if (!out->has_secondary)
        return 0;
    return set_credentials(&out->secondary_credentials, key, secret,
                           variable("SECONDARY_TEST_AWS_SESSION_TOKEN"), err);
}

static int open_aws(const struct parity_run_target_options *options, struct parity_run_target *out,
                    struct parity_error *err)
{
    const char *endpoint_url = variable("AWS_ENDPOINT_URL");

    if (options->endpoint_url || options->emulator) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "TEST_TARGET=AWS_CLOUD and %s contradict each other; unset one of them",
                    options->endpoint_url ? "--endpoint-url" : "--emulator");
        return -1;
    }
    out->client.aws = true;
    out->provenance = parity_strdup("aws");
    out->endpoint_url = endpoint_url ? parity_strdup(endpoint_url) : NULL;
    if (!out->provenance || (endpoint_url && !out->endpoint_url)) {
        parity_fail_nomem(err);
        return -1;
    }
    if (find_aws_region(options, out, err) < 0)
        return -1;
    if (find_credentials(options, NULL, out, &out->primary_credentials, err) < 0)
        return -1;
    return find_aws_secondary(options, out, err);
}

/* --- emulators ---------------------------------------------------------------------------------
 */

static const json_t *find_entry(const struct parity_project *project, const char *name,
                                struct parity_error *err)
{
    const json_t *entry = json_object_get(project->emulators, name);
    json_t *all = (json_t *)(uintptr_t)project->emulators; /* jansson iterates without const */
    const char *nearest = NULL;

    if (entry)
        return entry;
    for (void *i = json_object_iter(all); i; i = json_object_iter_next(all, i))
        nearest = parity_suggest(name, nearest, json_object_iter_key(i));
    parity_fail(err, PARITY_E_NOT_FOUND, project->file ? project->file : "parity.json",
                "no emulator \"%s\" in \"emulators\"%s%s%s", name,
                nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    return NULL;
}

/* Which emulator, by the order that the header gives. */
static int choose_emulator(const struct parity_run_target_options *options,
                           struct parity_emulator_options *out, struct parity_error *err)
{
    out->project = options->project->folder;
    out->name = options->emulator;
    out->endpoint_url = options->endpoint_url;
    if (!out->name && !out->endpoint_url)
        out->endpoint_url = variable_or("TEST_AWS_ENDPOINT_URL", variable("AWS_ENDPOINT_URL"));
    if (!out->name && !out->endpoint_url)
        out->name = options->project->emulator;
    if (!out->name && !out->endpoint_url) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL,
                    "no target: name an emulator with --emulator or \"emulator\" in parity.json, "
                    "give its URL with --endpoint-url or AWS_ENDPOINT_URL, or set "
                    "TEST_TARGET=AWS_CLOUD to run against AWS");
        return -1;
    }
    if (out->name &&
        !(out->endpoint_url && !json_object_get(options->project->emulators, out->name)))
        out->entry = find_entry(options->project, out->name, err);
    if (out->name && !out->entry && !out->endpoint_url)
        return -1;
    return 0;
}

/* Even the question whether it is ready would be a request to AWS. */
static int check_not_aws(const struct parity_run_target_options *options,
                         const struct parity_emulator_options *emulator, struct parity_error *err)
{
    const char *url = emulator->endpoint_url;
    struct parity_error ignored = {0};
    struct parity_uri uri;

    if (!url)
        url = json_string_value(json_object_get(emulator->entry, "endpoint_url"));
    /* What is no URL is refused where it is used. */
    if (!url || parity_uri_split(url, &uri, &ignored) < 0 ||
        !parity_endpoint_is_aws(options->models, uri.authority, parity_uri_host_length(&uri)))
        return 0;
    parity_fail(err, PARITY_E_USAGE, url,
                "this is AWS, not an emulator; a run against AWS takes TEST_TARGET=AWS_CLOUD");
    return -1;
}

static int find_emulator_identity(const struct parity_emulator_info *info,
                                  struct parity_run_target *out, struct parity_error *err)
{
    const char *key = variable("TEST_AWS_ACCESS_KEY_ID");
    const char *secret = variable("TEST_AWS_SECRET_ACCESS_KEY");
    const char *token = NULL;

    if (!key && variable("AWS_ACCESS_KEY_ID")) {
        key = variable("AWS_ACCESS_KEY_ID");
        secret = variable("AWS_SECRET_ACCESS_KEY");
        token = variable("AWS_SESSION_TOKEN");
    }
    if (!key && info->access_key_id) {
        key = info->access_key_id;
        secret = info->secret_access_key;
        token = info->session_token;
    }
    if (set_credentials(&out->primary_credentials, key ? key : "test", secret ? secret : "test",
                        token, err) < 0)
        return -1;
    out->account_id = variable_or("TEST_AWS_ACCOUNT_ID", info->account_id);
    out->has_secondary = true;
    out->secondary_region = variable_or("SECONDARY_TEST_AWS_REGION_NAME", "ap-southeast-1");
    out->secondary_account_id = variable_or("SECONDARY_TEST_AWS_ACCOUNT_ID", "000000000002");
    return set_credentials(&out->secondary_credentials,
                           variable_or("SECONDARY_TEST_AWS_ACCESS_KEY_ID", "000000000002"),
                           variable_or("SECONDARY_TEST_AWS_SECRET_ACCESS_KEY", "test2"),
                           variable("SECONDARY_TEST_AWS_SESSION_TOKEN"), err);
}

static const char *emulator_region(const struct parity_run_target_options *options,
                                   const struct parity_emulator_info *info)
{
    const char *region = options->region;

    if (!region)
        region = variable_or("TEST_AWS_REGION_NAME", variable("TEST_AWS_REGION"));
    if (!region)
        region = variable_or("AWS_REGION", variable("AWS_DEFAULT_REGION"));
    if (!region)
        region = options->project->region ? options->project->region : info->region;
    return region ? region : "us-east-1";
}

static int open_emulator(const struct parity_run_target_options *options,
                         struct parity_run_target *out, struct parity_error *err)
{
    struct parity_emulator_options emulator = {0};
    const struct parity_emulator_info *info;
    bool named;

    if (choose_emulator(options, &emulator, err) < 0 || check_not_aws(options, &emulator, err) < 0)
        return -1;
    named = emulator.name != NULL;
    if (!named)
        emulator.name = "unnamed emulator";
    out->emulator = parity_emulator_start(&emulator, err);
    if (!out->emulator)
        return -1;
    info = parity_emulator_info(out->emulator);
    out->emulator_name = named ? info->name : NULL;
    out->emulator_version = info->version;
    out->provenance = parity_strdup(parity_emulator_target(out->emulator));
    out->endpoint_url = parity_strdup(info->endpoint_url);
    if (!out->provenance || !out->endpoint_url) {
        parity_fail_nomem(err);
        return -1;
    }
    if (set_region(out, emulator_region(options, info), err) < 0)
        return -1;
    return find_emulator_identity(info, out, err);
}

/* --- both --------------------------------------------------------------------------------------
 */

int parity_run_target_open(const struct parity_run_target_options *options,
                           struct parity_run_target *out, struct parity_error *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    out->client.http.connect_to = options->connect_to;
    rc =
        parity_run_target_is_aws() ? open_aws(options, out, err) : open_emulator(options, out, err);
    out->client.endpoint_url = out->endpoint_url;
    /* Those that expire are found by each worker, which then renews them in time. */
    if (out->primary_credentials.expires_at == 0)
        out->client.credentials = &out->primary_credentials;
    return rc;
}

void parity_run_target_clear(struct parity_run_target *target)
{
    parity_emulator_stop(target->emulator);
    parity_credentials_clear(&target->primary_credentials);
    parity_credentials_clear(&target->secondary_credentials);
    parity_free(target->provenance);
    parity_free(target->region);
    parity_free(target->endpoint_url);
    memset(target, 0, sizeof *target);
}
