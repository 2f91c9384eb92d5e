/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_AWS_CONFIG_H
#define PARITY_CLIENT_AWS_CONFIG_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/ini.h"

/** One of the two files; absent or unreadable ones are empty. */
struct parity_aws_config_file {
    char *path; /* owned; `~` and `$NAME` expanded */
    struct parity_ini ini;
    int error; /* errno of opening it; 0: it was read */
};

/** ~/.aws/config and ~/.aws/credentials as read. Zero-initialise, load, clear. */
struct parity_aws_config {
    struct parity_aws_config_file config, credentials;
};

void parity_aws_config_clear(struct parity_aws_config *config);

/**
 * Read both files, from where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say.
 *
 * @param err  PARITY_E_PARSE names the broken line; PARITY_E_NOMEM
 * @return 0 or -1; `out` is cleared by the caller in either case
 * @see botocore/session.py, Session.full_config
 */
int parity_aws_config_load(struct parity_aws_config *out, struct parity_error *err);

/** A profile: its section in each file, NULL where it has none. Borrowed from the configuration. */
struct parity_aws_profile {
    const struct parity_ini_section *config, *credentials;
};

/** @return 0, 1 when there is no such profile, -1 when out of memory */
int parity_aws_config_profile(const struct parity_aws_config *config, const char *name,
                              struct parity_aws_profile *out);

/**
 * A section `[<kind> <name>]` of the config file ("services", "sso-session").
 * @param out  borrowed; NULL if there is none @return 0, or -1 when out of memory
 */
int parity_aws_config_named_section(const struct parity_aws_config *config, const char *kind,
                                    const char *name, const struct parity_ini_section **out);

/** A profile's setting: the credentials file's, else the config file's. Borrowed; may be NULL. */
const char *parity_aws_profile_value(const struct parity_aws_profile *profile, const char *name);

/** The profile of the environment: AWS_DEFAULT_PROFILE, else AWS_PROFILE, else NULL. Borrowed. */
const char *parity_aws_config_environment_profile(void);

/** Report that a profile does not exist, with the nearest one that does. */
void parity_aws_config_fail_profile(const struct parity_aws_config *config, const char *name,
                                    struct parity_error *err);

/** A path as AWS's tools take it: `$NAME`, `${NAME}`, then `~` and `~user`. New; NULL: no memory.
 */
char *parity_aws_config_expand_path(const char *path);

#endif
