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

#include "base/file.h"
#include "client/checksum.h"
#include "client/client.h"
#include "client/protocol/protocol.h"
#include "client/retry.h"
#include "client/settings.h"
#include "client/sigv4.h"

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

enum { PARITY_SESSIONS = 16 };

/** A session that a directory bucket has opened. All owned. */
struct parity_session {
    char *bucket, *region; /* NULL: nothing here yet */
    char *opener;          /* the access key id that it was opened with */
    struct parity_credentials credentials;
};

void parity_session_clear(struct parity_session *session);

struct parity_client {
    struct parity_models *models; /* borrowed */
    struct parity_http *http;
    bool aws;
    char *endpoint_url, *region, *profile; /* owned; the first and last may be NULL */
    struct parity_settings settings;
    struct parity_client_hooks hooks;
    size_t exchange_body_bytes;
    struct parity_retry_quota quota;
    time_t clock_skew_s; /* what the service's clock is ahead of this machine's */
    struct parity_endpoint_memory endpoints[PARITY_ENDPOINT_MEMORIES]; /* the last ones */
    size_t next_endpoint;
    struct parity_session sessions[PARITY_SESSIONS]; /* the last ones */
    size_t next_session;
    json_t *discovered;     /* owned: endpoints that services have told, see call_discovery.c */
    json_t *bucket_regions; /* owned: of buckets that were found elsewhere; NULL at first */
    json_t *tokens;         /* owned: of single sign-on, those that were renewed; NULL at first */
    struct parity_chance chance;
    struct parity_credentials given;         /* of the target; access_key_id NULL: none */
    struct parity_credential_source *source; /* of the environment or a profile; NULL at first */
};

/** A body on its way to a file. See call_save.c. */
struct parity_saving {
    const char *member; /* of the output; NULL: nothing is saved */
    struct parity_file_writer writer;
    struct parity_http_sink sink;
    struct parity_checksum checksum; /* without algorithm: the response has none */
    uint64_t bytes;
};

enum parity_auth_scheme {
    PARITY_AUTH_SIGV4,
    PARITY_AUTH_SIGV4A,
    PARITY_AUTH_S3_EXPRESS,
    PARITY_AUTH_BEARER,
    PARITY_AUTH_NONE
};

/** The endpoint is to be asked for. See call_discovery.c. */
struct parity_discovery {
    const char *operation; /* that tells it; NULL: not to be */
    json_t *question;      /* owned: its input */
    bool required;
    char *url; /* owned: of the endpoint rules; NULL before the first attempt */
};

struct parity_call {
    struct parity_client *client;
    const struct parity_service *service;
    const struct parity_operation *operation;
    const struct parity_protocol *protocol;
    const struct parity_call_options *options; /* never NULL */
    const char *region;
    char *bucket_region;      /* owned; what `region` is if the bucket is known to be elsewhere */
    const char *endpoint_url; /* override; NULL: the rules decide */
    json_t *input;            /* own copy, filled up */
    struct parity_findings *findings; /* about the response; NULL: nobody asks */

    struct parity_wire_request wire;
    json_t *endpoint; /* as parity_endpoint_resolve() gives it; NULL: no rules, override alone */
    struct parity_http_request request;
    struct parity_buffer events; /* unsigned, if `signing.events` */
    struct parity_buffer file;   /* to become the body, if `has_file` */
    bool has_file;
    struct parity_body_file *body_file; /* owned; to become the body; NULL: none */
    struct parity_saving saving;
    struct parity_discovery discovery;

    struct parity_signing {
        enum parity_auth_scheme scheme;
        const char *name;      /* signing name */
        char *region;          /* owned; or a set of regions, for SigV4a */
        bool plain_path;       /* neither normalised nor encoded again */
        bool unsigned_payload; /* the model wants the body left out */
        bool payload_header;   /* X-Amz-Content-Sha256 is always sent */
        bool body_is_checked;  /* by a checksum header, so that S3 needs no hash of it over TLS */
        bool events;           /* the body is a stream of events, each with its signature */
    } signing;
    bool redirected;               /* to the region of the bucket */
    bool shown_only;               /* nothing may be sent for it, not even before it */
    bool streaming_input;          /* the body is a blob of the input */
    bool encoding_type_is_default; /* see customization.c */
    bool checksum_mode_is_default; /* see call_checksum.c */
};

/* call_endpoint.c: choose `endpoint_url`; then fill `endpoint`, `request.url`, `signing`. */
int parity_call_choose_endpoint_url(struct parity_call *call, struct parity_error *err);
int parity_call_resolve_endpoint(struct parity_call *call, struct parity_error *err);

/* call_endpoint_parameters.c: what the rules are given. `*out` is new. */
int parity_call_endpoint_parameters(struct parity_call *call, json_t **out,
                                    struct parity_error *err);

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
    long long ttl_s; /* when the next will be given up, by the service's clock; 0: unknown */
    double duration_s;
    json_t *exchanges; /* owned; NULL: not kept */
};

