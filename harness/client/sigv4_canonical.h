/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGV4_CANONICAL_H
#define PARITY_CLIENT_SIGV4_CANONICAL_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/http.h"
#include "client/uri.h"

/*
 * The canonical form of a request's parts, which SigV4 and SigV4a share (AWS General Reference,
 * "Create a canonical request"). All append; a buffer that ran out of memory says so itself.
 */

/**
 * The path of a URL. Without `normalize`, dots and repeated slashes stay; without `double_encode`
 * only what cannot stand in a URL is encoded.
 */
void parity_canonical_path(struct parity_buffer *out, const struct parity_uri *uri, bool normalize,
                           bool double_encode);

/**
 * The parameters of a URL: decoded, encoded the one right way, sorted by name, then value.
 *
 * @param omit  leave out the parameter of this name; may be NULL
 * @return 0, or -1 when out of memory
 */
int parity_canonical_query(struct parity_buffer *out, const struct parity_uri *uri,
                           const char *omit);

/**
 * The headers that are signed, one line each, and their names, separated by semicolons.
 *
 * Left out is what a proxy or an HTTP library may change on the way (botocore/auth.py,
 * SIGNED_HEADERS_BLACKLIST) and the header `omit` (may be NULL). `host` comes from the URL where
 * the request has no such header.
 *
 * @return 0, or -1 when out of memory
 */
int parity_canonical_headers(struct parity_buffer *lines, struct parity_buffer *names,
                             const struct parity_headers *headers, const struct parity_uri *uri,
                             const char *omit);

#endif
