/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_URI_H
#define PARITY_CLIENT_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/** Letters, digits and `-._~`: what never needs a percent sign (RFC 3986, 2.3). */
bool parity_uri_is_unreserved(unsigned char c);

/** Append `text`, every byte that is neither unreserved nor in `keep` as %XX. */
void parity_uri_encode(struct parity_buffer *out, const char *text, size_t length,
                       const char *keep);

/** The same for a value of a form (application/x-www-form-urlencoded): a blank becomes '+'. */
void parity_uri_encode_form(struct parity_buffer *out, const char *text, size_t length);

/** Append `text` with each valid %XX as its byte; any other `%` and `+` stay as they are. */
void parity_uri_decode(struct parity_buffer *out, const char *text, size_t length);

/** Parts of an absolute URL, borrowed from it. A fragment belongs to no part. */
struct parity_uri {
    const char *scheme, *authority, *path, *query;
    size_t scheme_length, authority_length, path_length;
    size_t query_length; /* without '?' */
    bool has_query;      /* also when it is empty */
};

/** Whether `text` is a port in a URL: a number up to 65535, or nothing. */
bool parity_uri_is_port(const char *text, size_t length);

/** @return 0, or -1 (PARITY_E_INVALID: no scheme, no host, or none that can be called) */
int parity_uri_split(const char *url, struct parity_uri *out, struct parity_error *err);

/** Length of the host at the start of `uri->authority`, without its port. */
size_t parity_uri_host_length(const struct parity_uri *uri);

/**
 * Append what a client puts in the `Host` header: lower case, without user, without the port that
 * the scheme implies.
 */
void parity_uri_add_host(struct parity_buffer *out, const struct parity_uri *uri);

/** The host, without user, port and the brackets of IPv6; cut off at `size`. */
void parity_uri_host(const struct parity_uri *uri, char *out, size_t size);

#endif
