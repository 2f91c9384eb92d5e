/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CALL_H
#define PARITY_CLIENT_CALL_H

/*
 * One call on its way, and the steps that make a request of it. Internal to client.c, call_*.c and
 * customization.c.
 */

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "client/client.h"
#include "client/protocol/protocol.h"
#include "client/retry.h"
#include "client/settings.h"

enum { PARITY_ENDPOINT_MEMORIES = 16 };

/** Random bytes in store. */
struct parity_chance {
    unsigned char bytes[256];
    size_t left;
    pid_t process; /* that fetched them */
};

/** An endpoint that the rules gave, and what they were given. */
struct parity_endpoint_memory {
    const struct parity_service *service; /* NULL: nothing here yet */
    json_t *params, *endpoint;            /* owned */
};

struct parity_client {
    struct parity_models *models; /* borrowed */
    struct parity_http *http;
    bool aws;
    char *endpoint_url, *region, *profile; /* owned; the first and last may be NULL */
    struct parity_settings settings;
    struct parity_client_hooks hooks;
    struct parity_retry_quota quota;
    struct parity_endpoint_memory endpoints[PARITY_ENDPOINT_MEMORIES]; /* the last ones */
    size_t next_endpoint;
    struct parity_chance chance;
    struct parity_credentials given;         /* of the target; access_key_id NULL: none */
    struct parity_credential_source *source; /* of the environment or a profile; NULL at first */
};

enum parity_auth_scheme {
    PARITY_AUTH_SIGV4,
    PARITY_AUTH_SIGV4A,
    PARITY_AUTH_S3_EXPRESS,
    PARITY_AUTH_BEARER,
    PARITY_AUTH_NONE
};

struct parity_call {
    struct parity_client *client;
    const struct parity_service *service;
    const struct parity_operation *operation;
    const struct parity_protocol *protocol;
    const struct parity_call_options *options; /* never NULL */
    const char *region;
    const char *endpoint_url; /* override; NULL: the rules decide */
    json_t *input;            /* own copy, filled up */

    struct parity_wire_request wire;
    json_t *endpoint; /* as parity_endpoint_resolve() gives it; NULL: no rules, override alone */
    struct parity_http_request request;

    struct parity_signing {
        enum parity_auth_scheme scheme;
        const char *name;      /* signing name */
        char *region;          /* owned; or a set of regions, for SigV4a */
        bool plain_path;       /* neither normalised nor encoded again */
        bool unsigned_payload; /* the model wants the body left out */
        bool payload_header;   /* X-Amz-Content-Sha256 is always sent */
        bool body_is_checked;  /* by a checksum header, so that S3 needs no hash of it over TLS */
    } signing;
    bool streaming_input;          /* the body is a blob of the input */
    bool encoding_type_is_default; /* see customization.c */
    bool checksum_mode_is_default; /* see call_checksum.c */
};

/* call_endpoint.c: choose `endpoint_url`; then fill `endpoint`, `request.url`, `signing`. */
int parity_call_choose_endpoint_url(struct parity_call *call, struct parity_error *err);
int parity_call_resolve_endpoint(struct parity_call *call, struct parity_error *err);

/**
 * The guard: refuse a request whose host is not the one that this client may talk to. Every request
 * passes it directly before it is sent.
 */
int parity_call_check_destination(const struct parity_call *call, struct parity_error *err);

/* client.c: sign, and add what comes after the signature; again for each attempt. */
int parity_call_finish_request(struct parity_call *call, struct parity_error *err);

/** What sending took. */
struct parity_attempts {
    int count;
    int status_code; /* of the last; 0: no response */
    bool in_doubt;   /* one of them may have done something without saying so */
    double duration_s;
};

/* call_send.c: send until there is an answer. `*out` is new. */
int parity_call_send(struct parity_call *call, struct parity_attempts *attempts, json_t **out,
                     struct parity_error *err);

/* call_checksum.c */
int parity_call_add_checksum_mode(struct parity_call *call, struct parity_error *err);
int parity_call_add_checksum(struct parity_call *call, struct parity_error *err);
int parity_call_check_response(const struct parity_call *call,
                               const struct parity_http_response *response,
                               struct parity_error *err);

/* call_sign.c */
int parity_call_credentials(struct parity_call *call, const struct parity_credentials **out,
                            struct parity_error *err);
int parity_call_choose_auth(struct parity_call *call, struct parity_error *err);
int parity_call_sign(struct parity_call *call, struct parity_error *err);

#endif
