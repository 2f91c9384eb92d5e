/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/http_exchange.h"

enum { MAX_HEAD_BYTES = 256 * 1024 }; /* all header lines of a response together */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Text of a header as UTF-8: on the wire it is ISO-8859-1 (so Python's http.client, and with it
 * botocore, read it). New; NULL: no memory.
 */
static char *to_utf8(const char *text, size_t length)
{
    char *out = parity_malloc(2 * length + 1), *at = out;

    for (size_t i = 0; out && i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= 0x80) {
            *at++ = (char)(0xC0 | byte >> 6);
            *at++ = (char)(0x80 | (byte & 0x3F));
        } else if (byte != 0) { /* NUL cannot be held by a C string; no header may contain it */
            *at++ = (char)byte;
        }
    }
    if (out)
        *at = '\0';
    return out;
}

/* A line that begins with a blank continues the value before it (RFC 9112, 5.2). */
static int continue_header(struct parity_headers *headers, const char *text, size_t length)
{
    struct parity_header *last = headers->count ? &headers->items[headers->count - 1] : NULL;
    char *more, *joined;

    if (!last)
        return 0;
    more = to_utf8(text, length);
    joined = more ? parity_asprintf("%s %s", last->value, more) : NULL;
    parity_free(more);
    if (!joined)
        return -1;
    parity_free(last->value);
    last->value = joined;
    return 0;
}

static int add_header(struct parity_headers *headers, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    struct parity_header header;
    size_t skip;

    if (!colon)
        return 0; /* libcurl has let it pass; it says nothing */
    for (skip = (size_t)(colon - line) + 1; skip < length && is_blank(line[skip]); skip++)
        ;
    header.name = to_utf8(line, (size_t)(colon - line));
    header.value = to_utf8(line + skip, length - skip);
    if (header.name && header.value &&
        parity_grow(&headers->items, &headers->capacity, headers->count + 1, sizeof header) == 0) {
        headers->items[headers->count++] = header;
        return 0;
    }
    parity_free(header.name);
    parity_free(header.value);
    return -1;
}

/* "HTTP/1.1 200 OK": a new response begins. */
static void begin(struct parity_http_exchange *exchange, const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);

    parity_headers_clear(&exchange->response->headers);
    exchange->head_complete = false;
    exchange->interim = space && (size_t)(space - line) + 1 < length && space[1] == '1';
}

size_t parity_http_receive_header(char *data, size_t size, size_t count, void *context)
{
    struct parity_http_exchange *exchange = context;
    size_t all = size * count, length = all;
    int rc = 0;

    exchange->head_bytes += all;
    if (exchange->head_bytes > MAX_HEAD_BYTES) {
        exchange->stopped = PARITY_HTTP_HEAD_TOO_LARGE;
        return 0;
    }
    while (length && is_blank(data[length - 1]))
        length--;
    if (exchange->head_complete && !exchange->interim)
        return all; /* trailers of a chunked body, which no SDK looks at */
    if (length > 5 && memcmp(data, "HTTP/", 5) == 0)
        begin(exchange, data, length);
    else if (length == 0)
        exchange->head_complete = true;
    else if (data[0] == ' ' || data[0] == '\t')
        rc = continue_header(&exchange->response->headers, data + strspn(data, " \t"),
                             length - strspn(data, " \t"));
    else
        rc = add_header(&exchange->response->headers, data, length);
    if (rc < 0) {
        exchange->stopped = PARITY_HTTP_NO_MEMORY;
        return 0;
    }
    return all;
}

/* Room for the whole body at once, when its length is known and believable. */
static void reserve_body(struct parity_http_exchange *exchange)
{
    const char *text = parity_headers_get(&exchange->response->headers, "Content-Length");
    unsigned long long length = text ? strtoull(text, NULL, 10) : 0;

    if (length > 4096 && length <= 64ULL << 20 && length <= exchange->max_body_bytes)
        parity_buffer_reserve(&exchange->response->body, (size_t)length);
}

size_t parity_http_receive_body(char *data, size_t size, size_t count, void *context)
{
    struct parity_http_exchange *exchange = context;
    struct parity_buffer *body = &exchange->response->body;
    size_t length = size * count;

    if (length > exchange->max_body_bytes - body->length) {
        exchange->stopped = PARITY_HTTP_BODY_TOO_LARGE;
        return 0;
    }
    if (body->length == 0)
        reserve_body(exchange);
    parity_buffer_add(body, data, length);
    if (body->failed) {
        exchange->stopped = PARITY_HTTP_NO_MEMORY;
        return 0;
    }
    return length;
}