/* call_exchange.c: what an attempt sent and received, for reports; `response` NULL: none came.
 * New; NULL when out of memory. */
json_t *parity_call_exchange(const struct parity_call *call,
                             const struct parity_http_response *response, double duration_s);

/* call_send.c: send until there is an answer. `*out` is new. */
int parity_call_send(struct parity_call *call, struct parity_attempts *attempts, json_t **out,
                     struct parity_error *err);

/* call_region.c: take the region that is known of the bucket; and go where an answer says that it
 * is: 1 if so, 0 if it says nothing of the kind, -1. */
int parity_call_recall_region(struct parity_call *call, struct parity_error *err);
int parity_call_follow_region(struct parity_call *call, const struct parity_http_response *response,
                              const json_t *output, struct parity_error *err);

/*
 * call_discovery.c: find out whether the service has to be asked where it answers; before each
 * attempt aim at what it says; and forget that when an answer says that it was wrong.
 */
int parity_call_plan_discovery(struct parity_call *call, struct parity_error *err);
int parity_call_discover_endpoint(struct parity_call *call, struct parity_error *err);
bool parity_call_forget_endpoint(struct parity_call *call,
                                 const struct parity_http_response *response, const char *code);
void parity_call_clear_discovery(struct parity_call *call);

/* call_checksum.c */
int parity_call_add_checksum_mode(struct parity_call *call, struct parity_error *err);
int parity_call_add_checksum(struct parity_call *call, struct parity_error *err);
int parity_call_check_response(const struct parity_call *call,
                               const struct parity_http_response *response,
                               struct parity_error *err);

/* The algorithm of the checksum that a response has and that is to be checked; NULL: none. `*sent`
 * is its value. And the verdict on it. */
const char *parity_call_checksum_to_check(const struct parity_call *call,
                                          const struct parity_http_response *response,
                                          const char **sent);
int parity_call_compare_checksum(const char *algorithm, const char *actual, const char *sent,
                                 struct parity_error *err);

/* call_body.c: open the file that the input names as body; make it the body; and hand over what the
 * body is, in memory or not. */
int parity_call_open_file(struct parity_call *call, struct parity_error *err);
void parity_call_take_file(struct parity_call *call);
int parity_call_each_piece(const struct parity_call *call,
                           int (*take)(const void *data, size_t length, void *context,
                                       struct parity_error *err),
                           void *context, struct parity_error *err);

/*
 * call_save.c: the body of a success goes to a file while it arrives (`save_to` of the options).
 * Opened before the first attempt and emptied before others; kept once the answer is good, when the
 * output tells of it; given up otherwise.
 */
int parity_call_begin_saving(struct parity_call *call, struct parity_error *err);
int parity_call_keep_saved(struct parity_call *call, const struct parity_http_response *response,
                           json_t *output, struct parity_error *err);
void parity_call_abandon_saving(struct parity_call *call);

/* Whether some of a body has gone where it cannot be taken back from, such as a pipe. */
bool parity_call_has_passed_on(const struct parity_call *call);

/* call_compress.c */
int parity_call_compress(struct parity_call *call, struct parity_error *err);

/** The time to sign with: the system's, corrected by what the service's clock was found to be. */
time_t parity_call_time(const struct parity_client *client);

/**
 * Learn the service's clock from an answer that refuses a signature for its time.
 *
 * @param error_code  of the answer; NULL: none
 * @return whether the clock was corrected, so that the same request may now be accepted
 * @see AWS SDKs and Tools Reference Guide, "Retry behavior"
 */
bool parity_call_correct_clock(struct parity_client *client,
                               const struct parity_http_response *response, const char *error_code);

/* call_events.c: a body of events is put aside; and signed after the request, in place of its body.
 */
int parity_call_prepare_events(struct parity_call *call, struct parity_error *err);
int parity_call_sign_events(struct parity_call *call, const struct parity_sigv4_options *options,
                            const char *signature, struct parity_error *err);

/* call_auth.c: fill `signing`. */
int parity_call_choose_auth(struct parity_call *call, struct parity_error *err);

/* call_token.c: the token that the environment has for the service (borrowed; NULL: none); and the
 * header with that or another one. */
const char *parity_call_environment_token(const struct parity_call *call);
int parity_call_add_token(struct parity_call *call, struct parity_error *err);

/* call_session.c: the keys of the bucket's session, which is opened if there is none. Borrowed
 * until the next call. */
int parity_call_session(struct parity_call *call, const struct parity_credentials **out,
                        struct parity_error *err);

/* call_sign.c */
int parity_call_credentials(struct parity_call *call, const struct parity_credentials **out,
                            struct parity_error *err);
int parity_call_sign(struct parity_call *call, struct parity_error *err);

#endif
