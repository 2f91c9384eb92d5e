/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_HTTP_TEXT_H
#define PARITY_CLIENT_HTTP_TEXT_H

#include "client/http.h"

/**
 * A request as it stands on the wire, with what struct parity_http_request does not keep. Header
 * values are without white space at their ends; folded lines stay folded. Zero-initialise, parse,
 * clear.
 */
struct parity_http_text {
    struct parity_http_request request; /* url: https, the Host header, the target as it stands */
    char version[9];                    /* "HTTP/1.1" */
    bool crlf;                          /* the first line ends with CR LF instead of LF alone */
    bool spaced;                        /* the first header has a space after its colon */
    bool absolute;                      /* the target is a whole URL */
};

void parity_http_text_clear(struct parity_http_text *text);

/**
 * Read an HTTP/1.1 request (RFC 9112): request line, headers, and after an empty line the body, to
 * the end. Unlike a server it takes spaces and raw UTF-8 in the target, as people and the signing
 * test suite write them. `Content-Length` is not compared with the body.
 *
 * @param name  what to call the input in messages; may be NULL
 * @param err   PARITY_E_PARSE with line and column (in bytes); PARITY_E_INVALID: no host;
 * PARITY_E_NOMEM
 * @return 0 or -1; `out` is cleared by the caller in either case
 */
int parity_http_text_parse(const char *data, size_t length, const char *name,
                           struct parity_http_text *out, struct parity_error *err);

/** Append the request in the style in which it was read, with an empty line after the headers. */
void parity_http_text_write(struct parity_buffer *out, const struct parity_http_text *text);

#endif
