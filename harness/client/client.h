/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CLIENT_H
#define PARITY_CLIENT_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "client/credentials.h"
#include "client/http.h"
#include "client/model.h"

/** What calls are sent to. All strings are copied. */
struct parity_target {
    bool aws; /* TEST_TARGET=AWS_CLOUD: requests may leave for AWS, at the endpoints of the rule
                 sets */
    const char *endpoint_url; /* required unless `aws`; then it overrides the rule sets
                                 (AWS_ENDPOINT_URL) */
    const char *region;       /* required */
    const char *profile;      /* NULL: the environment's */
    const struct parity_credentials *credentials; /* NULL: found as SDKs find them */
    struct parity_http_options http;
};

/** A client of all services: models, credentials, endpoints, one pool of connections. One per
 * worker. */
struct parity_client;

/**
 * @param models  borrowed until the client is freed
 * @param err     PARITY_E_CREDENTIALS; PARITY_E_USAGE when neither `aws` nor an endpoint is given:
 * nothing ever falls back to AWS
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
    bool no_sign;     /* --no-sign-request */
    bool no_validate; /* send what the model forbids */
    int max_attempts; /* 0: 3, the standard mode's */
};

/** One exchange, for reports. Zero-initialise, clear. */
struct parity_call_record {
    char *service, *operation; /* owned */
    int status_code;           /* of the last attempt; 0: none */
    char *error_code;          /* owned; NULL: success */
    char *request_id;          /* owned; NULL: none */
    double duration_s;
    int attempts;
};
void parity_call_record_clear(struct parity_call_record *record);

/**
 * Call an operation.
 *
 * An error that the service answers with is a result, not a failure: `*out` then has the member
 * `Error` (see parity_response_is_error()).
 *
 * @param input   object; borrowed
 * @param out     new: output members (or `Error` and its members), then `ResponseMetadata`
 * @param record  may be NULL; filled also on failure
 * @param err     PARITY_E_NOT_FOUND (service, operation), PARITY_E_INVALID (input),
 * PARITY_E_NETWORK, PARITY_E_RESPONSE (5xx without a parsable error is one too, with status and the
 * beginning of the body)
 * @return 0 or -1
 */
int parity_client_call(struct parity_client *client, const char *service, const char *operation,
                       const json_t *input, const struct parity_call_options *options, json_t **out,
                       struct parity_call_record *record, struct parity_error *err);

/** Whether a result of parity_client_call() is an error answer. */
bool parity_response_is_error(const json_t *response);

/**
 * The request that parity_client_call() would send, signed unless `options->no_sign`.
 * @param out  filled from zero; cleared by the caller
 */
int parity_client_prepare(struct parity_client *client, const char *service, const char *operation,
                          const json_t *input, const struct parity_call_options *options,
                          struct parity_http_request *out, struct parity_error *err);

struct parity_models *parity_client_models(struct parity_client *client);
const char *parity_client_region(const struct parity_client *client);

#endif
