/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_HTTP_H
#define PARITY_CLIENT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/body_file.h"

/** Header fields in the order they were added; names keep their case and compare without it. */
struct parity_headers {
    struct parity_header {
        char *name, *value; /* owned; one allocation, which `name` begins */
    } * items;
    size_t count, capacity;
};

void parity_headers_clear(struct parity_headers *headers);

/** Append a field, even if one of that name exists. @return 0, or -1 when out of memory */
int parity_headers_add(struct parity_headers *headers, const char *name, const char *value);

/** Replace the first field of that name (case-insensitively), drop others, or append. */
int parity_headers_set(struct parity_headers *headers, const char *name, const char *value);

void parity_headers_remove(struct parity_headers *headers, const char *name);

/** Value of the first field of that name; NULL if there is none. Borrowed. */
const char *parity_headers_get(const struct parity_headers *headers, const char *name);

/** A request as it goes out: zero-initialise, fill, clear. */
struct parity_http_request {
    char *method; /* owned */
    char *url;    /* owned; absolute, percent-encoded exactly as it is sent and signed */
    struct parity_headers headers;
    struct parity_buffer body;
    struct parity_body_file *file; /* owned; the body, in place of `body`; NULL: none */
    bool http2;                    /* offer HTTP/2, where the connection is TLS */
};

/** The length of the content of a body, wherever it stands. */
uint64_t parity_http_body_length(const struct parity_http_request *request);

struct parity_http_response {
    int status_code; /* known as soon as headers are */
    struct parity_headers headers;
    struct parity_buffer
        body;           /* without transfer coding; a `Content-Encoding` is left as it is, since
                           to botocore it is a property of the object, not of the transfer */
    uint64_t passed_on; /* bytes of a body that a sink has taken, in place of `body` */
};

void parity_http_request_clear(struct parity_http_request *request);
void parity_http_response_clear(struct parity_http_response *response);

/** What kept a request from its response; decides on retries. */
enum parity_http_trouble {
    PARITY_HTTP_FINE,
    PARITY_HTTP_REFUSED,     /* nobody listens */
    PARITY_HTTP_UNREACHABLE, /* no address, no route, no connection */
    PARITY_HTTP_TIMED_OUT,   /* connecting or waiting took too long */
    PARITY_HTTP_BROKEN,      /* the connection ended or carried nonsense */
    PARITY_HTTP_DISTRUSTED,  /* TLS could not be agreed on or its certificate not be verified */
    PARITY_HTTP_IMPOSSIBLE   /* a limit, the request itself, or the machine */
};

/** A pool of connections. Not for use by two threads at once; one per worker. */
struct parity_http;

struct parity_http_options {
    const char *const *connect_to; /* NULL-terminated HOST1:PORT1:HOST2:PORT2 entries (CLI.md, "Led
                                      elsewhere"); those of PARITY_CONNECT_TO come after them */
    const char *ca_bundle;         /* file; NULL: AWS_CA_BUNDLE, else the system's */
    long connect_timeout_ms;       /* 0: 10,000 */
    long read_timeout_ms;          /* longest silence; 0: 60,000 */
    size_t max_response_bytes;     /* 0: 1 GiB */
};

/** Takes bodies of responses with a status of 2xx as they arrive, in place of memory. */
struct parity_http_sink {
    /** @param head  status and headers. @return 0, or -1 to end the exchange, with the reason */
    int (*take)(const void *data, size_t length, const struct parity_http_response *head,
                void *context, struct parity_error *err);
    void *context;
    uint64_t max_bytes; /* 0: max_response_bytes */
};

/**
 * @param options  copied; NULL for the defaults
 * @param err      PARITY_E_USAGE (connect-to entry)
 */
struct parity_http *parity_http_new(const struct parity_http_options *options,
                                    struct parity_error *err);
void parity_http_free(struct parity_http *http);

/**
 * Send a request, wait for the response; connections are reused.
 *
 * Redirects are not followed. Headers go out as they stand in `request`: nothing is added but what
 * HTTP itself needs (`Content-Length`, `Host` when absent) and, when absent, `Accept-Encoding:
 * identity`. TLS is 1.2 or newer and always verified. Response header values are converted from
 * ISO-8859-1 to UTF-8.
 *
 * @param response  filled from zero; cleared by the caller in either case
 * @param err       PARITY_E_NETWORK ("cannot connect to URL (connection refused); is the emulator
 *                  running?"), PARITY_E_RESPONSE (truncated, malformed), PARITY_E_LIMIT
 * @return 0 for any status code, -1 when there is no response
 */
int parity_http_send(struct parity_http *http, const struct parity_http_request *request,
                     struct parity_http_response *response, struct parity_error *err);

/**
 * The same with a sink for the body (NULL: none). A response that breaks off was taken as far as it
 * came.
 *
 * @param err  also what the sink fails with
 */
int parity_http_send_to(struct parity_http *http, const struct parity_http_request *request,
                        const struct parity_http_sink *sink, struct parity_http_response *response,
                        struct parity_error *err);

/** "http://host:port" of a URL, without user, path and query: safe to print. */
void parity_http_origin(const char *url, char *out, size_t size);

/** The longest silence that is waited for. */
long parity_http_read_timeout_ms(const struct parity_http *http);

/** Why the last parity_http_send() failed; PARITY_HTTP_FINE if it did not. */
enum parity_http_trouble parity_http_last_trouble(const struct parity_http *http);

#endif
