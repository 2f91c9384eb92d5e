/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_HTTP_EXCHANGE_H
#define PARITY_CLIENT_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/curl_library.h"
#include "client/http.h"

/* The parts of http.c that face libcurl: what it hands over, and what its errors mean. */

/** One exchange while it runs. Filled by http.c, used by libcurl's callbacks. */
struct parity_http_exchange {
    const struct parity_http_request *request;
    struct parity_http_response *response;
    const struct parity_http_sink *sink; /* NULL: bodies go into memory */
    struct parity_body_reader reader;    /* of the request's file */
    uint64_t max_body_bytes;
    uint64_t body_bytes; /* that came, wherever they went */
    size_t head_bytes;
    bool to_sink;       /* the body goes there */
    bool interim;       /* the headers being read belong to a 1xx status */
    bool head_complete; /* the blank line was seen: what follows is body, then trailers */
    enum {
        PARITY_HTTP_GOING_ON,
        PARITY_HTTP_NO_MEMORY,
        PARITY_HTTP_HEAD_TOO_LARGE,
        PARITY_HTTP_LENGTHS_DIFFER,
        PARITY_HTTP_BODY_TOO_LARGE,
        PARITY_HTTP_SILENCE,
        PARITY_HTTP_OWN_FILE /* reading the request's, or writing the response's: see `failure` */
    } stopped;               /* why this side ended it */
    struct parity_error failure;
};

/** CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; `context` is the exchange. */
size_t parity_http_receive_header(char *data, size_t size, size_t count, void *context);
size_t parity_http_receive_body(char *data, size_t size, size_t count, void *context);

/** CURLOPT_READFUNCTION and CURLOPT_SEEKFUNCTION for a body that is a file. */
size_t parity_http_send_file(char *out, size_t size, size_t count, void *context);
int parity_http_rewind_file(void *context, curl_off_t offset, int origin);

/** What an error message needs to know about an exchange that failed. */
struct parity_http_failure {
    const struct parity_http_exchange *exchange;
    CURLcode code;
    const char *detail; /* libcurl's own words, may be empty */
    long os_errno;      /* of the last connect; 0: unknown */
    const char *ca_bundle;
    long connect_timeout_ms, read_timeout_ms;
};

/** Report why there is no response. */
enum parity_http_trouble parity_http_fail(const struct parity_http_failure *failure,
                                          struct parity_error *err);

/** Length of "scheme://authority"; 0 if `url` is not an absolute http or https URL. */
size_t parity_http_origin_length(const char *url);

#endif
