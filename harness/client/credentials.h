/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIALS_H
#define PARITY_CLIENT_CREDENTIALS_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "client/http.h"

/** Owned strings; `session_token` and `account_id` may be NULL. Never printed. */
struct parity_credentials {
    char *access_key_id, *secret_access_key, *session_token;
    char *account_id;
    time_t expires_at; /* seconds since 1970, UTC; 0: never */
};

/** Wipes the secrets. */
void parity_credentials_clear(struct parity_credentials *credentials);

/** A call of an AWS service that a source of credentials needs. Borrowed throughout. */
struct parity_credential_call {
    const char *service, *operation;              /* as botocore names them */
    const char *region;                           /* NULL: the caller's */
    const json_t *input;                          /* object */
    const struct parity_credentials *credentials; /* to sign with; NULL: goes out unsigned */
};

/**
 * What credentials are looked for with. Members that are NULL mean the system's; `context` is
 * handed on to all functions.
 */
struct parity_credentials_options {
    const char *profile; /* `--profile`; NULL: AWS_DEFAULT_PROFILE, AWS_PROFILE, else "default" */
    time_t (*now)(void *context);    /* seconds since 1970, UTC */
    double (*random)(void *context); /* in [0, 1) */
    void (*sleep)(long delay_ms, void *context);

    /**
     * Calls an operation as parity_client_call() does: an error answer is a result with `Error`.
     * NULL: sources that need AWS's services are refused where they are asked for.
     *
     * @param out  new
     * @param err  also why the call is not allowed (PARITY_E_USAGE), which is reported as it stands
     * @return 0 or -1
     */
    int (*call)(const struct parity_credential_call *call, json_t **out, struct parity_error *err,
                void *context);

    /**
     * Sends one plain request, to an endpoint on this machine or beside it (container, instance
     * metadata). NULL: these are not asked.
     *
     * @param timeout_ms  of connecting, and of each wait for the response
     * @param response    filled from zero; cleared by the caller
     * @param err         PARITY_E_NETWORK, PARITY_E_RESPONSE, PARITY_E_LIMIT: there may be another
     *                    attempt; anything else is final
     * @return 0 for any status code, or -1
     */
    int (*exchange)(const struct parity_http_request *request, long timeout_ms,
                    struct parity_http_response *response, struct parity_error *err, void *context);
    void *context;
};

/**
 * Find credentials as AWS SDKs do, in this order:
 *
 * - the environment's keys, unless `options` names a profile;
 * - the profile's role (`role_arn`), with the keys of its `source_profile`, which may have a role
 * in turn, or of its `credential_source`;
 * - web identity: a token file of the environment (unless `options` names a profile) or the
 * profile;
 * - single sign-on: the role that the profile names, by the token that `aws sso login` left;
 * - the profile's keys in ~/.aws/credentials, its `credential_process` (run with this process's
 *   standard input and standard error), its keys in ~/.aws/config;
 * - the container's endpoint that the environment names;
 * - the metadata service of an EC2 instance.
 *
 * A profile that is named by `options` or by the environment has to exist. A source that is asked
 * for and does not work is an error; nothing is used in its place. Nothing is written anywhere.
 *
 * @param err  PARITY_E_CREDENTIALS names every place that was looked at, or the source and what is
 * wrong with it; PARITY_E_PARSE names a broken line of a file; else as `call` and `exchange` report
 * @return 0; 1 when there are none anywhere; -1 when a source fails. `out` is empty then.
 * @see botocore/credentials.py, create_credential_resolver
 */
int parity_credentials_find(const struct parity_credentials_options *options,
                            struct parity_credentials *out, struct parity_error *err);

/**
 * The access token of single sign-on, for services that take tokens instead of signatures: of the
 * profile's `sso_session`, as `aws sso login` left it, renewed if need be.
 *
 * @param tokens  object that remembers what was renewed; changed
 * @param out     new, NULL on failure; wiped and released by the caller
 * @return 0; 1 when the profile has no such session; -1
 * @see botocore/tokens.py, SSOTokenProvider
 */
int parity_credentials_login_token(const struct parity_credentials_options *options, json_t *tokens,
                                   char **out, struct parity_error *err);

/**
 * Whether credentials have to be found anew before they are used: they expire in less than
 * 10 minutes. @see botocore/credentials.py, _DEFAULT_MANDATORY_REFRESH_TIMEOUT
 */
bool parity_credentials_must_refresh(const struct parity_credentials *credentials, time_t now);

/** Credentials that are found when they are needed, and renewed before they expire. For one
 * thread. */
struct parity_credential_source;

/** @param options  copied, strings and all; may be NULL @return NULL: out of memory */
struct parity_credential_source *
parity_credential_source_new(const struct parity_credentials_options *options);
void parity_credential_source_free(struct parity_credential_source *source);

/**
 * The credentials to sign with now.
 *
 * They are renewed from 15 minutes before they expire; should that fail, they are used as long as
 * they last for 10 minutes more, and a minute passes until the next attempt. A failure to find any
 * is kept and reported again, unless it was the network's.
 *
 * @param out  borrowed until the next call; NULL on failure
 * @param err  as parity_credentials_find() reports it
 * @return 0; 1 when there are none anywhere; -1
 * @see botocore/credentials.py, RefreshableCredentials._refresh
 */
int parity_credential_source_get(struct parity_credential_source *source,
                                 const struct parity_credentials **out, struct parity_error *err);

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
