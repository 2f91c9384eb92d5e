/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went over the wire, for reports:
 *
 *   {"request": {"method", "url", "headers": [[name, value], …], "body", "body_bytes"},
 *    "response": {"status_code", "headers", "body", "body_bytes"} or null,
 *    "duration_seconds"}
 *
 * A body is text, or typed bytes when it is no UTF-8; `body_bytes` is the length of the whole, of
 * which there may be less, and nothing where it went to a file. What signs or opens a session is
 * left out here; secrets in URLs and bodies are the reports' concern, which know whose they are.
 */
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/call.h"

static bool is_secret_header(const char *name)
{
    static const char *const names[] = {
        "Authorization",
        "Cookie",
        "Proxy-Authorization",
        "Set-Cookie",
        "x-amz-copy-source-server-side-encryption-customer-key",
        "x-amz-s3session-token",
        "X-Amz-Security-Token",
        "x-amz-server-side-encryption-customer-key",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static json_t *headers_json(const struct parity_headers *headers)
{
    json_t *list = json_array();

    for (size_t i = 0; i < headers->count; i++) {
        const struct parity_header *header = &headers->items[i];
        const char *value = is_secret_header(header->name) ? "<hidden>" : header->value;

        json_array_append_new(list, json_pack("[s, s]", header->name, value));
    }
    return list;
}

/* How much of a text to keep, so that its last character is whole. */
static size_t whole_characters(const char *text, size_t length)
{
    size_t end = length;

    while (end > 0 && length - end < 3 && ((unsigned char)text[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)text[end - 1] >= 0xC0)
        end--;
    return parity_utf8_is_valid(text, length) ? length : end;
}

/* @param bytes  the length of the whole, of which `body` may be the beginning */
static void set_body(json_t *message, const struct parity_buffer *body, uint64_t bytes, size_t most)
{
    size_t length = body->length < most ? body->length : most, text = length;
    json_t *value;

    if (length < bytes)
        text = whole_characters(body->data, length);
    if (length == 0)
        value = json_string("");
    else if (parity_utf8_is_valid(body->data, text))
        value = json_stringn_nocheck(body->data, text);
    else
        value = parity_json_bytes(body->data, length);
    json_object_set_new(message, "body", value);
    json_object_set_new(message, "body_bytes", json_integer((json_int_t)bytes));
}

static void set_request_body(json_t *message, const struct parity_http_request *request,
                             size_t most)
{
    struct parity_buffer beginning = {0};

    if (request->file)
        (void)parity_body_file_beginning(request->file, most, &beginning, NULL);
    set_body(message, request->file ? &beginning : &request->body, parity_http_body_length(request),
             most);
    parity_buffer_clear(&beginning);
}

json_t *parity_call_exchange(const struct parity_call *call,
                             const struct parity_http_response *response, double duration_s)
{
    size_t most = call->client->exchange_body_bytes;
    json_t *sent = json_pack("{s:s, s:s, s:o}", "method", call->request.method, "url",
                             call->request.url, "headers", headers_json(&call->request.headers));
    json_t *received = json_null();

    set_request_body(sent, &call->request, most);
    if (response) {
        received = json_pack("{s:i, s:o}", "status_code", response->status_code, "headers",
                             headers_json(&response->headers));
        set_body(received, &response->body, response->body.length + response->passed_on, most);
    }
    return json_pack("{s:o, s:o, s:f}", "request", sent, "response", received, "duration_seconds",
                     duration_s);
}
