/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIAL_PROVIDER_H
#define PARITY_CLIENT_CREDENTIAL_PROVIDER_H

#include "base/buffer.h"
#include "client/aws_config.h"
#include "client/credentials.h"

/* The sources that parity_credentials_find() asks one after the other. Private to the search. */

/** One search. Providers read it and note why they have nothing. */
struct parity_credential_search {
    const struct parity_credentials_options *options;
    struct parity_aws_config config;
    const char *profile_name;          /* "default" when none is named */
    struct parity_aws_profile profile; /* members are NULL when it does not exist */
    bool skip_environment;             /* the profile was named by an option */
    struct parity_buffer notes;        /* "where: why not; where: why not" */
};

struct parity_credential_provider {
    const char *name; /* botocore's METHOD */

    /** @return 1 with `out` filled; 0 with a note: nothing here; -1: here, but not usable */
    int (*load)(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err);
};

extern const struct parity_credential_provider parity_credential_environment;
extern const struct parity_credential_provider parity_credential_shared_file;
extern const struct parity_credential_provider parity_credential_process;
extern const struct parity_credential_provider parity_credential_config_file;

/* Three places in the order of sources where one that is not supported would be asked. */
extern const struct parity_credential_provider parity_credential_unsupported_role;
extern const struct parity_credential_provider parity_credential_unsupported_login;
extern const struct parity_credential_provider parity_credential_unsupported_container;

/** Note why a place has no credentials, for the message that names them all. */
__attribute__((format(printf, 3, 4))) void
parity_credential_note(struct parity_credential_search *search, const char *place,
                       const char *format, ...);

/** The text of an environment variable; NULL when it is not set or empty. Borrowed. */
const char *parity_credential_variable(const char *name);

/** Texts that make up credentials, borrowed; `token` and `account_id` may be NULL. */
struct parity_credential_texts {
    const char *id, *secret, *token, *account_id;
};

/**
 * Fill `out` with copies.
 *
 * @param place  where they come from, for the message about a text that no header can hold
 * @return 1 or -1 (PARITY_E_CREDENTIALS, PARITY_E_NOMEM)
 */
int parity_credential_fill(struct parity_credentials *out,
                           const struct parity_credential_texts *texts, const char *place,
                           struct parity_error *err);

#endif
