/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl asks for while it sends a body that is a file. */
#include <stdio.h>
#include <string.h>

#include "client/http_exchange.h"

size_t parity_http_send_file(char *out, size_t size, size_t count, void *context)
{
    struct parity_http_exchange *exchange = context;
    size_t length;

    if (parity_body_reader_read(&exchange->reader, out, size * count, &length,
                                &exchange->failure) == 0)
        return length;
    exchange->stopped = PARITY_HTTP_OWN_FILE;
    return CURL_READFUNC_ABORT;
}

/* A connection that was kept may turn out to be closed once sending has begun; libcurl then begins
 * again on a new one, with the first byte. */
int parity_http_rewind_file(void *context, curl_off_t offset, int origin)
{
    struct parity_http_exchange *exchange = context;
    const struct parity_body_file *file = exchange->reader.file;

    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    memset(&exchange->reader, 0, sizeof exchange->reader);
    exchange->reader.file = file;
    return CURL_SEEKFUNC_OK;
}
