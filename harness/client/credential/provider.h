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
    const struct parity_aws_config *config;
    struct parity_aws_profile session; /* of the whole search; members may be NULL */
    const char *profile_name;          /* "default" when none is named */
    struct parity_aws_profile profile; /* the session's, or that of a `source_profile` */
    bool skip_environment;             /* the profile was named by an option or by a profile */
    bool asked_for;                    /* a profile names this very source */
    json_t *tokens;                    /* SSO tokens that were renewed, by path; may be NULL */
    struct parity_buffer notes;        /* "where: why not; where: why not" */
};

struct parity_credential_provider {
    const char *name;        /* botocore's METHOD */
    const char *source_name; /* in a profile's `credential_source`; NULL: cannot be named there */
    bool of_profile;         /* has what a profile says: asked for a `source_profile`, too */

    /** @return 1 with `out` filled; 0 with a note: nothing here; -1: here, but not usable */
    int (*load)(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err);
};

extern const struct parity_credential_provider parity_credential_environment;
extern const struct parity_credential_provider parity_credential_assume_role;
extern const struct parity_credential_provider parity_credential_web_identity;
extern const struct parity_credential_provider parity_credential_sso;
extern const struct parity_credential_provider parity_credential_shared_file;
extern const struct parity_credential_provider parity_credential_login;
extern const struct parity_credential_provider parity_credential_process;
extern const struct parity_credential_provider parity_credential_config_file;
extern const struct parity_credential_provider parity_credential_container;
extern const struct parity_credential_provider parity_credential_instance;

/** Ask those providers that have what a profile says. @return 1, 0 with notes, or -1 */
int parity_credential_ask_profile(struct parity_credential_search *search,
                                  struct parity_credentials *out, struct parity_error *err);

/** The provider that `credential_source` means (its case counts); NULL if it means none. */
const struct parity_credential_provider *parity_credential_find_source(const char *source_name);

/**
 * parity_credentials_find() with a memory.
 * @param options  not NULL @param tokens  as in the search; changed
 */
int parity_credential_find(const struct parity_credentials_options *options, json_t *tokens,
                           struct parity_credentials *out, struct parity_error *err);

/** The time of the search, in seconds since 1970. */
time_t parity_credential_now(const struct parity_credential_search *search);

/** Report PARITY_E_CREDENTIALS. @return -1 */
__attribute__((format(printf, 3, 4))) int
parity_credential_fail(struct parity_error *err, const char *place, const char *format, ...);

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
