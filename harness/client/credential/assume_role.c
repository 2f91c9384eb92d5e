/* SPDX-License-Identifier: Apache-2.0 */
/* `role_arn` in a profile, with the keys of `source_profile` or `credential_source`. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/credential/service.h"

/* A profile on the way from the first one along `source_profile`. */
struct visit {
    const char *name;
    const struct visit *before; /* NULL: this is the first one */
};

static int assume(const struct parity_credential_search *search, const struct visit *visit,
                  struct parity_credentials *out, struct parity_error *err);

static const char *value_of(const struct parity_credential_search *search, const char *name)
{
    return parity_aws_profile_value(&search->profile, name);
}

/* With a token file the role is web identity's. */
static bool wants_role(const struct parity_credential_search *search)
{
    return value_of(search, "role_arn") && !value_of(search, "web_identity_token_file");
}

static bool has_keys(const struct parity_credential_search *search)
{
    return value_of(search, "aws_access_key_id") || value_of(search, "aws_secret_access_key");
}

/* --- keys to assume the role with --------------------------------------------------------------
 */

/* Another search within this one. Its notes are cleared by the caller. */
static struct parity_credential_search begin_inner(const struct parity_credential_search *search)
{
    struct parity_credential_search inner = *search;

    memset(&inner.notes, 0, sizeof inner.notes);
    return inner;
}

static int load_named_source(const struct parity_credential_search *search, const char *name,
                             struct parity_credentials *out, struct parity_error *err)
{
    const struct parity_credential_provider *provider = parity_credential_find_source(name);
    struct parity_credential_search inner = begin_inner(search);
    int rc;

    if (!provider)
        return parity_credential_fail(err, NULL,
                                      "credential_source '%s' is none of Environment, EcsContainer "
                                      "and Ec2InstanceMetadata",
                                      name);
    inner.asked_for = true;
    inner.skip_environment = false;
    rc = provider->load(&inner, out, err);
    if (rc == 0)
        rc = parity_credential_fail(err, NULL, "credential_source '%s' has no credentials; %s",
                                    name, inner.notes.data ? inner.notes.data : "");
    parity_buffer_clear(&inner.notes);
    return rc;
}

static bool was_visited(const struct visit *visit, const char *name)
{
    for (; visit; visit = visit->before)
        if (strcmp(visit->name, name) == 0)
            return true;
    return false;
}

/*
 * A profile may be its own source if it has keys: then these are meant. Any other way back to a
 * profile would go round for ever.
 */
static int check_loop(const struct parity_credential_search *source, const struct visit *visit,
                      struct parity_error *err)
{
    struct parity_buffer way = {0};

    if (!was_visited(visit, source->profile_name))
        return 0;
    if (strcmp(source->profile_name, visit->name) == 0 && has_keys(source))
        return 0;
    for (const struct visit *step = visit; step; step = step->before)
        parity_buffer_printf(&way, " <- %s", step->name);
    if (way.failed)
        parity_fail_nomem(err);
    else
        parity_credential_fail(err, NULL, "source_profile goes round in a circle: %s%s",
                               source->profile_name, way.data);
    parity_buffer_clear(&way);
    return -1;
}

static int load_source_profile(const struct parity_credential_search *search,
                               const struct visit *visit, const char *name,
                               struct parity_credentials *out, struct parity_error *err)
{
    struct parity_credential_search inner = begin_inner(search);
    struct visit next = {.name = name, .before = visit};
    int rc;

    inner.profile_name = name;
    inner.skip_environment = true;
    rc = parity_aws_config_profile(search->config, name, &inner.profile);
    if (rc > 0)
        parity_aws_config_fail_profile(search->config, name, err);
    else if (rc < 0)
        parity_fail_nomem(err);
    if (rc != 0 || check_loop(&inner, visit, err) < 0)
        return -1;
    if (wants_role(&inner) && !has_keys(&inner))
        return assume(&inner, &next, out, err);
    rc = parity_credential_ask_profile(&inner, out, err);
    if (rc == 0)
        rc = parity_credential_fail(err, NULL,
                                    "source_profile '%s' has no credentials; looked "
                                    "at %s",
                                    name, inner.notes.data);
    parity_buffer_clear(&inner.notes);
    return rc;
}

/* --- the role ----------------------------------------------------------------------------------
 */

/* What Python's int() takes; botocore leaves out any other duration without a word. */
static bool read_duration(const char *text, long long *out)
{
    char *end;

    *out = strtoll(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    return end > text && !*end;
}

static int set_input(const struct parity_credential_search *search, json_t *input,
                     struct parity_error *err)
{
    const char *duration = value_of(search, "duration_seconds");
    long long seconds;

    if (parity_credential_input_text(input, "ExternalId", value_of(search, "external_id"), err) < 0)
        return -1;
    if (!duration || !read_duration(duration, &seconds))
        return 0;
    if (json_object_set_new(input, "DurationSeconds", json_integer(seconds)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int check_profile(const struct parity_credential_search *search, struct parity_error *err)
{
    const char *profile = value_of(search, "source_profile");
    const char *source = value_of(search, "credential_source");
    const char *mfa = value_of(search, "mfa_serial");

    if (!profile == !source)
        return parity_credential_fail(err, NULL,
                                      "role_arn needs %ssource_profile or "
                                      "credential_source%s",
                                      profile ? "either " : "", profile ? ", not both" : "");
    if (mfa)
        return parity_credential_fail(
            err, NULL,
            "mfa_serial asks for a code of the device %s at each start, which parity cannot do; "
            "put "
            "temporary keys into the environment, for example with 'aws configure "
            "export-credentials --format env'",
            mfa);
    return 0;
}

static int load_source(const struct parity_credential_search *search, const struct visit *visit,
                       struct parity_credentials *out, struct parity_error *err)
{
    const char *source = value_of(search, "credential_source");

    if (source)
        return load_named_source(search, source, out, err);
    return load_source_profile(search, visit, value_of(search, "source_profile"), out, err);
}

static int assume(const struct parity_credential_search *search, const struct visit *visit,
                  struct parity_credentials *out, struct parity_error *err)
{
    struct parity_credentials signer = {0};
    json_t *input = json_object();
    int rc = -1;

    if (!input)
        parity_fail_nomem(err);
    else if (check_profile(search, err) == 0 && load_source(search, visit, &signer, err) > 0 &&
             set_input(search, input, err) == 0)
        rc = parity_credential_assume(search, "assume-role", input, value_of(search, "role_arn"),
                                      value_of(search, "role_session_name"), &signer, out, err);
    if (rc < 0)
        parity_error_add_context(err, "profile '%s'", search->profile_name);
    json_decref(input);
    parity_credentials_clear(&signer);
    return rc;
}

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    const struct visit first = {.name = search->profile_name};

    return wants_role(search) ? assume(search, &first, out, err) : 0;
}

const struct parity_credential_provider parity_credential_assume_role = {.name = "assume-role",
                                                                         .load = load};
