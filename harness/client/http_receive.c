/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/http_exchange.h"

enum { MAX_HEAD_BYTES = 256 * 1024 }; /* all header lines of a response together */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Text of a header as UTF-8: on the wire it is ISO-8859-1 (so Python's http.client, and with it
 * botocore, read it). Writes up to 2 * length + 1 bytes; returns the end, behind a NUL.
 */
static char *write_utf8(char *at, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= 0x80) {
            *at++ = (char)(0xC0 | byte >> 6);
            *at++ = (char)(0x80 | (byte & 0x3F));
        } else if (byte != 0) { /* NUL cannot be held by a C string; no header may contain it */
            *at++ = (char)byte;
        }
    }
    *at++ = '\0';
    return at;
}

/* A line that begins with a blank continues the value before it (RFC 9112, 5.2). */
static int continue_header(struct parity_headers *headers, const char *text, size_t length)
{
    struct parity_header *last = headers->count ? &headers->items[headers->count - 1] : NULL;
    size_t name_size, value_length;
    char *grown;

    if (!last)
        return 0;
    name_size = (size_t)(last->value - last->name);
    value_length = strlen(last->value);
    grown = parity_realloc(last->name, name_size + value_length + 2 * length + 2);
    if (!grown)
        return -1;
    last->name = grown;
    last->value = grown + name_size;
    last->value[value_length] = ' ';
    write_utf8(last->value + value_length + 1, text, length);
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
    if (parity_grow(&headers->items, &headers->capacity, headers->count + 1, sizeof header) < 0)
        return -1;
    header.name = parity_malloc(2 * length + 2);
    if (!header.name)
        return -1;
    header.value = write_utf8(header.name, line, (size_t)(colon - line));
    write_utf8(header.value, line + skip, length - skip);
    headers->items[headers->count++] = header;
    return 0;
}

/* One length, or the same one several times: "2" or "2, 2". */
static bool agrees(const char *lengths, const char *first)
{
    size_t length = strcspn(first, ", \t");

    for (; *lengths; lengths += strspn(lengths, ", \t")) {
        if (strcspn(lengths, ", \t") != length || strncmp(lengths, first, length) != 0)
            return false;
        lengths += length;
    }
    return true;
}

/*
 * libcurl takes the last length that it is told, other clients the first: where they differ, nobody
 * can say where the body ends (RFC 9112, 6.3).
 */
static bool lengths_differ(const struct parity_headers *headers)
{
    static const char name[] = "Content-Length";
    const char *first = parity_headers_get(headers, name);

    for (size_t i = 0; first && i < headers->count; i++)
        if (strcasecmp(headers->items[i].name, name) == 0 &&
            !agrees(headers->items[i].value, first))
            return true;
    return false;
}

/* "HTTP/1.1 200 OK": a new response begins. */
static void begin(struct parity_http_exchange *exchange, const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);

    parity_headers_clear(&exchange->response->headers);
    exchange->head_complete = false;
    exchange->interim = space && (size_t)(space - line) + 1 < length && space[1] == '1';
    exchange->response->status_code = 0;
    for (; space && space + 1 < line + length && isdigit((unsigned char)space[1]) &&
           exchange->response->status_code < 100;
         space++)
        exchange->response->status_code = exchange->response->status_code * 10 + space[1] - '0';
}

static int end_head(struct parity_http_exchange *exchange)
{
    exchange->head_complete = true;
    if (!lengths_differ(&exchange->response->headers))
        return 0;
    exchange->stopped = PARITY_HTTP_LENGTHS_DIFFER;
    return -1;
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
        return end_head(exchange) == 0 ? all : 0;
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

/* The length that is announced; 0: none. */
static unsigned long long announced_length(const struct parity_http_exchange *exchange)
{
    const char *text = parity_headers_get(&exchange->response->headers, "Content-Length");

    return text ? strtoull(text, NULL, 10) : 0;
}

/* Where the body goes, and room for the whole of it at once, when its length is known and
 * believable. Returns -1 if it is known to be too much. */
static int begin_body(struct parity_http_exchange *exchange)
{
    unsigned long long length = announced_length(exchange);
    int status = exchange->response->status_code;

    exchange->to_sink = exchange->sink && status >= 200 && status < 300;
    if (exchange->to_sink && exchange->sink->max_bytes)
        exchange->max_body_bytes = exchange->sink->max_bytes;
    if (length > exchange->max_body_bytes)
        return -1;
    if (!exchange->to_sink && length > 4096 && length <= 64ULL << 20)
        parity_buffer_reserve(&exchange->response->body, (size_t)length);
    return 0;
}

static void take(struct parity_http_exchange *exchange, const char *data, size_t length)
{
    struct parity_http_response *response = exchange->response;

    if (!exchange->to_sink) {
        parity_buffer_add(&response->body, data, length);
        if (response->body.failed)
            exchange->stopped = PARITY_HTTP_NO_MEMORY;
        return;
    }
    if (exchange->sink->take(data, length, response, exchange->sink->context, &exchange->failure) <
        0)
        exchange->stopped = PARITY_HTTP_OWN_FILE;
    response->passed_on += length;
}

size_t parity_http_receive_body(char *data, size_t size, size_t count, void *context)
{
    struct parity_http_exchange *exchange = context;
    size_t length = size * count;

    if ((exchange->body_bytes == 0 && begin_body(exchange) < 0) ||
        length > exchange->max_body_bytes - exchange->body_bytes)
        exchange->stopped = PARITY_HTTP_BODY_TOO_LARGE;
    else
        take(exchange, data, length);
    if (exchange->stopped != PARITY_HTTP_GOING_ON)
        return 0;
    exchange->body_bytes += length;
    return length;
}
