/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIALS_H
#define PARITY_CLIENT_CREDENTIALS_H

#include "base/error.h"

/** Owned strings; `session_token` and `account_id` may be NULL. Never printed. */
struct parity_credentials {
    char *access_key_id, *secret_access_key, *session_token;
    char *account_id;
};

void parity_credentials_clear(struct parity_credentials *credentials);

struct parity_credentials_options {
    const char *profile; /* `--profile`; NULL: AWS_PROFILE, else "default" */
};

/**
 * Find credentials as AWS SDKs do: a named profile, the environment, the default profile of
 * ~/.aws/credentials and ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE).
 *
 * @param err  PARITY_E_CREDENTIALS names every place that was looked at; PARITY_E_PARSE names a
 * broken line of a file
 * @return 0 or -1
 * @see botocore/credentials.py, create_credential_resolver
 */
int parity_credentials_find(const struct parity_credentials_options *options,
                            struct parity_credentials *out, struct parity_error *err);

/**
 * A setting of the profile in ~/.aws/config ("region", "endpoint_url", "services"'s members as
 * "services.sqs.endpoint_url"). @param out new, NULL if not set. @return 0 or -1 (PARITY_E_PARSE)
 */
int parity_config_profile_setting(const char *profile, const char *setting, char **out,
                                  struct parity_error *err);

#endif
