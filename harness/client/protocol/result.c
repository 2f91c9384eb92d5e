/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/result.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "client/protocol/protocol.h"

/* --- helpers -----------------------------------------------------------------------------------
 */

int parity_result_set(json_t *object, const char *name, json_t *value, struct parity_error *err)
{
    if (value && json_object_set_new_nocheck(object, name, value) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

json_t *parity_result_header_text(const char *value, size_t length)
{
    struct parity_buffer text = {0};
    char encoded[4];
    json_t *result;

    if (parity_utf8_is_valid(value, length))
        return json_stringn_nocheck(value, length);
    for (size_t i = 0; i < length; i++)
        parity_buffer_add(&text, encoded, parity_utf8_encode((unsigned char)value[i], encoded));
    result = text.failed ? NULL : json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return result;
}

static json_t *header_text(const char *value)
{
    return parity_result_header_text(value, strlen(value));
}

char *parity_result_header(const struct parity_http_response *response, const char *name,
                           struct parity_error *err)
{
    struct parity_buffer joined = {0};
    bool found = false;

    if (!parity_headers_get(&response->headers, name))
        return NULL; /* as most that a model knows of */
    for (size_t i = 0; i < response->headers.count; i++) {
        const struct parity_header *header = &response->headers.items[i];

        if (strcasecmp(header->name, name) != 0)
            continue;
        if (found)
            parity_buffer_add_text(&joined, ", ");
        parity_buffer_add_text(&joined, header->value);
        found = true;
    }
    if (joined.failed)
        parity_fail_nomem(err);
    return found ? parity_buffer_take(&joined) : NULL;
}

int parity_result_copy_header(struct parity_parse *parse, const char *header, const char *member)
{
    const char *value = parity_headers_get(&parse->response->headers, header);

    if (!value)
        return 0;
    return parity_result_set(parse->metadata, member, header_text(value), parse->err) < 0 ? -1 : 1;
}

const char *parity_http_status_text(int status)
{
    /* RFC 9110 and the registry of status codes, with the names Python's http.client has. */
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {300, "Multiple Choices"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {305, "Use Proxy"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Request Entity Too Large"},
        {414, "Request-URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Requested Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {418, "I'm a Teapot"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Entity"},
        {423, "Locked"},
        {424, "Failed Dependency"},
        {425, "Too Early"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {506, "Variant Also Negotiates"},
        {507, "Insufficient Storage"},
        {508, "Loop Detected"},
        {510, "Not Extended"},
        {511, "Network Authentication Required"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "";
}

int parity_result_status_error(struct parity_parse *parse)
{
    int status = parse->response->status_code;
    json_t *error = json_object();
    char code[16];

    snprintf(code, sizeof code, "%d", status);
    if (parity_result_set(parse->result, "Error", error, parse->err) < 0 ||
        parity_result_set(error, "Code", json_string(code), parse->err) < 0)
        return -1;
    return parity_result_set(error, "Message", json_string(parity_http_status_text(status)),
                             parse->err);
}

/* The beginning of a body in one line; what is no text shows as dots. */
static void describe_body(const struct parity_buffer *body, char *out, size_t size)
{
    size_t at = 0, used = 0;

    while (at < body->length && used + 5 < size && used < 120) {
        unsigned code_point;
        size_t length = parity_utf8_decode(body->data + at, body->length - at, &code_point);

        if (length == 0 || code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) {
            out[used++] = length ? ' ' : '.';
            at += length ? length : 1;
            continue;
        }
        memcpy(out + used, body->data + at, length);
        used += length;
        at += length;
    }
    out[used] = '\0';
}

void parity_result_fail(const struct parity_http_response *response, struct parity_error *err,
                        const char *reason)
{
    const char *type = parity_headers_get(&response->headers, "content-type");
    char body[160] = "an empty body", earlier[512] = "";

    if (!err || err->code == PARITY_E_NOMEM)
        return;
    if (err->code != PARITY_OK) {
        if (err->line)
            snprintf(earlier, sizeof earlier, ": %.400s (line %d, column %d)", err->message,
                     err->line, err->column);
        else
            snprintf(earlier, sizeof earlier, ": %.400s", err->message);
        parity_error_clear(err);
    }
    if (response->body.length)
        describe_body(&response->body, body, sizeof body);
    parity_fail(err, PARITY_E_RESPONSE, NULL, "%s%s; the response was %d %.80s: %s", reason,
                earlier, response->status_code, type ? type : "without a content type", body);
}

/* --- the flow ----------------------------------------------------------------------------------
 */

/* A proxy's or web server's own error page, in which no protocol's error can be found. */
static bool is_generic_error(const struct parity_http_response *response)
{
    const char *at = response->body.data;
    size_t left = response->body.length;

    if (response->status_code < 500)
        return false;
    while (left > 0 && isspace((unsigned char)*at)) {
        at++;
        left--;
    }
    return left == 0 || (left >= 6 && memcmp(at, "<html>", 6) == 0);
}

static int read_error(const struct parity_result_reader *reader, struct parity_parse *parse)
{
    const struct parity_service *service = parity_operation_service(parse->operation);
    const struct parity_shape *shape = NULL;
    const json_t *code;

    if (is_generic_error(parse->response))
        return parity_result_status_error(parse);
    if (reader->error(parse) < 0)
        return -1;
    code = json_object_get(json_object_get(parse->result, "Error"), "Code");
    if (json_is_object(code) || json_is_array(code)) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error's code is no text");
        return -1;
    }
    if (json_is_string(code))
        shape = parity_service_error_shape(service, json_string_value(code));
    return shape ? reader->error_members(parse, shape) : 0;
}

/* `name` in lower case, in `out`. */
static void add_lower(struct parity_buffer *out, const char *name)
{
    parity_buffer_add_text(out, name);
    for (size_t i = 0; i < out->length; i++)
        out->data[i] = (char)tolower((unsigned char)out->data[i]);
}

/* Fields of one name are one value, in the place of the first. */
static int join_header(struct parity_parse *parse, json_t *headers, const char *name)
{
    char *joined = parity_result_header(parse->response, name, parse->err);
    int rc = joined ? parity_result_set(headers, name, header_text(joined), parse->err) : -1;

    parity_free(joined);
    return rc;
}

static int add_header(struct parity_parse *parse, json_t *headers, const char *name,
                      const char *value)
{
    size_t before = json_object_size(headers);

    if (!parity_utf8_is_valid(name, strlen(name)))
        return 0; /* no name that an HTTP library would let through */
    if (parity_result_set(headers, name, header_text(value), parse->err) < 0)
        return -1;
    return json_object_size(headers) > before ? 0 : join_header(parse, headers, name);
}

static int add_headers(struct parity_parse *parse)
{
    json_t *headers = json_object();
    const struct parity_headers *list = &parse->response->headers;
    struct parity_buffer name = {0};
    int rc = parity_result_set(parse->metadata, "HTTPHeaders", headers, parse->err);

    for (size_t i = 0; i < list->count && rc == 0; i++) {
        parity_buffer_reset(&name);
        add_lower(&name, list->items[i].name);
        if (name.failed) {
            parity_fail_nomem(parse->err);
            rc = -1;
        } else {
            rc = add_header(parse, headers, name.data, list->items[i].value);
        }
    }
    parity_buffer_clear(&name);
    return rc;
}

static int finish(struct parity_parse *parse)
{
    if (parity_result_set(parse->metadata, "HTTPStatusCode",
                          json_integer(parse->response->status_code), parse->err) < 0 ||
        add_headers(parse) < 0)
        return -1;
    /* Last, whatever a body of that name said. */
    json_object_del(parse->result, "ResponseMetadata");
    return parity_result_set(parse->result, "ResponseMetadata", json_incref(parse->metadata),
                             parse->err);
}

int parity_protocol_parse(const struct parity_protocol *protocol,
                          const struct parity_operation *operation,
                          const struct parity_http_response *response,
                          struct parity_findings *findings, json_t **out, struct parity_error *err)
{
    struct parity_error local = {0};
    struct parity_parse parse = {operation,     response,           json_object(),
                                 json_object(), err ? err : &local, findings};
    int rc = -1;

    *out = NULL;
    if (!parse.result || !parse.metadata) {
        parity_fail_nomem(parse.err);
        goto out;
    }
    if (response->status_code >= 301)
        rc = read_error(protocol->reader, &parse);
    else
        rc = protocol->reader->output(&parse, parity_operation_output(operation));
    if (rc < 0) {
        parity_findings_explain(findings, NULL, parse.err);
        parity_result_fail(response, parse.err, "the response cannot be read");
        goto out;
    }
    rc = finish(&parse);
    if (findings && findings->failed) {
        parity_fail_nomem(parse.err);
        rc = -1;
    }
    if (rc == 0)
        *out = json_incref(parse.result);
out:
    json_decref(parse.result);
    json_decref(parse.metadata);
    return rc;
}
