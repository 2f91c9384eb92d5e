/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CLIENT_H
#define PARITY_CLIENT_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "client/credentials.h"
#include "client/findings.h"
#include "client/http.h"
#include "client/model.h"

/** Where time and chance come from; NULL members: the system's. `context` is handed on. */
struct parity_client_hooks {
    time_t (*now)(void *context); /* seconds since 1970, for signatures */
    void (*sleep)(long delay_ms, void *context);
    double (*random)(void *context); /* in [0, 1), for the delay of retries */
    int (*random_bytes)(void *bytes, size_t length,
                        void *context); /* for tokens and ids; 0 or -1 */
    void *context;
};

/** What calls are sent to. All strings are copied. */
struct parity_target {
    bool aws; /* TEST_TARGET=AWS_CLOUD: requests may leave for AWS, at the endpoints of the rule
                 sets */
    const char *endpoint_url; /* where all services are; overrides the rule sets. NULL: what the
                                 environment and the profile configure (AWS_ENDPOINT_URL_<SERVICE>
                                 and so on); only if `aws` may there be none at all */
    const char *region;       /* NULL: AWS_REGION, AWS_DEFAULT_REGION, the profile's; without any,
                                 us-east-1 unless `aws` */
    const char *profile;      /* NULL: the environment's */
    const struct parity_credentials *credentials; /* NULL: found as SDKs find them. Unless `aws`,
                                                     these are used only when nothing is found: an
                                                     emulator's test credentials */
    struct parity_http_options http;
    struct parity_client_hooks hooks;
    size_t exchange_body_bytes; /* keep what went over the wire in the records of calls, with so
                                   much of each body; 0: keep none of it */
};

/** A client of all services: models, credentials, endpoints, one pool of connections. One per
 * worker. */
struct parity_client;

/**
 * Credentials are looked for when the first call needs them.
 *
 * @param models  borrowed until the client is freed
 * @param err     PARITY_E_USAGE when neither `aws` nor any endpoint is given: nothing ever falls
 *                back to AWS; PARITY_E_USAGE without a region; PARITY_E_PARSE (config file)
 */
struct parity_client *parity_client_new(struct parity_models *models,
                                        const struct parity_target *target,
                                        struct parity_error *err);
void parity_client_free(struct parity_client *client);

/** What one call may change of the client's settings; zero means the client's. */
struct parity_call_options {
    const char *region;
    const char *protocol;
    const char *endpoint_url;
    const struct parity_credentials *credentials;
    enum parity_bucket_place {
        PARITY_BUCKET_USUAL, /* as the settings say */
        PARITY_BUCKET_IN_PATH,
        PARITY_BUCKET_IN_HOST
    } bucket_place;
    bool no_sign;      /* --no-sign-request */
    bool no_validate;  /* send what the model forbids */
    bool no_signature; /* parity_client_prepare(): leave out the signature, and nothing else; then
                          credentials need not exist */
    char **faults;     /* set to a new text with all faults of the input, when they are more than an
                          error has room for, else to NULL; NULL: nobody asks */
    int max_attempts;  /* 0: AWS_MAX_ATTEMPTS, max_attempts of the profile, else 3 */

    /* A file for the body of a success, where the output is a body. It is written beside while the
     * body arrives and replaces the file when all of it is there and its checksum right; the output
     * then has {"$file": save_to} in its place. Errors are handed over as ever. NULL: into memory
     */
    const char *save_to;
    unsigned long long max_saved_bytes; /* 0: `max_response_bytes` of the client */
};

/** One exchange, for reports. Zero-initialise, clear. */
struct parity_call_record {
    char *service, *operation; /* owned */
    const char *protocol;      /* constant; NULL: it did not come to that */
    int status_code;           /* of the last attempt; 0: none */
    char *error_code;          /* owned; NULL: success */
    char *request_id;          /* owned; NULL: none */
    double duration_s;
    int attempts;
    bool in_doubt;  /* an attempt may have done what it was to do without saying so: there was no
                       answer, none that is understood, or one of trouble in the service */
    char *endpoint; /* owned; "https://host:port" that was called; NULL: nothing was sent */
    struct parity_findings findings; /* where the last response leaves the model */
    json_t *exchanges; /* array: what each attempt sent and received, see call_exchange.c; NULL: not
                          kept */
};
void parity_call_record_clear(struct parity_call_record *record);

/**
 * Call an operation.
 *
 * An error that the service answers with is a result, not a failure: `*out` then has the member
 * `Error` (see parity_response_is_error()).
 *
 * @param input   object; borrowed. A blob that is the body may be {"$file": path}: the file's
 *                bytes, read while they are sent
 * @param out     new: output members (or `Error` and its members), then `ResponseMetadata`
 * @param record  may be NULL; filled also on failure
 * @param err     PARITY_E_NOT_FOUND (service, operation), PARITY_E_INVALID (input),
 *                PARITY_E_CREDENTIALS, PARITY_E_USAGE (no endpoint, or one that is not allowed),
 *                PARITY_E_NETWORK, PARITY_E_RESPONSE (with status and the beginning of the
 *                body; an error status whose body no SDK understands is not one: there, as in SDKs,
 *                the status becomes the code)
 * @return 0 or -1
 */
int parity_client_call(struct parity_client *client, const char *service, const char *operation,
                       const json_t *input, const struct parity_call_options *options, json_t **out,
                       struct parity_call_record *record, struct parity_error *err);

/** Whether a result of parity_client_call() is an error answer. */
bool parity_response_is_error(const json_t *response);

/**
 * The request that parity_client_call() would send, but for the ids of attempts
 * (`amz-sdk-invocation-id`, `amz-sdk-request`).
 *
 * @param out  filled from zero; cleared by the caller
 */
int parity_client_prepare(struct parity_client *client, const char *service, const char *operation,
                          const json_t *input, const struct parity_call_options *options,
                          struct parity_http_request *out, struct parity_error *err);

/**
 * The credentials that a call without its own would be signed with now.
 *
 * @param out  borrowed until the next call; NULL on failure
 * @param err  PARITY_E_CREDENTIALS and so on, as parity_client_call()
 * @return 0 or -1
 */
int parity_client_credentials(struct parity_client *client, const struct parity_credentials **out,
                              struct parity_error *err);

struct parity_models *parity_client_models(struct parity_client *client);
const char *parity_client_region(const struct parity_client *client);

#endif
