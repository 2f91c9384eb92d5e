/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/http.h"

static void free_header(struct parity_header *header)
{
    parity_free(header->name);
}

static int make_header(struct parity_header *out, const char *name, const char *value)
{
    size_t name_size = strlen(name) + 1, value_size = strlen(value) + 1;

    out->name = parity_malloc(name_size + value_size);
    if (!out->name)
        return -1;
    out->value = out->name + name_size;
    memcpy(out->name, name, name_size);
    memcpy(out->value, value, value_size);
    return 0;
}

void parity_headers_clear(struct parity_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++)
        free_header(&headers->items[i]);
    parity_free(headers->items);
    memset(headers, 0, sizeof *headers);
}

int parity_headers_add(struct parity_headers *headers, const char *name, const char *value)
{
    struct parity_header header;

    if (parity_grow(&headers->items, &headers->capacity, headers->count + 1, sizeof header) < 0)
        return -1;
    if (make_header(&header, name, value) < 0)
        return -1;
    headers->items[headers->count++] = header;
    return 0;
}

/* The first letter, in which case differs by one bit, tells most names apart. */
static bool is_named(const struct parity_header *header, const char *name)
{
    return ((header->name[0] ^ name[0]) & ~0x20) == 0 && strcasecmp(header->name, name) == 0;
}

static size_t find_from(const struct parity_headers *headers, const char *name, size_t start)
{
    while (start < headers->count && !is_named(&headers->items[start], name))
        start++;
    return start;
}

static void remove_from(struct parity_headers *headers, const char *name, size_t start)
{
    size_t kept = start;

    for (size_t i = start; i < headers->count; i++) {
        if (is_named(&headers->items[i], name))
            free_header(&headers->items[i]);
        else
            headers->items[kept++] = headers->items[i];
    }
    headers->count = kept;
}

int parity_headers_set(struct parity_headers *headers, const char *name, const char *value)
{
    size_t at = find_from(headers, name, 0);
    struct parity_header header;

    if (at == headers->count)
        return parity_headers_add(headers, name, value);
    if (make_header(&header, name, value) < 0)
        return -1;
    /* Others go first: `name` and `value` may be borrowed from the field that is replaced. */
    remove_from(headers, header.name, at + 1);
    free_header(&headers->items[at]);
    headers->items[at] = header;
    return 0;
}

void parity_headers_remove(struct parity_headers *headers, const char *name)
{
    remove_from(headers, name, 0);
}

const char *parity_headers_get(const struct parity_headers *headers, const char *name)
{
    size_t at = find_from(headers, name, 0);

    return at < headers->count ? headers->items[at].value : NULL;
}

uint64_t parity_http_body_length(const struct parity_http_request *request)
{
    return request->file ? request->file->length : request->body.length;
}

void parity_http_request_clear(struct parity_http_request *request)
{
    parity_body_file_free(request->file);
    parity_free(request->method);
    parity_free(request->url);
    parity_headers_clear(&request->headers);
    parity_buffer_clear(&request->body);
    memset(request, 0, sizeof *request);
}

void parity_http_response_clear(struct parity_http_response *response)
{
    parity_headers_clear(&response->headers);
    parity_buffer_clear(&response->body);
    memset(response, 0, sizeof *response);
}
