/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SETTINGS_H
#define PARITY_CLIENT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/**
 * Settings that SDKs take from the environment, then from the profile in ~/.aws/config. Each is
 * looked up once. Zero-initialise, set `profile`, clear.
 */
struct parity_settings {
    const char *profile; /* borrowed; NULL: AWS_PROFILE, else "default" */
    struct parity_setting_entry {
        char *name;  /* owned */
        char *value; /* owned; NULL: not set */
    } * items;
    size_t count, capacity;
};

void parity_settings_clear(struct parity_settings *settings);

/**
 * @param name      in the profile: "region", "s3.use_arn_region", "services.sqs.endpoint_url"
 * @param variable  of the environment; NULL: none. An empty one counts as not set.
 * @param out       borrowed until the settings are cleared; NULL: not set
 * @return 0 or -1 (PARITY_E_PARSE: broken config file)
 */
int parity_settings_get(struct parity_settings *settings, const char *name, const char *variable,
                        const char **out, struct parity_error *err);

/** The same for "true" and "false"; PARITY_E_INVALID for other words. */
int parity_settings_get_flag(struct parity_settings *settings, const char *name,
                             const char *variable, bool preset, bool *out,
                             struct parity_error *err);

/**
 * The endpoint configured for a service: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, then
 * `services.<service>.endpoint_url` and `endpoint_url` of the profile, unless
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS says to leave them alone.
 *
 * @param service_id  `serviceId` of the model ("Simple Email Service v2" spelling, spaces and all)
 * @param out         borrowed; NULL: none
 * @see botocore/configprovider.py, ConfiguredEndpointProvider
 */
int parity_settings_endpoint_url(struct parity_settings *settings, const char *service_id,
                                 const char **out, struct parity_error *err);

#endif
