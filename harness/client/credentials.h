/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIALS_H
#define PARITY_CLIENT_CREDENTIALS_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"

/** Owned strings; `session_token` and `account_id` may be NULL. Never printed. */
struct parity_credentials {
    char *access_key_id, *secret_access_key, *session_token;
    char *account_id;
    time_t expires_at; /* seconds since 1970, UTC; 0: never */
};

/** Wipes the secrets. */
void parity_credentials_clear(struct parity_credentials *credentials);

struct parity_credentials_options {
    const char *profile; /* `--profile`; NULL: AWS_DEFAULT_PROFILE, AWS_PROFILE, else "default" */
    time_t (*now)(void); /* NULL: the clock */
};

/**
 * Find credentials as AWS SDKs do: a named profile, the environment, the default profile of
 * ~/.aws/credentials and ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE).
 *
 * A profile that is named by `options` or by the environment has to exist. The environment's keys
 * come before a profile, unless `options` names that. A profile's `credential_process` is run, with
 * this process's standard input and standard error.
 *
 * Sources that need the network (assumed roles, web identity, SSO, container endpoints) are refused
 * by name where a profile or the environment asks for them; nothing is used in their place.
 *
 * @param err  PARITY_E_CREDENTIALS names every place that was looked at, or the setting that is
 * missing; PARITY_E_PARSE names a broken line of a file
 * @return 0 or -1; on failure `out` is empty
 * @see botocore/credentials.py, create_credential_resolver
 */
int parity_credentials_find(const struct parity_credentials_options *options,
                            struct parity_credentials *out, struct parity_error *err);

/**
 * Whether credentials are to be found anew before they are used: they expire in less than
 * 10 minutes. @see botocore/credentials.py, _DEFAULT_MANDATORY_REFRESH_TIMEOUT
 */
bool parity_credentials_must_refresh(const struct parity_credentials *credentials, time_t now);

/**
 * A setting of the profile in ~/.aws/config ("region", "endpoint_url"; "s3.addressing_style" of a
 * nested block; "services.sqs.endpoint_url" of the section that the profile's `services` names).
 * The credentials file's, where it has one, comes first.
 *
 * @param profile  as in the options above
 * @param out      new; NULL if not set
 * @return 0 or -1 (PARITY_E_PARSE; PARITY_E_CREDENTIALS: no such profile; PARITY_E_INVALID: no such
 * section)
 * @see botocore/session.py, get_scoped_config
 */
int parity_config_profile_setting(const char *profile, const char *setting, char **out,
                                  struct parity_error *err);

#endif
